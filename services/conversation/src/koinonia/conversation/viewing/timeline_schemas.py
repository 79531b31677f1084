"""Schemas of the timeline of a phone."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from koinonia.carriers.failures import Failure
from koinonia.common.events.messaging import DeliveryStatus, OwnFailure
from koinonia.common.pagination import Page
from koinonia.common.schema import Schema
from koinonia.conversation.schemas import AdminName
from koinonia.conversation.viewing.schemas import Message

BY = "who of the team did it; null where nobody did"


class TimelineKind(StrEnum):
    TEXT = "text"
    NOTE = "note"
    BROADCAST = "broadcast"
    CONSENT = "consent"
    GROUP = "group"


class Entry(Schema):
    id: UUID
    at: datetime


class TextEntry(Entry):
    """A text that came in, or one that went out in this conversation."""

    kind: Literal[TimelineKind.TEXT]
    line: Message


class NoteEntry(Entry):
    """What somebody of the team wrote for the others."""

    kind: Literal[TimelineKind.NOTE]
    line: Message


class BroadcastFailure(Schema):
    code: Failure | OwnFailure
    message: str


class BroadcastEntry(Entry):
    """A broadcast as it was made for this phone; `id` is that of the message and `at` when it was
    accepted."""

    kind: Literal[TimelineKind.BROADCAST]
    content: str
    media_urls: list[str]
    from_number: str
    status: DeliveryStatus
    failure: BroadcastFailure | None
    parts: int
    sent_at: datetime | None
    settled_at: datetime | None
    schedule_id: UUID | None = Field(description="of the schedule that made it")
    by: AdminName | None = Field(description=BY)


class ConsentEntry(Entry):
    """An entry of the ledger of consent about this phone."""

    kind: Literal[TimelineKind.CONSENT]
    decision: Literal["granted", "revoked", "confirmed", "asked", "kept"]
    method: Literal["keyword", "import", "web_form", "staff", "carrier", "unsettled"]
    words: str | None
    note: str | None
    group_id: UUID | None = Field(description="where it is about one ministry")
    group_name: str | None
    by: AdminName | None = Field(description=BY)


class GroupEntry(Entry):
    """Somebody known on the phone came into a group, or left it."""

    kind: Literal[TimelineKind.GROUP]
    joined: bool = Field(description="false where they left")
    member_id: UUID
    group_id: UUID
    group_name: str | None = Field(description="as it was called then, if that is known")
    by: AdminName | None = Field(description=BY)


TimelineEntry = Annotated[
    TextEntry | NoteEntry | BroadcastEntry | ConsentEntry | GroupEntry,
    Field(discriminator="kind"),
]


class TimelinePage(Page[TimelineEntry]):
    """A page of what happened, the newest first."""


class _Answer(BaseModel):
    """What is needed of an answer of messaging."""

    model_config = ConfigDict(alias_generator=to_camel)


class Received(_Answer):
    message_id: UUID
    content: str
    media_urls: list[str]
    from_number: str
    status: DeliveryStatus
    failure: BroadcastFailure | None
    parts: int
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    created_by: UUID | None
    schedule_id: UUID | None


class ReceivedPage(_Answer):
    data: list[Received]


class Said(_Answer):
    id: UUID
    kind: Literal["granted", "revoked", "confirmed", "asked", "kept"]
    method: Literal["keyword", "import", "web_form", "staff", "carrier", "unsettled"]
    group_id: UUID | None
    group_name: str | None
    words: str | None
    note: str | None
    actor_id: UUID | None
    occurred_at: datetime


class Ledger(_Answer):
    history: list[Said]
