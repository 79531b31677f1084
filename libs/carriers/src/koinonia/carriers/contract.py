"""What every carrier can do, and the values that go in and come out.

Calls to a carrier go through :class:`Carrier`; it answers with the dataclasses below or raises
:class:`~koinonia.carriers.failures.CarrierFailure`. What the carrier calls us with goes through
``verify`` and then ``parse``. Phones and texts are left out of every ``repr``: it may be logged.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from koinonia.carriers.failures import Failure
from koinonia.common.errors import Invalid, Unauthorized
from koinonia.common.events.messaging import DeliveryStatus


class BadSignature(Unauthorized):
    code = "BAD_SIGNATURE"
    message = "The signature of this call is missing, wrong or too old. Sign it and send it again."


class Malformed(Invalid):
    code = "MALFORMED_REPORT"
    message = "The body of this call holds no event. Send it as the carrier documents it."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingText:
    """One text to one phone. Equal values make byte-for-byte equal calls."""

    recipient_id: UUID  # the carrier's idempotency key derives from it
    church_id: UUID
    sender: str  # our number, E.164
    to: str = field(repr=False)  # E.164
    text: str = field(repr=False)
    media_urls: Sequence[str] = ()
    report_url: str  # where the carrier reports about this text
    profile_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The carrier took the text. ``status`` is ``sending`` until a report says more."""

    carrier_message_id: str
    status: DeliveryStatus
    parts: int | None = None
    cost: Decimal | None = None  # USD


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parsed:
    carrier_event_id: str  # the same for a redelivered call
    occurred_at: datetime  # aware, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport(_Parsed):
    """What became of one text of ours."""

    carrier_message_id: str
    status: DeliveryStatus
    sender: str | None = None  # our number
    parts: int | None = None
    cost: Decimal | None = None  # USD
    failure: Failure | None = None  # set when ``status`` is failed
    failure_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundText(_Parsed):
    """A person texted one of our numbers. ``occurred_at`` is when the carrier received it."""

    carrier_message_id: str
    sender: str = field(repr=False)  # usually E.164; short codes and names occur
    to: str = field(repr=False)  # our number; of a group text it may be somebody else's
    is_named: bool = True  # the carrier says that ``to`` is ours
    group: tuple[str, ...] = field(default=(), repr=False)  # all numbers that a group text went to
    text: str = field(repr=False)  # may be empty
    media_urls: tuple[str, ...] = field(default=(), repr=False)
    media_types: tuple[str | None, ...] = ()  # of the files in their order, as the carrier says
    opt_out_type: str | None = None  # STOP, START, HELP: matched and answered by the carrier


class OrderStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOrder:
    order_id: str
    status: OrderStatus
    phone_number: str | None
    carrier_number_id: str | None = None
    reference: str | None = None  # ours, as given to ``order``


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOrderReport(_Parsed):
    """An order for a number changed."""

    order: NumberOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(_Parsed):
    """A genuine call that we do not understand. Keep the raw body and answer 200."""

    event_type: str
    reason: str


Parsed = StatusReport | InboundText | NumberOrderReport | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailableNumber:
    phone_number: str  # E.164
    monthly_cost: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A church's own numbers at the carrier: a STOP applies to all of them, and to no others."""

    profile_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNumber:
    """A number that our account holds, and how it is connected."""

    number_id: str  # the carrier's own; another one after every purchase
    phone_number: str = field(repr=False)
    profile_id: str | None = None
    church_id: UUID | None = None  # whose profile that is, by its name
    texts_url: str | None = None  # where the carrier passes on what is texted to the number


Turn = Callable[[], Awaitable[None]]
"""Waits until one more call may be made."""


class Carrier(Protocol):
    """A phone network we send through. Calls to it raise ``CarrierFailure``, and never retry."""

    @property
    def name(self) -> str: ...

    @property
    def is_repeatable(self) -> bool:
        """Whether the identical ``send`` may be repeated and has one effect, for 24 hours."""
        ...

    async def send(self, text: OutgoingText) -> Accepted:
        """Hand over one text. After an ambiguous failure only a repeatable carrier may be asked
        again; with another the text is ``unconfirmed`` until a report decides."""
        ...

    def verify(self, raw: bytes, headers: Mapping[str, str], now: float, *, url: str = "") -> None:
        """Raise ``BadSignature`` unless this call is the carrier's own.

        ``raw`` is the untouched body, ``now`` unix seconds, ``url`` the address that was called
        (some carriers sign it).
        """
        ...

    def parse(self, raw: bytes) -> list[Parsed]:
        """Read a verified call. Raises ``Malformed`` and nothing else."""
        ...

    async def retrieve(self, carrier_message_id: str) -> StatusReport:
        """What the carrier knows of a text now, for one whose reports never came."""
        ...

    async def look_up(self, text: OutgoingText, after: datetime) -> StatusReport | None:
        """What became of a call, made ``after`` that time, whose answer got lost; None where the
        carrier cannot tell, or knows several texts that it may have been."""
        ...

    async def ensure_profile(self, church_id: UUID, name: str, webhook_url: str) -> Profile:
        """The church's profile, created or corrected when necessary."""
        ...

    async def search(self, area_code: str, limit: int) -> list[AvailableNumber]:
        """Numbers on offer; empty when there are none."""
        ...

    async def order(self, phone_number: str, profile_id: str, reference: str) -> NumberOrder:
        """Buy a number once per ``reference``: the same reference returns the same order."""
        ...

    async def order_status(self, order_id: str) -> NumberOrder: ...

    async def give_back(self, phone_number: str) -> None:
        """Give up a number; one that is not ours (any more) is given back already."""
        ...

    def held_numbers(self, turn: Turn) -> AsyncIterator[HeldNumber]:
        """All numbers of the account, in as few calls as the carrier allows, each after a ``turn``.
        A list that changes while it is read may lack one: ask ``held_number`` before believing
        that a number is gone."""
        ...

    async def held_number(self, phone_number: str, profile_id: str | None) -> HeldNumber | None:
        """The number, if the account holds it. ``profile_id`` is where it should be: a carrier that
        cannot tell in which profile a number is answers whether it is in this one."""
        ...

    async def connect(self, number: HeldNumber, profile_id: str) -> None:
        """Put the number into the profile; again, it changes nothing. Raises ``not_found`` when
        ``number_id`` is no longer the account's."""
        ...
