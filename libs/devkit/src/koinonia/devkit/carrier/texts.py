"""Texts on their way, as the simulated carrier keeps them whatever language it was asked in."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

from koinonia.common import clock
from koinonia.devkit.carrier import segments

TELNYX = "telnyx"
PRICE_PER_PART = 51  # in ten-thousandths of a dollar


class Status(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNCONFIRMED = "unconfirmed"  # it arrived, and the network did not say so
    UNDELIVERED = "undelivered"  # the network did not deliver it
    FAILED = "failed"  # it never left


@dataclass(slots=True, kw_only=True)
class _Content:
    text: str
    media_urls: list[str]
    profile_id: str | None
    dialect: str = TELNYX
    received_at: str = field(default_factory=lambda: stamp())

    @property
    def kind(self) -> str:
        return "MMS" if self.media_urls else "SMS"

    @property
    def encoding(self) -> str | None:
        return None if self.media_urls else segments.encoding(self.text)

    @property
    def parts(self) -> int:
        return 1 if self.media_urls else segments.parts(self.text)


@dataclass(slots=True, kw_only=True)
class Text(_Content):
    """One text to one phone. ``dialect``: whose API it came by and is reported in."""

    sender: str
    to: str
    webhook_url: str | None
    id: str = field(default_factory=lambda: str(uuid4()))
    status: Status = Status.QUEUED
    code: str | None = None  # why it was not delivered
    sent_at: str | None = None
    completed_at: str | None = None

    @property
    def cost(self) -> str:
        return f"{PRICE_PER_PART * self.parts / 10_000:.4f}"


@dataclass(slots=True, kw_only=True)
class Inbound(_Content):
    """One text from a person."""

    sender: str  # the person
    to: str  # the number
    autoresponse: str | None  # STOP, START or HELP, if the carrier answered it
    id: str = field(default_factory=lambda: str(uuid4()))


def stamp() -> str:
    return clock.now().isoformat(timespec="milliseconds")
