"""The simulated carrier itself: what it knows, and a text's way to a phone and back.

A text is accepted, leaves (``message.sent``), arrives or does not (``message.finalized``), and its
reader may answer (``message.received``). Every turn of that way is a roll of the dice over phone
and text, so the same seed and the same texts have the same fate in whatever order they come.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from koinonia.devkit.carrier.reporting.dialects import Dialect
from koinonia.devkit.carrier.reporting.reporter import Reporter
from koinonia.devkit.carrier.reporting.reports import Reports
from koinonia.devkit.carrier.state import people, refusals
from koinonia.devkit.carrier.state.behaviour import Behaviour, Dice
from koinonia.devkit.carrier.state.ledger import Ledger, Receipt
from koinonia.devkit.carrier.state.media import Media
from koinonia.devkit.carrier.state.numbers import Numbers, Order
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.state.texts import Group, Inbound, Status, Text, stamp

T = TypeVar("T")


class Network:
    """All state of the simulated carriers, which speak ``dialects``."""

    def __init__(self, dialects: Iterable[Dialect], seed: int = 0) -> None:
        self.behaviour = Behaviour()
        self.dice = Dice(seed)
        self.ledger = Ledger()
        self.media = Media()
        self.numbers = Numbers()
        self.texts: dict[str, Text] = {}
        self.blocks: set[tuple[str, str]] = set()  # (profile or number, phone) after a STOP
        self.answers: dict[
            tuple[str, str], tuple[bytes, bytes]
        ] = {}  # (path, key): request, answer
        self.attempts: Counter[str] = Counter()
        self.under_way = 0
        self.dialects = {dialect.name: dialect for dialect in dialects}
        self.reports = Reports(self.behaviour, self.ledger)
        self.reporter = Reporter(
            self.behaviour, self.dice, self.ledger, self.reports, self.dialects, self._later
        )

    @property
    def pending(self) -> int:
        """What is still to happen by itself: texts and answers on their way, reports to deliver."""
        return self.under_way + self.reports.pending

    def forget(self) -> None:
        """Back to the first minute, the seed and the signing key apart."""
        self.behaviour.turn(_knobs(Behaviour()))
        self.ledger.clear()
        self.media.clear()
        self.numbers = Numbers()
        self.under_way = 0
        for memory in (self.texts, self.blocks, self.answers, self.attempts):
            memory.clear()
        self.reports.clear()

    def accept(self, text: Text) -> None:
        """Take a text; from here on it travels by itself."""
        self.texts[text.id] = text
        happens, shares = self.dice.happens, self.behaviour
        text.extra_parts = int(happens(shares.extra_part_share, "extra part", *text.fate))
        text.recounted = int(happens(shares.recount_share, "recount", *text.fate))
        self.reporter.accepted(text)
        pause = 0.0 if text.early else self.behaviour.sent_after
        self._later(pause, self._leave, text, ("sent", *text.fate))

    def arrive_in_group(
        self, phone: str, group: Group, words: str, media: list[str]
    ) -> list[str | None]:
        """A person texts several numbers at once. Each of ours is told by itself; returns the
        keyword answered for each."""
        ours = [number for number in group.everybody if number in self.numbers.owned]
        if not ours:
            raise Refused("10005", "Nobody owns a number of this group.")
        return [self.arrive_from(phone, number, words, media, group) for number in ours]

    def arrive_from(
        self, phone: str, number: str, words: str, media: list[str], others: Group | None = None
    ) -> str | None:
        """A person texts one of our numbers. Returns the keyword the carrier answered, if any."""
        order = self.numbers.owned.get(number)
        if order is None:
            raise Refused("10005", f"Nobody owns the number {number}.")
        dialect = self.dialects[order.dialect]
        autoresponse = people.keyword(words, dialect.keywords)
        if autoresponse == "STOP":
            self.blocks.add((order.scope, phone))
        elif autoresponse == "START":
            self.blocks.discard((order.scope, phone))
        self.ledger.answered(phone, words)
        text = Inbound(
            sender=phone,
            to=number,
            text=words,
            media_urls=media,
            media_types=[self.media.declared(url) for url in media],
            profile_id=order.profile_id,
            dialect=order.dialect,
            autoresponse=autoresponse,
            others=others,
        )
        url = self.numbers.webhook_url(order.profile_id)
        self.reporter.pass_on(url, dialect.received(text), "received", phone, words)
        return autoresponse

    def activate(self, order: Order) -> None:
        """The ordered number is ready after a while; at once where that takes no time."""
        if self.behaviour.order_seconds:
            self._later(self.behaviour.order_seconds, self._activated, order, ("order", order.id))
        else:
            self._activated(order)

    def _activated(self, order: Order) -> None:
        order.status = "success"
        url = self.numbers.webhook_url(order.profile_id)
        notification = self.dialects[order.dialect].ordered(order)
        self.reporter.pass_on(url, notification, "ordered", order.phone_number)

    def _leave(self, text: Text) -> None:
        fate = self._fate(text)
        if fate == refusals.EXPIRED_IN_QUEUE:
            return self._finish(text, Status.FAILED, fate)
        text.status, text.sent_at = Status.SENT, stamp()
        self.reporter.left(text, self._url(text))
        question = ("final", *text.fate)
        self._later(self.behaviour.final_after, lambda text: self._end(text, fate), text, question)
        return None

    def _end(self, text: Text, fate: str) -> None:
        if fate not in (Status.DELIVERED, Status.UNCONFIRMED):
            return self._finish(text, Status.UNDELIVERED, fate)
        receipt = Receipt(text.id, text.sender, text.text, text.media_urls, stamp())
        self.ledger.received(text.to, receipt)
        self._finish(text, Status(fate))
        return self._let_answer(text)

    def _finish(self, text: Text, status: Status, code: str | None = None) -> None:
        text.status, text.completed_at, text.code = status, stamp(), code
        self.reporter.ended(text, self._url(text))

    def _let_answer(self, text: Text) -> None:
        words = people.answer(self.behaviour, self.dice, text.to, text.text)
        if words is not None:
            question = ("answer", *text.fate)
            self._later(self.behaviour.answer_after, self._answer, (text, words), question)

    def _answer(self, answer: tuple[Text, str]) -> None:
        text, words = answer
        if text.sender in self.numbers.owned:
            self.arrive_from(text.to, text.sender, words, [])

    def _fate(self, text: Text) -> str:
        """``delivered``, ``unconfirmed`` or the code of an error."""
        behaviour, dice, question = self.behaviour, self.dice, text.fate
        scripted = behaviour.outcomes.get(text.to)
        if scripted:
            return scripted
        if dice.happens(behaviour.fail_share, "fail", *question):
            if dice.happens(behaviour.strange_failure_share, "strange failure", *question):
                return refusals.STRANGE
            if dice.happens(behaviour.stop_failure_share, "stop failure", *question):
                return refusals.STOPPED
            usual = refusals.USUAL_FAILURES
            return usual[int(dice.roll("why", *question) * len(usual))]
        silent = dice.happens(behaviour.unconfirmed_share, "unconfirmed", *question)
        return "unconfirmed" if silent else "delivered"

    def _url(self, text: Text) -> str | None:
        return text.webhook_url or self.numbers.webhook_url(text.profile_id)

    def _later(
        self, seconds: float, then: Callable[[T], None], subject: T, question: tuple[str, ...]
    ) -> None:
        self.under_way += 1
        pause = self.dice.spread(seconds * self.behaviour.clock, *question)
        asyncio.get_running_loop().call_later(pause, self._now, then, subject, self.numbers)

    def _now(self, then: Callable[[T], None], subject: T, world: Numbers) -> None:
        if world is self.numbers:  # nothing of an earlier life happens after ``forget``
            self.under_way -= 1
            then(subject)


def _knobs(behaviour: Behaviour) -> dict[str, object]:
    return {name: getattr(behaviour, name) for name in behaviour.__slots__}
