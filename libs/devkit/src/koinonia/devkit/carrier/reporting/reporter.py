"""What carriers report about a text: the truth, and all the trouble that the behaviour asks for.

Everything is rolled over phone, text and what is reported, so that it is the same in whatever order
the texts come. What was reported, and whether somebody took it, is kept with the text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from koinonia.devkit.carrier.reporting.dialects import Dialect, Notification, Oddities, Twist
from koinonia.devkit.carrier.reporting.reports import Reports
from koinonia.devkit.carrier.state.behaviour import Behaviour, Dice
from koinonia.devkit.carrier.state.ledger import Ledger
from koinonia.devkit.carrier.state.texts import Early, Statement, Status, Text

ANSWER, LOOKUP = "answer", "lookup"
SENT, FINALIZED, UNKNOWN = "message.sent", "message.finalized", "unknown"

T = TypeVar("T")


class Later(Protocol):
    """How time passes in the network."""

    def __call__(
        self, seconds: float, then: Callable[[T], None], subject: T, question: tuple[str, ...], /
    ) -> None:
        """Call ``then`` with ``subject``; the delay is rolled over ``question``."""
        ...


@dataclass(frozen=True, slots=True)
class Occasion:
    """One report about a text. ``text`` is a copy: the text itself changes, the report does not."""

    text: Text
    url: str
    name: str = ""

    @property
    def fate(self) -> tuple[str, ...]:
        return (*self.text.fate, self.text.status, self.name)


class Reporter:
    """Reports about texts."""

    def __init__(
        self,
        behaviour: Behaviour,
        dice: Dice,
        ledger: Ledger,
        reports: Reports,
        dialects: Mapping[str, Dialect],
        later: Later,
    ) -> None:
        self._behaviour = behaviour
        self._dice = dice
        self._ledger = ledger
        self._reports = reports
        self._dialects = dialects
        self._later = later

    def accepted(self, text: Text) -> None:
        """The answer to the call is a statement too, if its caller comes to read it."""
        text.told.append(Statement(ANSWER, text.status, text.parts, text.cost))
        if self._happens("early", text):
            until_the_end = self._dice.roll("early until", *text.fate) < 0.5
            text.early = Early(FINALIZED if until_the_end else SENT)

    def asked(self, text: Text) -> None:
        """Record that somebody looked the text up."""
        text.told.append(Statement(LOOKUP, text.status, text.parts, text.cost))

    def pass_on(self, url: str | None, notification: Notification | None, *fate: str) -> None:
        """Report what is not about a sent text: an answer, an order."""
        twice = self._dice.happens(self._behaviour.duplicate_share, "duplicate", *fate)
        for _ in range(2 if twice else 1):
            self._reports.emit(url, notification)

    def left(self, text: Text, url: str | None) -> None:
        if url and not self._happens("swap", text):
            self._report(Occasion(replace(text), url))

    def ended(self, text: Text, url: str | None) -> None:
        if not url:
            return
        truth = Occasion(replace(text), url)
        arrived = text.status is Status.DELIVERED
        if arrived and self._happens("hasty_failure", text):
            self._report(Occasion(self._hasty(text), url, "hasty"))
            self._report_late(truth)
        else:
            self._report(truth)
        if arrived and self._happens("false_failure", text):
            self._report_late(Occasion(_undelivered(text), url, "false"))
        if text.sent_at and self._happens("swap", text):
            self._report_late(Occasion(_leaving(text), url, "swapped"))
        if text.sent_at and self._happens("regress", text):
            self._report_late(Occasion(_leaving(text), url, "regressed"))

    def _hasty(self, text: Text) -> Text:
        if self._dice.roll("hasty as", *text.fate) < 0.5:
            return replace(text, status=Status.UNCONFIRMED)
        return _undelivered(text)

    def _report_late(self, occasion: Occasion) -> None:
        question = ("told late", *occasion.fate)
        self._later(self._behaviour.late_seconds, self._report, occasion, question)

    def _report(self, occasion: Occasion) -> None:
        if self._happens("drop", occasion):
            self._ledger.reports["dropped"] += 1
            return
        self._report_once(occasion)
        if self._happens("echo", occasion):
            question = ("echo", *occasion.fate)
            echo = replace(occasion, name=f"{occasion.name} echo")
            self._later(self._behaviour.late_seconds / 2, self._report_once, echo, question)
        if self._happens("unknown", occasion):
            self._send(occasion, self._unknown(occasion), None)

    def _report_once(self, occasion: Occasion) -> None:
        dialect = self._dialects[occasion.text.dialect]
        twists = self._twists(occasion, dialect.oddities)
        notification = self._rendered(dialect, occasion.text, twists)
        if notification is None:
            return
        statement = _statement(occasion.text, notification.event, twists, dialect.tells_cost)
        occasion.text.told.append(statement)
        copies = 2 if self._happens("duplicate", occasion) else 1
        for _ in range(copies):
            self._send(occasion, notification, statement)

    def _send(
        self, occasion: Occasion, notification: Notification | None, statement: Statement | None
    ) -> None:
        def now(_: None) -> None:
            self._reports.emit(occasion.url, notification, then)

        then = partial(_conclude, occasion.text, statement) if statement else None
        if self._happens("late", occasion):
            self._later(self._behaviour.late_seconds, now, None, ("late", *occasion.fate))
        else:
            now(None)

    def _twists(self, occasion: Occasion, oddities: Oddities) -> list[Twist]:
        kinds = {
            "odd": oddities.odd,
            "odd_cost": oddities.costs,
            "illegible": oddities.illegible,
        }
        return [
            twists[int(self._dice.roll(f"which {kind}", *occasion.fate) * len(twists))]
            for kind, twists in kinds.items()
            if twists and self._happens(kind, occasion)
        ]

    def _unknown(self, occasion: Occasion) -> Notification | None:
        dialect = self._dialects[occasion.text.dialect]
        twists = dialect.oddities.unknown
        twist = twists[int(self._dice.roll("which unknown", *occasion.fate) * len(twists))]
        notification = self._rendered(dialect, occasion.text, [twist])
        return notification and replace(notification, event=UNKNOWN)

    def _rendered(self, dialect: Dialect, text: Text, twists: list[Twist]) -> Notification | None:
        tell = dialect.sent if text.status is Status.SENT else dialect.finished
        notification = tell(text, twists)
        if notification:
            self._ledger.oddities.update(f"{text.dialect}: {twist.name}" for twist in twists)
        return notification

    def _happens(self, kind: str, about: Text | Occasion) -> bool:
        share: float = getattr(self._behaviour, f"{kind}_share")
        return share > 0 and self._dice.happens(share, kind, *about.fate)


def _leaving(text: Text) -> Text:
    return replace(text, status=Status.SENT, completed_at=None, code=None)


def _undelivered(text: Text) -> Text:
    return replace(text, status=Status.UNDELIVERED, code="40008")


def _statement(text: Text, event: str, twists: list[Twist], tells_cost: bool) -> Statement:
    hidden = {name for twist in twists for name in twist.hides}
    return Statement(
        event,
        None if "status" in hidden else text.status,
        text.parts if tells_cost and "parts" not in hidden else None,
        text.cost if tells_cost and "cost" not in hidden else None,
    )


def _conclude(text: Text, statement: Statement, taken: bool) -> None:
    """One attempt to report is over."""
    statement.taken = statement.taken or taken or None
    if text.early and text.early.event in (SENT, statement.event):
        text.early.reported.set()
