"""What every event is: a name that is its routing key, an id that makes it one of a kind, a church.

An event is declared once, by its owner, in three lines::

    class SpendApproved(Event, name="spend.approved"):
        message_id: UUID
        parts: int

Fields may be added when they are optional; a break is a new name (``delivery.updated_v2``).
"""

import os
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated, ClassVar, Protocol, Self, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializationInfo,
    ValidationInfo,
)
from pydantic.alias_generators import to_camel

REGISTRY: dict[str, type["Event"]] = {}
"""Every event class by name; a consumer decodes by it, the generated docs list it."""


_SEAL = "seal"  # the key in pydantic's context


class Seal(Protocol):
    """Seals what people write for the way from service to service, and opens it again."""

    def seal(self, text: str) -> str: ...

    def open(self, text: str) -> str:
        """Also a text that was never sealed, as it is. Raises ValueError for a broken one."""


def _sealed(text: str, info: SerializationInfo) -> str:
    seal: Seal | None = (info.context or {}).get(_SEAL)
    return seal.seal(text) if seal else text


def _opened(text: str, info: ValidationInfo) -> str:
    seal: Seal | None = (info.context or {}).get(_SEAL)
    return seal.open(text) if seal else text


SealedText = Annotated[
    str, PlainSerializer(_sealed, return_type=str, when_used="json"), AfterValidator(_opened)
]
"""What people write: plain in a process, sealed in the outbox and on the broker. Who reads an event
without the key sees the sealed form."""


def event_id() -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then randomness."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


class EventPart(BaseModel):
    """A value inside an event: camelCase on the wire, unknown fields ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore"
    )


class Event(EventPart):
    """The base of all events.

    ``church_id`` is None only where the sender cannot know it (a carrier's call). Two events with
    the same ``id`` are the same event: a listener applies it once.
    """

    name: ClassVar[str]
    owner: ClassVar[str]

    id: UUID = Field(default_factory=event_id)
    church_id: UUID | None = None
    occurred_at: datetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def carried(self) -> "Sequence[Event]":
        """What is applied and remembered of it, each by its own id: itself."""
        return (self,)

    def to_wire(self, seal: Seal | None = None) -> str:
        """As it is stored and sent; without ``seal`` its texts are plain."""
        return self.model_dump_json(by_alias=True, context={_SEAL: seal})

    @classmethod
    def from_wire(cls, body: bytes | str, seal: Seal | None = None) -> Self:
        """Raises pydantic's ValidationError."""
        return cls.model_validate_json(body, context={_SEAL: seal})

    def __init_subclass__(cls, *, name: str | None = None) -> None:
        super().__init_subclass__()
        if name is None:  # a base, not an event of its own
            return
        if name in REGISTRY:
            raise TypeError(f"two events are named {name}: {cls!r} and {REGISTRY[name]!r}")
        cls.name = name
        cls.owner = cls.__module__.rpartition(".")[2]
        REGISTRY[name] = cls


class Bundle(Event):
    """Events of one kind, ``holds``, that travel as one message to save the way of each::

        class CarrierStatusesReported(Bundle, name="carrier.statuses_reported"):
            holds = CarrierStatusReported
            events: tuple[CarrierStatusReported, ...]

    A listener applies and remembers each of them by itself, and one that fails leaves the others
    alone. The kind by itself goes on being an event of its own: one alone is sent as that.
    """

    holds: ClassVar[type[Event]]

    @property
    def carried(self) -> Sequence[Event]:
        events: Sequence[Event] = self.__dict__["events"]
        return events


class ChurchEvent(Event):
    """An event of one church; the church is known and required."""

    church_id: UUID


OfChurch = TypeVar("OfChurch", bound=ChurchEvent)


def by_church(events: Iterable[OfChurch]) -> Sequence[tuple[UUID, list[OfChurch]]]:
    """The events of a batch, each church's together, in the order they have.

    The churches come in the order of their ids, so that two transactions that lock something of
    each church never wait for one another in a circle.
    """
    ordered = sorted(events, key=_church)
    return [(church_id, list(own)) for church_id, own in groupby(ordered, key=_church)]


def _church(event: ChurchEvent) -> UUID:
    return event.church_id
