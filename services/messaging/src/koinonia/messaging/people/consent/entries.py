"""Entries of the ledger of consent: who said what, how and when."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from koinonia.common import db
from koinonia.common.events import messaging

ConsentMethod = messaging.ConsentMethod


class ConsentState(StrEnum):
    """What is known of a phone; ``revoked`` is opted out, ``none`` is nothing."""

    GRANTED = "granted"
    REVOKED = "revoked"
    NONE = "none"


class ConsentKind(StrEnum):
    GRANTED = "granted"
    REVOKED = "revoked"
    CONFIRMED = "confirmed"  # the phone itself says yes to what others said for it
    ASKED = "asked"  # a text that may ask to stop; it decides nothing by itself
    KEPT = "kept"  # staff: that text was an ordinary answer
    ANNULLED = "annulled"  # an entry that was a mistake, its event_id, counts no more

    @property
    def decides(self) -> bool:
        return self not in (ConsentKind.ASKED, ConsentKind.KEPT, ConsentKind.ANNULLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the ledger. ``words`` and ``note`` are sealed."""

    phone_index: str
    phone_sealed: str = field(repr=False)
    kind: ConsentKind
    method: ConsentMethod
    at: datetime
    scope: UUID | None = None  # a group; None is everything
    words: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)
    event_id: UUID | None = None
    message_id: UUID | None = None
    answer_id: UUID | None = None
    actor_id: UUID | None = None
    address: str | None = None
    by_carrier: bool = False  # the carrier acted on it, too
    is_lift: bool = False  # staff take back what staff recorded
    id: UUID = field(default_factory=db.uuid7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A statement of whoever enters a phone that its owner agreed to be texted."""

    method: ConsentMethod
    words: str | None = None  # sealed
    actor_id: UUID | None = None
    address: str | None = None
