"""Texts on their way, the same for every dialect."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from koinonia.common import clock
from koinonia.devkit.carrier.state import segments

PRICE_PER_PART = 51  # in ten-thousandths of a dollar


class Status(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNCONFIRMED = "unconfirmed"  # it arrived, and the network did not say so
    UNDELIVERED = "undelivered"  # the network did not deliver it
    FAILED = "failed"  # it never left


@dataclass(slots=True)
class Statement:
    """What the reader of one report can know of a text; None: it does not say, or not legibly."""

    event: str
    status: Status | None
    parts: int | None = None
    cost: str | None = None
    taken: bool | None = None  # None: nobody said whether it was

    def shown(self) -> "ShownStatement":
        return {
            "event": self.event,
            "status": self.status,
            "parts": self.parts,
            "cost": self.cost,
            "taken": self.taken,
        }


class ShownStatement(TypedDict):
    """A statement as JSON."""

    event: str
    status: str | None
    parts: int | None
    cost: str | None
    taken: bool | None


class ShownText(TypedDict):
    """A text as JSON: what is true, and what was reported. ``outcome`` is null on its way."""

    id: str
    carrier: str
    sender: str
    to: str
    key: str
    reference: dict[str, str]
    outcome: str | None
    code: str | None
    parts: int
    cost: str
    told: list[ShownStatement]


class ShownTexts(TypedDict):
    """All texts that were taken. ``pending``: what is still to happen by itself."""

    pending: int
    texts: list[ShownText]


@dataclass(slots=True)
class Early:
    """A call that is answered only when this event was reported."""

    event: str
    reported: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True, kw_only=True)
class _Content:
    text: str
    media_urls: list[str]
    profile_id: str | None
    dialect: str
    received_at: str = field(default_factory=lambda: stamp())

    @property
    def kind(self) -> str:
        return "MMS" if self.media_urls else "SMS"

    @property
    def encoding(self) -> str | None:
        return None if self.media_urls else segments.encoding(self.text)

    @property
    def basic_parts(self) -> int:
        return 1 if self.media_urls else segments.parts(self.text)


@dataclass(slots=True, kw_only=True)
class Text(_Content):
    """One text to one phone. ``dialect``: whose API it came by and is reported in."""

    sender: str
    to: str
    webhook_url: str | None
    id: str = field(default_factory=lambda: str(uuid4()))
    key: str = ""  # of idempotency
    status: Status = Status.QUEUED
    code: str | None = None  # why it was not delivered
    sent_at: str | None = None
    completed_at: str | None = None
    extra_parts: int = 0  # more than its characters ask for
    recounted: int = 0  # found at the end
    early: Early | None = None
    told: list[Statement] = field(default_factory=list)

    @property
    def fate(self) -> tuple[str, str]:
        """What dice are rolled over."""
        return self.to, self.text

    @property
    def parts(self) -> int:
        found_late = self.recounted if self.completed_at else 0
        return self.basic_parts + self.extra_parts + found_late

    @property
    def cost(self) -> str:
        return f"{PRICE_PER_PART * self.parts / 10_000:.4f}"

    @property
    def reference(self) -> dict[str, str]:
        """What the address for reports says about the text, such as whose it is."""
        query = parse_qs(urlsplit(self.webhook_url or "").query)
        return {name: values[0] for name, values in query.items()}

    def shown(self) -> ShownText:
        return {
            "id": self.id,
            "carrier": self.dialect,
            "sender": self.sender,
            "to": self.to,
            "key": self.key,
            "reference": self.reference,
            "outcome": self.status if self.completed_at else None,
            "code": self.code,
            "parts": self.parts,
            "cost": self.cost,
            "told": [statement.shown() for statement in self.told],
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Whom else a group text went to. ``to`` and ``cc`` name everybody, the number too; a carrier
    that does not mark it leaves that to be found out."""

    to: Sequence[str]
    cc: Sequence[str] = ()
    is_marked: bool = True

    @property
    def everybody(self) -> list[str]:
        return list(dict.fromkeys([*self.to, *self.cc]))


@dataclass(slots=True, kw_only=True)
class Inbound(_Content):
    """One text from a person."""

    sender: str  # the person
    to: str  # the number
    autoresponse: str | None  # STOP, START or HELP, if the carrier answered it
    media_types: list[str | None] = field(default_factory=list)  # what it says they are
    others: Group | None = None
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def kind(self) -> str:
        return "MMS" if self.media_urls or self.others else "SMS"

    @property
    def parts(self) -> int:
        return self.basic_parts


def stamp() -> str:
    return clock.now().isoformat(timespec="milliseconds")
