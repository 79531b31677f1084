"""A thread as the list shows it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from koinonia.common.phone import Phones
from koinonia.common.web import Schema
from koinonia.conversation.threads.vocabulary import Direction, Status


class Member(Schema):
    id: UUID
    first_name: str
    last_name: str


class LastMessage(Schema):
    id: UUID
    direction: Direction
    content: str
    status: str = Field(description="received, or how far our reply got", examples=["delivered"])
    created_at: datetime


class Conversation(Schema):
    """A thread: one person's phone and one of the church's numbers."""

    id: UUID
    status: Status
    unread_count: int
    last_message_at: datetime
    phone: str = Field(examples=["+12025550142"])
    our_number: str = Field(examples=["+12025550100"])
    opted_out: bool = Field(description="replies are refused until this phone texts START")
    member: Member | None = Field(
        description="whom staff pinned, else the first by name of those known on this phone"
    )
    assignee_id: UUID | None = Field(description="whose it is, of the team")
    snoozed_until: datetime | None = Field(description="open again then, or with the next text")
    last_message: LastMessage

    @classmethod
    def of(cls, row: Any, phones: Phones, member: Member | None) -> Self:
        return cls(
            id=row.id,
            status=row.status,
            unread_count=row.unread_count,
            last_message_at=row.last_message_at,
            phone=phones.open(row.phone_sealed),
            our_number=row.our_number,
            opted_out=row.is_opted_out,
            member=member,
            assignee_id=row.assignee_id,
            snoozed_until=row.snoozed_until,
            last_message=LastMessage(
                id=row.last_message_id,
                direction=row.last_message_direction,
                content=row.last_message_content,
                status=row.last_message_status,
                created_at=row.last_message_at,
            ),
        )

    @classmethod
    def alone(cls, row: Any, phones: Phones) -> Self:
        """One thread, which brings all its members along."""
        pinned = [member for member in row.members if member["pinned"]]
        first = next(iter(pinned + row.members), None)
        return cls.of(row, phones, Member.model_validate(first) if first else None)


class Listed(Conversation):
    """A row of the list. ``GET /api/conversations/{id}`` names the labels and the members."""

    labels: list[UUID] = Field(description="ids; GET /api/labels names them")
    member_count: int = Field(description="how many people are known on this phone", examples=[1])

    @classmethod
    def row(cls, row: Any, phones: Phones) -> Self:
        known = row.member_id is not None
        member = (
            Member(id=row.member_id, first_name=row.first_name, last_name=row.last_name)
            if known
            else None
        )
        head = Conversation.of(row, phones, member)
        return cls(**dict(head), labels=row.labels, member_count=row.members)
