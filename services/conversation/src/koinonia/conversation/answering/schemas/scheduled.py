"""What the routes of scheduled replies take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from koinonia.common.web import Schema
from koinonia.conversation.answering.scheduled import State
from koinonia.conversation.answering.schemas.replies import MOST_MEDIA, Content, MediaUrl

SAYS = "See you on Sunday at ten!"
FUTURE = "with an offset, in the future, at most a year ahead"


class ScheduledReplyIn(Schema):
    content: Content = Field(
        default="", description="up to 1,600 characters; needed without media", examples=[SAYS]
    )
    media_urls: list[MediaUrl] = Field(default=[], max_length=MOST_MEDIA, examples=[[]])
    send_at: datetime = Field(description=FUTURE, examples=["2026-11-29T09:00:00-05:00"])


class ScheduledReplyChange(Schema):
    """Only what is sent changes."""

    content: Content | None = Field(default=None, examples=[SAYS])
    send_at: datetime | None = Field(
        default=None, description=FUTURE, examples=["2026-11-29T09:00:00-05:00"]
    )


class ScheduledReply(Schema):
    """``id`` is that of the line which it becomes."""

    id: UUID
    conversation_id: UUID
    admin_id: UUID = Field(description="who wrote it")
    content: str = Field(examples=[SAYS])
    media_urls: list[str]
    send_at: datetime
    status: State
    code: str | None = Field(description="why it was refused", examples=["RECIPIENT_OPTED_OUT"])
    reason: str | None = Field(description="the same in a sentence")
    created_at: datetime
