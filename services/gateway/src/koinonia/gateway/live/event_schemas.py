"""What each event of the stream looks like, as JSON Schema for clients.

Each has its schema in the OpenAPI document, ``<Name>Event`` {event, id, data}, and ``StreamEvent``
is any of them, told apart by ``event``. In tests every event that is sent is held against it
(:mod:`koinonia.devkit.documents.stream_contract`).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from pydantic.alias_generators import to_pascal
from pydantic.json_schema import models_json_schema

from koinonia.carriers.failures import Failure
from koinonia.common.events.auth import NotificationKind
from koinonia.common.events.billing import DeclineCode, SubscriptionStatus
from koinonia.common.events.conversation import (
    ConversationStatus,
    Direction,
    MediaKind,
    NoticeReason,
    UpdateReason,
)
from koinonia.common.events.messaging import (
    ConsentMethod,
    DeliveryStatus,
    ImportStatus,
    NumberConnection,
    OwnFailure,
)
from koinonia.common.schema import Schema

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms
REF = "#/components/schemas/{model}"
ANY = "StreamEvent"


class Hello(Schema):
    """Where the stream stands. Unless it was resumed, fetch now what you show."""

    id: str
    resumed: bool


class Reset(Schema):
    """Something was missed for good: fetch anew what you show."""

    id: str


class State(Schema):
    """While it is not live, events are late and none is lost."""

    live: bool


class Bye(Schema):
    """The stream ends: refresh the token, sign in, or just open it again."""

    reason: Literal["token_expired", "session_ended", "restarting"]


class _OfChurch(Schema):
    occurred_at: datetime


class FilesOfLine(Schema):
    kind: MediaKind
    count: int


class ConversationUpdated(_OfChurch):
    """A thread is new or changed."""

    conversation_id: UUID
    status: ConversationStatus
    previous_status: ConversationStatus | None = Field(description="null: the thread is new")
    unread_count: int
    reason: UpdateReason | None
    message_id: UUID | None = Field(description="the line that is new, or that got its files")
    direction: Direction | None = Field(description="of that line")
    preview: str | None = Field(description="the first 160 characters of that line")
    media: FilesOfLine | None = Field(description="of that line")
    participants: int = Field(description="how many others got that line, a group text")
    last_message_at: datetime | None
    assignee_id: UUID | None
    merged_into_id: UUID | None = Field(
        description="this thread is gone: its messages are in that one"
    )


class ReplyStatus(_OfChurch):
    """How far a reply of staff got."""

    message_id: UUID
    status: DeliveryStatus
    failure: Failure | OwnFailure | None


class StaffNotified(_OfChurch):
    """Told to those alone whom it is meant for."""

    conversation_id: UUID
    reason: NoticeReason
    message_id: UUID | None
    by: UUID | None = Field(description="the admin who caused it")


class NotificationsChanged(_OfChurch):
    """You have a new notification, or read some, perhaps on another device. Nobody else is told."""

    kind: NotificationKind | None = Field(description="of the new one; null: some were read")


class ChurchVerified(_OfChurch):
    """The email address of the church's owner is theirs: it may send now."""


class MessageCreated(_OfChurch):
    """A broadcast was accepted; nothing is sent before billing approves."""

    message_id: UUID
    recipients: int
    parts: int = Field(description="as estimated, of all recipients together")


class MessageStarted(_OfChurch):
    message_id: UUID


class MessageCancelled(_OfChurch):
    message_id: UUID


class Move(Schema):
    """So many texts went from one status to another."""

    previous: DeliveryStatus = Field(alias="from")
    status: DeliveryStatus = Field(alias="to")
    count: int


class MessageProgress(_OfChurch):
    message_id: UUID
    moved: list[Move]


class MessageResponded(_OfChurch):
    """Somebody texted back after a broadcast: its `responses` may have moved."""

    message_id: UUID


class MessageCompleted(_OfChurch):
    """Nothing of the broadcast is open any more."""

    message_id: UUID
    counts: dict[DeliveryStatus, int]
    parts: int = Field(description="as billed")


class SpendDeclined(_OfChurch):
    """The plan does not cover a message."""

    message_id: UUID
    code: DeclineCode
    reason: str = Field(description="The same in a sentence for staff.")


