"""What truly happened, phone by phone. Tests and the demo compare with it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Receipt:
    """One text on the screen of one phone."""

    message_id: str
    sender: str
    text: str
    media_urls: list[str]
    at: str


@dataclass(slots=True)
class PhoneRecord:
    calls: int = 0  # send calls for this phone, refused and repeated ones too
    accepted: int = 0
    answered: list[str] = field(default_factory=list)  # what the person texted
    receipts: list[Receipt] = field(default_factory=list)


class Ledger:
    def __init__(self) -> None:
        self.phones: dict[str, PhoneRecord] = {}
        self.calls: Counter[str] = Counter()  # accepted, replayed, or the code of the refusal
        self.reports: Counter[str] = Counter()  # emitted by event type; attempts, delivered, lost
        self.oddities: Counter[str] = Counter()  # reports unlike the documentation, by carrier

    def called(self, phone: str, outcome: str) -> None:
        self.calls[str(outcome)] += 1  # JSON takes no member of an enum for a key
        record = self._record(phone)
        record.calls += 1
        record.accepted += outcome == "accepted"

    def received(self, phone: str, receipt: Receipt) -> None:
        self._record(phone).receipts.append(receipt)

    def answered(self, phone: str, text: str) -> None:
        self._record(phone).answered.append(text)

    def clear(self) -> None:
        self.phones.clear()
        self.calls.clear()
        self.reports.clear()
        self.oddities.clear()

    def totals(self) -> dict[str, object]:
        received = [len(record.receipts) for record in self.phones.values()]
        return {
            "calls": dict(self.calls),
            "reports": dict(self.reports),
            "oddities": dict(self.oddities),
            "received": sum(received),
            "phonesReached": sum(count > 0 for count in received),
            "answers": sum(len(record.answered) for record in self.phones.values()),
        }

    def summary(self) -> dict[str, object]:
        """Totals, and for each phone its counts."""
        phones = {phone: _counts(record) for phone, record in self.phones.items()}
        return {**self.totals(), "phones": phones}

    def _record(self, phone: str) -> PhoneRecord:
        return self.phones.setdefault(phone, PhoneRecord())


def _counts(record: PhoneRecord) -> dict[str, int]:
    return {
        "calls": record.calls,
        "accepted": record.accepted,
        "received": len(record.receipts),
        "answered": len(record.answered),
    }
