"""The message around an event.

``message_id`` is the event's id, ``type`` its name, ``app_id`` the sending service; the headers
are ``traceparent``, ``church_id`` and ``attempt`` (0 for the first); the body is camelCase JSON.
An event that failed also says ``listener``, ``handler``, ``reason`` and ``failed_at``.
"""

from dataclasses import dataclass, field
from uuid import UUID

import orjson
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage, HeadersType
from pydantic import ValidationError

from koinonia.common.events import REGISTRY, Event
from koinonia.common.events.base import Bundle, Seal


class Undecodable(Exception):
    """The message is no event of ours, or its body does not fit the event's fields."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What travels: everything the broker needs to know without reading the body."""

    event_id: UUID
    name: str
    church_id: UUID | None
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_event(
        cls, event: Event, headers: dict[str, str] | None = None, seal: Seal | None = None
    ) -> "Envelope":
        body = event.to_wire(seal).encode()
        return cls(event.id, event.name, event.church_id, body, headers or {})

    def message(self, sender: str, attempt: int = 0) -> Message:
        headers: HeadersType = {**self.headers, "attempt": attempt}
        if self.church_id:
            headers["church_id"] = str(self.church_id)
        return Message(
            self.body,
            message_id=str(self.event_id),
            type=self.name,
            app_id=sender,
            headers=headers,
            content_type="application/json",
            delivery_mode=DeliveryMode.PERSISTENT,
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that arrived, and what came with it."""

    event: Event
    attempt: int
    headers: dict[str, str]
    message: AbstractIncomingMessage

    @classmethod
    def decode(cls, message: AbstractIncomingMessage, seal: Seal | None = None) -> "Delivery":
        declared = REGISTRY.get(message.type or "")
        if declared is None:
            raise Undecodable(f"no event is named {message.type!r}")
        try:
            event = declared.from_wire(message.body, seal)
        except ValidationError as error:
            problems = ", ".join(".".join(map(str, p["loc"])) or p["type"] for p in error.errors())
            raise Undecodable(f"{message.type} does not fit its fields: {problems}") from None
        headers = {k: v for k, v in message.headers.items() if isinstance(v, str)}
        return cls(event, attempt_of(message), headers, message)


def taken_apart(message: AbstractIncomingMessage) -> list[Envelope]:
    """The events of a bundle as they would have been sent one by one, texts still sealed; none
    where the message is no bundle, or one that holds no events."""
    declared = REGISTRY.get(message.type or "")
    if declared is None or not issubclass(declared, Bundle):
        return []
    try:
        events = orjson.loads(message.body)["events"]
        return [
            Envelope(
                UUID(event["id"]),
                declared.holds.name,
                UUID(event["churchId"]) if event["churchId"] else None,
                orjson.dumps(event),
            )
            for event in events
        ]
    except (ValueError, TypeError, LookupError):
        return []


def attempt_of(message: AbstractIncomingMessage) -> int:
    """How often the event has failed before; 0 when the header is missing or odd."""
    attempt = message.headers.get("attempt")
    return attempt if isinstance(attempt, int) else 0
