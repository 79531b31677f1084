"""Schemas of the routes that change threads, and of labels."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from koinonia.common import visible_text
from koinonia.common.schema import Change, Clearable, Input, Omittable, Schema
from koinonia.common.schema.rules import both, refused
from koinonia.conversation.actions import bulk_changes
from koinonia.conversation.schemas import LabelName
from koinonia.conversation.threads.vocabulary import Status

MOST_THREADS = 200
MOST_NAMED = 50
LONGEST_NOTE = 4000
LATER = "2027-01-04T14:00:00Z"


def _tidy(value: object) -> object:
    return visible_text.line(value) if isinstance(value, str) else value


def _written(value: object) -> object:
    if isinstance(value, str):
        return "" if visible_text.is_empty(value) else visible_text.written(value).strip()
    return value


def _not_snoozed(status: object) -> object:
    if status == Status.SNOOZED:
        raise ValueError(
            "A snooze takes a time: POST /api/conversations/{id}/snooze. Here the status is open, "
            "closed or archived."
        )
    return status


def _once(ids: list[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


Settable = Annotated[
    Literal[Status.OPEN, Status.CLOSED, Status.ARCHIVED], BeforeValidator(_not_snoozed)
]
Ids = Annotated[list[UUID], Field(max_length=MOST_NAMED), AfterValidator(_once)]
Note = Annotated[
    str,
    BeforeValidator(_written),
    Field(min_length=1, max_length=LONGEST_NOTE, examples=["She asked for a ride on Sunday."]),
]
LabelTitle = Annotated[
    str, BeforeValidator(_tidy), Field(min_length=1, max_length=50, examples=["Prayer"])
]
Colour = Annotated[
    str,
    Field(pattern="^#[0-9a-fA-F]{6}$", description="#rrggbb", examples=["#2f7d6b"]),
    AfterValidator(str.lower),
]
Name = Annotated[str, BeforeValidator(_tidy), Field(max_length=100)]
Time = Annotated[AwareDatetime, Field(description="with its zone; within a year", examples=[LATER])]


class StatusChange(Change):
    status: Settable


class Read(Schema):
    id: UUID
    unread_count: int = 0


class Assignment(Change):
    admin_id: Clearable[UUID] = Field(
        description="somebody of the team; null takes it from everybody"
    )


class LabelIn(Input):
    name: LabelTitle = Field(description="unlike every other in any case")
    colour: Colour


class LabelChange(Change):
    """Only what is sent changes."""

    name: Omittable[LabelTitle] = Field(default=None, examples=["Prayer"])
    colour: Omittable[Colour] = Field(default=None, examples=["#2f7d6b"])


class Label(LabelName):
    created_at: datetime


class Labels(Input):
    label_ids: Ids = Field(description="all that it shall have")


class NoteIn(Input):
    content: Note
    mentions: Ids = Field(default_factory=list, description="admins who should see it")


class NoteChange(Change):
    content: Note
    mentions: Omittable[Ids] = Field(default=None, description="left as they are unless sent")


class Snooze(Input):
    until: Time


class Pin(Input):
    member_id: UUID | None = Field(description="one of `members` of the conversation, or null")


class NewMember(Input):
    first_name: Name = Field(min_length=1, examples=["Ada"])
    last_name: Name = Field(default="", examples=["Moss"])
    group_ids: Ids = Field(default_factory=list)


class RequestedMember(Schema):
    member_id: UUID = Field(description="of the member that will be")


class Merge(Input):
    from_id: UUID = Field(description="the conversation whose messages move here")


class BulkChange(Input):
    """Only what is sent changes. A label that is to come and to go goes."""

    model_config = ConfigDict(
        json_schema_extra={**refused(both("status", "snoozeUntil")), "minProperties": 2}
    )

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_THREADS), AfterValidator(_once)]
    status: Omittable[Settable] = None
    read: Omittable[Literal[True]] = Field(default=None, description="true marks all as read")
    assignee_id: Clearable[UUID] = Field(default=None, description="null takes them from everybody")
    add_label_ids: Ids = Field(default_factory=list)
    remove_label_ids: Ids = Field(default_factory=list)
    snooze_until: Omittable[Time] = Field(default=None, examples=[LATER])

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.status and self.snooze_until:
            raise ValueError("Give either status or snoozeUntil, not both.")
        if not self.model_fields_set - {"ids"}:
            raise ValueError("Say what is to be done, for example with status or addLabelIds.")
        return self

    def change(self) -> bulk_changes.Change:
        return bulk_changes.Change(
            is_read=bool(self.read),
            is_assigned="assignee_id" in self.model_fields_set,
            assignee_id=self.assignee_id,
            status=self.status,
            add_label_ids=set(self.add_label_ids) - set(self.remove_label_ids),
            remove_label_ids=self.remove_label_ids,
            snooze_until=self.snooze_until,
        )


class BulkOutcome(Schema):
    changed: int
    unchanged: int
    not_found: list[UUID]
