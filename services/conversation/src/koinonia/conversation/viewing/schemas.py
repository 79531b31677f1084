"""A thread by itself, with its lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from koinonia.common.phone import Phones
from koinonia.common.web import Schema
from koinonia.conversation.listing.schemas import Conversation, Member
from koinonia.conversation.models import Direction


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
