"""What the routes of replies take and give."""

import unicodedata
from datetime import datetime
from typing import Annotated, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field

from koinonia.common.web import Schema
from koinonia.conversation import threads
from koinonia.conversation.models import Direction

MOST_MEDIA = 10


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or url.split() != [url]:
        raise ValueError("A media URL must begin with https:// and be public.")
    return url


Content = Annotated[str, AfterValidator(lambda text: unicodedata.normalize("NFC", text))]
MediaUrl = Annotated[str, Field(max_length=2000), AfterValidator(_reachable)]


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
