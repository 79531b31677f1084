"""One check for each promise, carrier against Koinonia. Each finding is a sentence with ids."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from koinonia.common.events.messaging import DeliveryStatus
from koinonia.devkit.carrier.verification.books import Books, Message, Row
from koinonia.devkit.carrier.verification.carried_texts import Carried

NEVER_CALLED = (DeliveryStatus.PENDING, DeliveryStatus.SKIPPED)
FREE = (DeliveryStatus.FAILED, DeliveryStatus.SKIPPED)
PAUSED = "paused"
OVER = ("completed", "declined", "cancelled")


@dataclass(frozen=True, slots=True)
class Check:
    promise: str
    looked_at: int
    wrong: list[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    carried: Sequence[Carried]
    books: Books

    def pairs(self) -> Iterator[tuple[Carried, Row]]:
        """Each text with its row, as far as there is one."""
        rows = {row.id: row for row in self.books.rows}
        for text in self.carried:
            if text.recipient in rows:
                yield text, rows[text.recipient]

    def by_message(self) -> dict[UUID, list[Row]]:
        grouped: dict[UUID, list[Row]] = defaultdict(list)
        for row in self.books.rows:
            grouped[row.message_id].append(row)
        return grouped


def all_checks(evidence: Evidence) -> list[Check]:
    """Every check. A system at work is behind: what is wrong now may be right a moment later."""
    return [
        Check(promise, looked_at(evidence), list(wrong(evidence)))
        for promise, looked_at, wrong in CHECKS
    ]


def sent_twice(evidence: Evidence) -> Iterator[str]:
    texts = Counter((row.message_id, text.to) for text, row in evidence.pairs())
    for (message_id, _), count in texts.items():
        if count > 1:
            yield f"message {message_id}: one phone has {count} texts"


def unaccounted(evidence: Evidence) -> Iterator[str]:
    known = {row.id for row in evidence.books.rows}
    for text in evidence.carried:
        if text.recipient not in known:
            yield f"text {text.id}: Koinonia has no recipient {text.recipient}"
    for text, row in evidence.pairs():
        if row.status in NEVER_CALLED:
            yield f"recipient {row.id}: {row.status}, yet the carrier took the text"
        elif row.carrier_message_id not in (None, text.id):
            yield f"recipient {row.id}: knows of another text than {text.id}"
        elif row.status is DeliveryStatus.SENDING and row.carrier_message_id is None:
            yield f"recipient {row.id}: still being sent, yet the carrier took the text"


def invented(evidence: Evidence) -> Iterator[str]:
    texts = {text.id for text in evidence.carried}
    for row in evidence.books.rows:
        if row.carrier_message_id is not None and row.carrier_message_id not in texts:
            yield f"recipient {row.id}: {row.status}, yet the carrier took no such text"


def in_doubt(evidence: Evidence) -> Iterator[str]:
    for text, row in evidence.pairs():
        if row.status not in text.statuses and row.status not in NEVER_CALLED:
            allowed = ", ".join(sorted(text.statuses))
            yield f"recipient {row.id}: {row.status} instead of {allowed}"


def gone_back(evidence: Evidence) -> Iterator[str]:
    for text, row in evidence.pairs():
        if row.status.rank < text.least.rank:
            yield f"recipient {row.id}: {row.status}, after {text.least} was taken"


def waiting(evidence: Evidence) -> Iterator[str]:
    unsettled = {row.id for text, row in evidence.pairs() if not text.is_settled}
    paused = {message.id for message in evidence.books.messages if message.status == PAUSED}
    for row in evidence.books.rows:
        if row.status.is_open and row.id not in unsettled and row.message_id not in paused:
            yield f"recipient {row.id}: {row.status} without a reason to wait"
    rows = evidence.by_message()
    for message in evidence.books.messages:
        is_open = any(row.status.is_open for row in rows[message.id])
        if not is_open and message.status not in OVER:
            yield f"message {message.id}: {message.status}, with nothing left to do"


def miscounted(evidence: Evidence) -> Iterator[str]:
    rows = evidence.by_message()
    for message in evidence.books.messages:
        counted = Counter(row.status for row in rows[message.id])
        if any(message.counts[status] != counted[status] for status in DeliveryStatus):
            yield f"message {message.id}: {_shown(message.counts)} counted, {_shown(counted)} rows"
        if message.total != len(rows[message.id]):
            yield f"message {message.id}: {len(rows[message.id])} rows of {message.total}"


def misbilled(evidence: Evidence) -> Iterator[str]:
    for text, row in evidence.pairs():
        right = {0} if row.status in FREE else text.possible_parts
        if row.parts is None and not row.carrier_message_id:
            right.add(0)  # nobody told whether it was taken
        elif row.parts is None:
            right.add(row.parts_estimated)
        if row.parts_billed not in right:
            yield f"recipient {row.id}: {row.parts_billed} parts billed instead of {_some(right)}"


def mispriced(evidence: Evidence) -> Iterator[str]:
    for text, row in evidence.pairs():
        if row.cost is not None and row.cost not in text.possible_costs:
            yield f"recipient {row.id}: costs {row.cost} instead of {_some(text.possible_costs)}"


def misadded(evidence: Evidence) -> Iterator[str]:
    rows = evidence.by_message()
    for message in evidence.books.messages:
        yield from _misadded(message, rows[message.id])
    for subscription in evidence.books.subscriptions:
        if subscription.used_parts != subscription.entered_parts:
            entered = f"{subscription.entered_parts} entered"
            yield f"church {subscription.church_id}: {subscription.used_parts} used, {entered}"


def _misadded(message: Message, rows: Iterable[Row]) -> Iterator[str]:
    parts = sum(row.parts_billed for row in rows)
    cost = sum((row.cost or Decimal(0) for row in rows), Decimal(0))
    figures = {
        "parts of the message": (message.parts_billed, parts),
        "parts in the ledger": (message.used_parts or 0, parts),
        "parts of the reservation": (message.consumed or 0, parts),
        "cost of the message": (message.cost, cost),
        "cost in the ledger": (message.used_cost or Decimal(0), cost),
    }
    for name, (figure, right) in figures.items():
        if figure != right:
            yield f"message {message.id}: {figure} {name} instead of {right}"
    if message.status in OVER and message.reservation == "open":
        yield f"message {message.id}: {message.status}, yet something is reserved"


def _texts(evidence: Evidence) -> int:
    return len(evidence.carried)


def _rows(evidence: Evidence) -> int:
    return len(evidence.books.rows)


def _messages(evidence: Evidence) -> int:
    return len(evidence.books.messages)


def _shown(counts: dict[DeliveryStatus, int] | Counter[DeliveryStatus]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(counts.items()) if count)


def _some(values: Iterable[object]) -> str:
    return " or ".join(sorted(map(str, values)))


CHECKS: Sequence[tuple[str, Callable[[Evidence], int], Callable[[Evidence], Iterator[str]]]] = (
    ("A phone has one text of a message", _texts, sent_twice),
    ("What the carrier took is accounted for", _texts, unaccounted),
    ("Nothing is accounted for that the carrier did not take", _rows, invented),
    ("A status is one that the truth allows", _texts, in_doubt),
    ("No status went back", _texts, gone_back),
    ("Nothing waits without a reason", _rows, waiting),
    ("The counters are those of the rows", _messages, miscounted),
    ("The parts billed are the carrier's", _texts, misbilled),
    ("The cost is the carrier's", _texts, mispriced),
    ("What is billed adds up", _messages, misadded),
)
