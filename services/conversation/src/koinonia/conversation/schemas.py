"""What the routes of the shared inbox take and answer."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field

from koinonia.common.phone import Phones
from koinonia.common.web import Schema
from koinonia.conversation import threads
from koinonia.conversation.models import Direction, Status

MOST_MEDIA = 10


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or url.split() != [url]:
        raise ValueError("A media URL must begin with https:// and be public.")
    return url


Content = Annotated[str, AfterValidator(lambda text: unicodedata.normalize("NFC", text))]
MediaUrl = Annotated[str, Field(max_length=2000), AfterValidator(_reachable)]


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


class Message(Schema):
    id: UUID
    direction: Direction
    content: str
    media_urls: list[str]
    status: str = Field(description="received, or how far our reply got", examples=["delivered"])
    failure: str | None = Field(description="why our reply failed")
    created_at: datetime = Field(description="when the carrier received it, or staff sent it")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=row.id,
            direction=row.direction,
            content=row.content,
            media_urls=row.media_urls,
            status=row.status,
            failure=row.failure,
            created_at=row.occurred_at,
        )


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
        members = [Member.model_validate(member) for member in row.members]
        return cls.of(row, phones, members[0] if members else None)


class Thread(Conversation):
    """A thread with a page of its messages, the oldest of the page first."""

    members: list[Member] = Field(description="everybody known on this phone, by name")
    messages: list[Message]
    messages_cursor: str | None = Field(
        description="for the page of older messages; null when there are none"
    )

    @classmethod
    def shown(
        cls, row: Any, phones: Phones, messages: Sequence[Message], cursor: str | None
    ) -> Self:
        head = Conversation.alone(row, phones)
        return cls(
            **dict(head),
            members=row.members,
            messages=list(messages),
            messages_cursor=cursor,
        )


class TextReply(Schema):
    content: Content = Field(
        description="1 to 1,600 characters", examples=["Yes, behind the hall."]
    )


class MediaReply(Schema):
    content: Content = Field(default="", description="up to 1,600 characters")
    media_urls: list[MediaUrl] = Field(
        min_length=1, max_length=MOST_MEDIA, examples=[["https://example.org/map.png"]]
    )


class Reply(Schema):
    """A reply that was accepted; its status in the thread tells how far it got."""

    id: UUID
    conversation_id: UUID
    status: str = Field(examples=["pending"])
    direction: Direction
    content: str
    media_urls: list[str]
    created_at: datetime

    @classmethod
    def of(cls, conversation_id: UUID, message: threads.Message) -> Self:
        return cls(
            id=message.id,
            conversation_id=conversation_id,
            status=message.status,
            direction=message.direction,
            content=message.content,
            media_urls=list(message.media_urls),
            created_at=message.occurred_at,
        )


class StatusChange(Schema):
    status: Status


class Read(Schema):
    id: UUID
    unread_count: int = 0
