"""The table of the event stream: what browsers see of which event.

An event that is not in the table is not even fetched from the broker. Data is named field by field,
so that nothing is shown by accident; no person's phone number is in it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson

from koinonia.common.events import Event
from koinonia.common.events.auth import ChurchVerified, NotificationsChanged
from koinonia.common.events.billing import AllowanceUpdated, SpendDeclined, SubscriptionUpdated
from koinonia.common.events.conversation import (
    ConversationsRead,
    ConversationUpdated,
    PresenceChanged,
    StaffNotified,
)
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    ImportProgressed,
    MemberOptedIn,
    MemberOptedOut,
    MessageCancelled,
    MessageCompleted,
    MessageCreated,
    MessageKind,
    MessageStarted,
    NumberConnectionChanged,
    TextUnderstood,
)
from koinonia.common.identity import Role
from koinonia.gateway.live.window import Entry

E = TypeVar("E", bound=Event)
BroadcastEvent = MessageCreated | MessageStarted | MessageCompleted | MessageCancelled
Shown = tuple[str, Mapping[str, object]]
"""The name that a browser listens to, and the data."""


@dataclass(frozen=True, slots=True)
class View(Generic[E]):
    """How one kind of event is shown: None hides it. ``role`` and those above it see it, or, of
    those, only the admins that ``only`` names."""

    shown: Callable[[E], Shown | None]
    role: Role = Role.VIEWER
    only: Callable[[E], Collection[UUID]] | None = None


def _plain(*fields: str) -> Callable[[Event], Shown]:
    """The event under its own name, with these fields."""
    wanted = {*fields, "occurred_at"}
    return lambda event: (event.name, event.model_dump(by_alias=True, include=wanted))


def _broadcast(*fields: str) -> Callable[[BroadcastEvent], Shown | None]:
    """The same of broadcasts alone; ``reply.status`` has what is to be seen of a reply."""
    plain = _plain("message_id", *fields)
    return lambda event: plain(event) if event.kind is MessageKind.BROADCAST else None


def _delivery(event: DeliveryUpdated) -> Shown | None:
    """For a broadcast, counts of its changes of status; for a reply, its present status."""
    data: dict[str, object] = {"messageId": event.message_id, "occurredAt": event.occurred_at}
    if event.kind is MessageKind.BROADCAST:
        moves = Counter((c.previous, c.status) for c in event.changes if c.previous != c.status)
        moved = [{"from": old, "to": new, "count": n} for (old, new), n in moves.items()]
        return ("message.progress", data | {"moved": moved}) if moved else None
    if event.kind is MessageKind.REPLY and event.changes:
        last = event.changes[-1]
        return "reply.status", data | {"status": last.status, "failure": last.failure}
    return None


def _responded(event: TextUnderstood) -> Shown | None:
    """A text after a broadcast, without who sent it and what it says."""
    if event.message_id is None:
        return None
    return "message.responded", {"messageId": event.message_id, "occurredAt": event.occurred_at}


def _notified(event: StaffNotified | NotificationsChanged) -> Collection[UUID]:
    return event.admin_ids


def _reader(event: ConversationsRead) -> Collection[UUID]:
    return (event.admin_id,)


_CONVERSATION = _plain(
    *("conversation_id", "status", "previous_status", "unread_count", "reason", "message_id"),
    *("direction", "preview", "media", "participants", "last_message_at", "assignee_id"),
    "merged_into_id",
)
_ALLOWANCE = (
    *("status", "allowance_parts", "used_parts", "reserved_parts"),
    *("period_ends_at", "part_price", "number_limit"),
)

# Any: each view takes the events of its key.
VIEWS: dict[type[Event], View[Any]] = {
    ConversationUpdated: View(_CONVERSATION),
    StaffNotified: View(_plain("conversation_id", "reason", "message_id", "by"), only=_notified),
    NotificationsChanged: View(_plain("kind"), only=_notified),
    ConversationsRead: View(_plain("conversation_ids"), only=_reader),
    PresenceChanged: View(_plain("conversation_id", "admin_id", "is_answering", "expires_at")),
    ChurchVerified: View(_plain()),
    MessageCreated: View(_broadcast("recipients", "parts")),
    MessageStarted: View(_broadcast()),
    MessageCompleted: View(_broadcast("counts", "parts")),
    MessageCancelled: View(_broadcast()),
    DeliveryUpdated: View(_delivery),
    TextUnderstood: View(_responded),
    SpendDeclined: View(_plain("message_id", "code", "reason")),
    # Every role may ask GET /api/billing/usage.
    AllowanceUpdated: View(_plain(*_ALLOWANCE)),
    SubscriptionUpdated: View(_plain("plan", *_ALLOWANCE)),
    NumberConnectionChanged: View(_plain("number_id", "connection")),
    ImportProgressed: View(_plain("import_id", "status", "rows", "rows_done", "counts")),
    # They belong to a phone, and a phone is shown to nobody.
    MemberOptedOut: View(_plain("source")),
    MemberOptedIn: View(_plain("source")),
}
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS  # the keys of counts are an enum's
EVENTS = tuple(event.name for event in VIEWS)


def entry(offset: int, event: Event, at: float) -> Entry | None:
    """The event as it is sent to browsers, written once for all; None where it is hidden."""
    view = VIEWS.get(type(event))
    shown = view.shown(event) if view and event.church_id else None
    if view is None or shown is None or event.church_id is None:
        return None
    admins = frozenset(view.only(event)) if view.only else None
    return Entry(offset, event.church_id, at, chunk(*shown, offset), view.role, admins)


def chunk(name: str, data: object, offset: int | None = None) -> bytes:
    """One event of a ``text/event-stream``; ``offset`` is where a client goes on after it."""
    body = orjson.dumps(data, default=str, option=_OPTIONS)
    number = b"" if offset is None else b"id: %d\n" % offset
    return b"%bevent: %b\ndata: %b\n\n" % (number, name.encode(), body)
