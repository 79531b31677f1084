"""What the routes of canned replies take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from koinonia.common.web import Schema
from koinonia.conversation.answering.schemas.replies import Content, Shortcut

SAYS = "Parking is behind the hall; the blue door is open."


class CannedReplyIn(Schema):
    """``shortcut`` is unique in any case; ``content`` is sent as it is written."""

    shortcut: Shortcut = Field(description="1 to 32 of a-z, 0-9, - and _")
    content: Content = Field(description="1 to 1,600 characters", examples=[SAYS])


class CannedReplyChange(Schema):
    """Only what is sent changes."""

    shortcut: Shortcut | None = Field(default=None, examples=["parking"])
    content: Content | None = Field(default=None, examples=[SAYS])


class CannedReply(Schema):
    id: UUID
    shortcut: str = Field(examples=["parking"])
    content: str = Field(examples=[SAYS])
    created_at: datetime
    updated_at: datetime
