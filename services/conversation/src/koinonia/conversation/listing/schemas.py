"""A thread as the list shows it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from koinonia.common.phone import Phones
from koinonia.common.web import Schema
from koinonia.conversation.models import Direction, Status


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
    member: Member | None = Field(description="the first by name of those known on this phone")
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
            last_message=LastMessage(
                id=row.last_message_id,
                direction=row.last_message_direction,
                content=row.last_message_content,
                status=row.last_message_status,
                created_at=row.last_message_at,
            ),
        )

    @classmethod
    def listed(cls, row: Any, phones: Phones) -> Self:
        """A row of the list, which brings its first member along."""
        known = row.member_id is not None
        return cls.of(
            row,
            phones,
            Member(id=row.member_id, first_name=row.first_name, last_name=row.last_name)
            if known
            else None,
        )

    @classmethod
    def alone(cls, row: Any, phones: Phones) -> Self:
        """One thread, which brings all its members along."""
        pinned = [member for member in row.members if member["pinned"]]
        first = next(iter(pinned + row.members), None)
        return cls.of(row, phones, Member.model_validate(first) if first else None)
