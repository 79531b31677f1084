"""Every sum of the demo, done again from what the phones received."""

from dataclasses import dataclass, field
from typing import Any

STATUSES = ("pending", "sending", "sent", "delivered", "failed", "unconfirmed", "skipped")


@dataclass
class Sums:
    """Claims about the run; those that do not hold are shown and make the demo fail."""

    claims: list[tuple[str, bool]] = field(default_factory=list)

    def claim(self, sentence: str, found: object, expected: object) -> None:
        """Note that ``found`` should equal ``expected``."""
        holds = found == expected
        told = sentence if holds else f"{sentence}: found {found}, expected {expected}"
        self.claims.append((told, holds))

    @property
    def hold(self) -> bool:
        return all(holds for _, holds in self.claims)


@dataclass(frozen=True)
class Sending:
    """One message to everybody: its final state, who was meant, and what the carrier took."""

    message: Any
    meant: frozenset[str]
    taken: dict[str, int]  # by phone, from before the message to after it


def check_import(sums: Sums, result: Any, rows: int, unusable: int) -> None:
    outcomes = [result[name] for name in ("created", "updated", "skipped", "failed")]
    sums.claim(f"the import accounts for each of its {rows} rows", sum(outcomes), rows)
    sums.claim("each row has an outcome", len(result["rows"]), rows)
    sums.claim(f"the {unusable} bad rows were refused", result["failed"], unusable)


def check_sending(sums: Sums, name: str, sending: Sending) -> None:
    counts, total = sending.message["counts"], sending.message["totalRecipients"]
    sums.claim(f"{name}: its counts add up to its recipients", sum(counts.values()), total)
    sums.claim(f"{name}: nothing is open", sending.message["status"], "completed")
    sums.claim(f"{name}: everybody meant, and nobody else", total, len(sending.meant))
    texts = {phone: count for phone, count in sending.taken.items() if count}
    once = dict.fromkeys(sending.meant, 1)
    sums.claim(f"{name}: the carrier took one text for each phone", texts == once, True)


def check_bill(sums: Sums, before: Any, after: Any, parts: int) -> None:
    used = after["used"] - before["used"]
    sums.claim("the plan was charged the parts that were sent", used, parts)
    sums.claim("nothing stays reserved", after["reserved"], 0)


def check_dashboard(sums: Sums, before: Any, after: Any, sendings: list[Sending]) -> None:
    sums.claim("the dashboard counts both messages", after["messages"] - before["messages"], 2)
    for status in STATUSES:
        sent = sum(sending.message["counts"][status] for sending in sendings)
        shown = after["recipientsByStatus"][status] - before["recipientsByStatus"][status]
        if sent or shown:
            sums.claim(f"the dashboard agrees on {status}", shown, sent)
