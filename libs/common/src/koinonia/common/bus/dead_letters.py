"""A dead event as an operator sees it, and as it is published again.

What failed says so in its headers (``listener``, ``handler``, ``reason``, ``failed_at``: see the
consumer). What RabbitMQ buried itself, because its process died of it again and again, says so in
``x-death``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from aio_pika import Message
from aio_pika.abc import AbstractIncomingMessage

from koinonia.common.bus.envelope import attempt_of
from koinonia.common.logging import masked

_OF_A_FAILURE = {"attempt", "listener", "handler", "reason", "failed_at"}
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead event.

    ``id`` is the event's, or ``body-`` and a hash of the body for a message that has none.
    ``attempts``: how often it failed since it was published or last replayed. ``reason`` has its
    phone numbers masked. ``failed_at`` is None when nothing says it. ``body`` is empty unless
    asked for.
    """

    id: str
    event: str
    church_id: str | None
    attempts: int
    replays: int
    reason: str
    handler: str
    failed_at: datetime | None
    body: bytes = b""

    @property
    def age(self) -> datetime:
        """What to sort by, the oldest first."""
        return self.failed_at or _NEVER


def identity(message: AbstractIncomingMessage) -> str:
    """The id by which operators name this message."""
    return message.message_id or f"body-{hashlib.sha256(message.body).hexdigest()[:12]}"


def read(message: AbstractIncomingMessage, with_body: bool = False) -> Letter:
    """The letter that a message of a dead queue holds."""
    headers = message.headers
    burial = _burial(headers.get("x-death"))
    return Letter(
        id=identity(message),
        event=message.type or "-",
        church_id=_text(headers.get("church_id")) or None,
        attempts=attempt_of(message),
        replays=_replays(message),
        reason=_given_up(burial) if burial else masked(_text(headers.get("reason")) or "unknown"),
        handler=_text(headers.get("handler")) or _text(headers.get("listener")) or "-",
        failed_at=_time(burial.get("time") if burial else headers.get("failed_at")),
        body=message.body if with_body else b"",
    )


def renewed(message: AbstractIncomingMessage) -> Message:
    """The event as it was first published, with a count of its replays."""
    headers = {
        name: value
        for name, value in message.headers.items()
        if name not in _OF_A_FAILURE and not name.startswith("x-")
    }
    return Message(
        message.body,
        message_id=message.message_id,
        type=message.type,
        app_id=message.app_id,
        headers={**headers, "attempt": 0, "replays": _replays(message) + 1},
        content_type=message.content_type,
        delivery_mode=message.delivery_mode,
    )


def _replays(message: AbstractIncomingMessage) -> int:
    replays = message.headers.get("replays")
    return replays if isinstance(replays, int) else 0


def _burial(deaths: object) -> Mapping[str, object] | None:
    """What the broker wrote when it gave up on an event itself. Its other notes are of the ladder,
    where an event dies of old age at every step."""
    for death in deaths if isinstance(deaths, list) else ():
        if isinstance(death, Mapping) and death.get("reason") == "delivery_limit":
            return death
    return None


def _given_up(burial: Mapping[str, object]) -> str:
    return (
        f"delivery limit: taken from {_text(burial.get('queue'))} again and again and never "
        "answered, as when the process dies of it"
    )


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value or "")


def _time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(_text(value))
    except ValueError:
        return None