class AllowanceUpdated(_OfChurch):
    allowance_parts: int
    used_parts: int | None
    reserved_parts: int | None
    status: SubscriptionStatus | None
    period_ends_at: datetime | None
    part_price: Decimal | None = Field(description="USD that the church pays for one part")
    number_limit: int | None = Field(description="how many numbers the church may have")


class SubscriptionUpdated(AllowanceUpdated):
    plan: str


class NumberConnectionChanged(_OfChurch):
    """A number was found cut off at the carrier, or is back."""

    number_id: UUID
    connection: NumberConnection


class ImportProgressed(_OfChurch):
    """A file is on its way into the directory, or out of it again; about once a second, and at its
    end. While it is undone, `rowsDone` becomes less."""

    import_id: UUID
    status: ImportStatus
    rows: int
    rows_done: int
    counts: dict[str, int] = Field(description="rows by outcome, and what they did to the ledger")


class PresenceChanged(_OfChurch):
    """Somebody of the team began to answer a conversation, or does so no more."""

    conversation_id: UUID
    admin_id: UUID
    is_answering: bool
    expires_at: datetime | None = Field(description="unless they go on; null where it ended")


class ConversationsRead(_OfChurch):
    """You have read these, perhaps on another device: `unreadForMe` is false of them until the next
    text. Nobody else is told."""

    conversation_ids: list[UUID]


class ConsentNews(_OfChurch):
    """Somebody said STOP or START. Who is not told: a phone is shown to nobody here."""

    source: ConsentMethod


DATA: Mapping[str, type[Schema]] = {
    "hello": Hello,
    "reset": Reset,
    "state": State,
    "bye": Bye,
    "conversation.updated": ConversationUpdated,
    "reply.status": ReplyStatus,
    "staff.notified": StaffNotified,
    "notifications.changed": NotificationsChanged,
    "church.verified": ChurchVerified,
    "message.created": MessageCreated,
    "message.started": MessageStarted,
    "message.progress": MessageProgress,
    "message.responded": MessageResponded,
    "message.completed": MessageCompleted,
    "message.cancelled": MessageCancelled,
    "spend.declined": SpendDeclined,
    "allowance.updated": AllowanceUpdated,
    "subscription.updated": SubscriptionUpdated,
    "number.connection_changed": NumberConnectionChanged,
    "import.progressed": ImportProgressed,
    "conversation.read": ConversationsRead,
    "presence.changed": PresenceChanged,
    "member.opted_out": ConsentNews,
    "member.opted_in": ConsentNews,
}
"""The data of each event, by its name."""

WITHOUT_ID = ("state", "bye")  # of this connection alone: nobody resumes from them


def schemas() -> dict[str, Json]:
    """The components that describe the stream, by name."""
    models = dict.fromkeys(DATA.values())
    found, defs = models_json_schema([(each, "serialization") for each in models], ref_template=REF)
    own = {model.__name__: found[model, "serialization"]["$ref"] for model in models}
    named: dict[str, Json] = dict(defs["$defs"])
    bodies = {model: named.pop(own[model.__name__].rpartition("/")[2]) for model in models}
    for name, model in DATA.items():
        named[component(name)] = _event(name, bodies[model])
    refs = {name: REF.format(model=component(name)) for name in DATA}
    named[ANY] = {
        "title": ANY,
        "description": "Any event of GET /api/events. Take a name that you do not know as news of "
        "nothing.",
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": "event", "mapping": refs},
    }
    return named


def component(name: str) -> str:
    """``conversation.updated`` becomes ConversationUpdatedEvent."""
    return f"{to_pascal(name.replace('.', '_'))}Event"


def _event(name: str, data: Json) -> Json:
    has_id = name not in WITHOUT_ID
    number = {"type": "string", "description": "To resume from, as Last-Event-ID."}
    return {
        "type": "object",
        "title": component(name),
        "description": data.get("description", f"`{name}`"),
        "required": ["event", *(["id"] if has_id else []), "data"],
        "properties": {
            "event": {"type": "string", "const": name},
            **({"id": number} if has_id else {}),
            "data": {key: value for key, value in data.items() if key != "description"},
        },
    }
