"""What carriers report about a text: the truth, and all the trouble that the behaviour asks for.

Everything is rolled over phone, text and what is told, so that it is the same in whatever order
the texts come. What was told, and whether somebody took it, is kept with the text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from koinonia.devkit.carrier.reporting.dialects import Dialect, News, Oddities, Twist
from koinonia.devkit.carrier.reporting.reports import Reports
from koinonia.devkit.carrier.state.behaviour import Behaviour, Dice
from koinonia.devkit.carrier.state.ledger import Ledger
from koinonia.devkit.carrier.state.texts import Early, Status, Telling, Text

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
class Saying:
    """A text as it is told of on one occasion; the text goes on, what is told of it does not."""

    text: Text
    url: str
    occasion: str = ""

    @property
    def fate(self) -> tuple[str, ...]:
        return (*self.text.fate, self.text.status, self.occasion)


class Teller:
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
        """The answer to the call tells something too, if its caller comes to read it."""
        text.told.append(Telling(ANSWER, text.status, text.parts, text.cost))
        if self._happens("early", text):
            until_the_end = self._dice.roll("early until", *text.fate) < 0.5
            text.early = Early(FINALIZED if until_the_end else SENT)

    def asked(self, text: Text) -> None:
        """Somebody looked the text up."""
        text.told.append(Telling(LOOKUP, text.status, text.parts, text.cost))

    def pass_on(self, url: str | None, news: News | None, *fate: str) -> None:
        """What is not about a text of ours: an answer, an order."""
        twice = self._dice.happens(self._behaviour.duplicate_share, "duplicate", *fate)
        for _ in range(2 if twice else 1):
            self._reports.emit(url, news)

    def left(self, text: Text, url: str | None) -> None:
        if url and not self._happens("swap", text):
            self._tell(Saying(replace(text), url))

    def ended(self, text: Text, url: str | None) -> None:
        if not url:
            return
        truth = Saying(replace(text), url)
        arrived = text.status is Status.DELIVERED
        if arrived and self._happens("hasty_failure", text):
            self._tell(Saying(self._hasty(text), url, "hasty"))
            self._tell_late(truth)
        else:
            self._tell(truth)
        if arrived and self._happens("false_failure", text):
            self._tell_late(Saying(_undelivered(text), url, "false"))
        if text.sent_at and self._happens("swap", text):
            self._tell_late(Saying(_leaving(text), url, "swapped"))
        if text.sent_at and self._happens("regress", text):
            self._tell_late(Saying(_leaving(text), url, "regressed"))

    def _hasty(self, text: Text) -> Text:
        if self._dice.roll("hasty as", *text.fate) < 0.5:
            return replace(text, status=Status.UNCONFIRMED)
        return _undelivered(text)

    def _tell_late(self, saying: Saying) -> None:
        question = ("told late", *saying.fate)
        self._later(self._behaviour.late_seconds, self._tell, saying, question)

    def _tell(self, saying: Saying) -> None:
        if self._happens("drop", saying):
            self._ledger.reports["dropped"] += 1
            return
        self._say(saying)
        if self._happens("echo", saying):
            question = ("echo", *saying.fate)
            echo = replace(saying, occasion=f"{saying.occasion} echo")
            self._later(self._behaviour.late_seconds / 2, self._say, echo, question)
        if self._happens("unknown", saying):
            self._send(saying, self._unknown(saying), None)

    def _say(self, saying: Saying) -> None:
        dialect = self._dialects[saying.text.dialect]
        twists = self._twists(saying, dialect.oddities)
        news = self._rendered(dialect, saying.text, twists)
        if news is None:
            return
        telling = _telling(saying.text, news.event, twists, dialect.tells_cost)
        saying.text.told.append(telling)
        copies = 2 if self._happens("duplicate", saying) else 1
        for _ in range(copies):
            self._send(saying, news, telling)

    def _send(self, saying: Saying, news: News | None, telling: Telling | None) -> None:
        def now(_: None) -> None:
            self._reports.emit(saying.url, news, then)

        then = partial(_conclude, saying.text, telling) if telling else None
        if self._happens("late", saying):
            self._later(self._behaviour.late_seconds, now, None, ("late", *saying.fate))
        else:
            now(None)

    def _twists(self, saying: Saying, oddities: Oddities) -> list[Twist]:
        kinds = {
            "odd": oddities.odd,
            "odd_cost": oddities.costs,
            "illegible": oddities.illegible,
        }
        return [
            twists[int(self._dice.roll(f"which {kind}", *saying.fate) * len(twists))]
            for kind, twists in kinds.items()
            if twists and self._happens(kind, saying)
        ]

    def _unknown(self, saying: Saying) -> News | None:
        dialect = self._dialects[saying.text.dialect]
        twists = dialect.oddities.unknown
        twist = twists[int(self._dice.roll("which unknown", *saying.fate) * len(twists))]
        news = self._rendered(dialect, saying.text, [twist])
        return news and replace(news, event=UNKNOWN)

    def _rendered(self, dialect: Dialect, text: Text, twists: list[Twist]) -> News | None:
        tell = dialect.sent if text.status is Status.SENT else dialect.finished
        news = tell(text, twists)
        if news:
            self._ledger.oddities.update(f"{text.dialect}: {twist.name}" for twist in twists)
        return news

    def _happens(self, kind: str, about: Text | Saying) -> bool:
        share: float = getattr(self._behaviour, f"{kind}_share")
        return share > 0 and self._dice.happens(share, kind, *about.fate)


def _leaving(text: Text) -> Text:
    return replace(text, status=Status.SENT, completed_at=None, code=None)


def _undelivered(text: Text) -> Text:
    return replace(text, status=Status.UNDELIVERED, code="40008")


def _telling(text: Text, event: str, twists: list[Twist], tells_cost: bool) -> Telling:
    hidden = {name for twist in twists for name in twist.hides}
    return Telling(
        event,
        None if "status" in hidden else text.status,
        text.parts if tells_cost and "parts" not in hidden else None,
        text.cost if tells_cost and "cost" not in hidden else None,
    )


def _conclude(text: Text, telling: Telling, taken: bool) -> None:
    """One attempt to report is over."""
    telling.taken = telling.taken or taken or None
    if text.early and text.early.event in (SENT, telling.event):
        text.early.reported.set()
