"""Schemas of the routes of replies: now, later and canned."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, model_validator

from koinonia.carriers import segments
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.phone import Phones
from koinonia.common.schema import Change, ErrorCode, Input, Omittable, Schema
from koinonia.common.schema.rules import both, none_of, refused
from koinonia.common.visible_text import Written
from koinonia.conversation.replies.newer_lines import LastSeen
from koinonia.conversation.replies.outgoing_lines import Outgoing
from koinonia.conversation.replies.recipients import Target
from koinonia.conversation.replies.scheduled_replies import ScheduledReplyStatus
from koinonia.conversation.threads.vocabulary import Direction

MOST_MEDIA = 10
CANNED_EXAMPLE = "Parking is behind the hall; the blue door is open."
SCHEDULED_EXAMPLE = "See you on Sunday at ten!"
FUTURE = "with an offset, in the future, at most a year ahead"


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or url.split() != [url]:
        raise ValueError("A media URL must begin with https:// and be public.")
    return url


Content = Written
MediaUrl = Annotated[
    str,
    Field(max_length=2000, json_schema_extra={"format": "uri", "pattern": "^https?://"}),
    AfterValidator(_reachable),
]
Shortcut = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$", examples=["parking"])]


Recipient = Annotated[
    str,
    Field(
        max_length=40,
        description="where the last text went to several people: the phone of whom the reply is "
        "meant for, one of replyChoice of the conversation",
        examples=["+12025550142"],
    ),
]


LineId = Annotated[
    UUID,
    Field(
        description="the newest line that its writer saw: if others said something since, the "
        "answer is 409 with their lines, and nothing is sent"
    ),
]
FORCED = "send it whatever was said since"


class Guarded(Input):
    """A reply that goes only if its writer has seen what was said before; sent without
    ``lastSeenLineId`` it goes in any case."""

    last_seen_line_id: LineId | None = None
    force: bool = Field(default=False, description=FORCED)

    def seen(self, thread_id: UUID) -> LastSeen:
        """``thread_id`` is of the thread that was looked at."""
        return LastSeen(thread_id, self.last_seen_line_id, self.force)


def _check_files(media_urls: Sequence[str], media_ids: Sequence[UUID]) -> None:
    if len(media_urls) + len(media_ids) > MOST_MEDIA:
        raise ValueError(f"Give at most {MOST_MEDIA} files, in mediaUrls and mediaIds together.")
    if len(set(media_ids)) < len(media_ids):
        raise ValueError("A file is twice in mediaIds. Name each once.")


class TextReply(Guarded):
    """A text, or the shortcut of a canned one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"content": "Yes, behind the hall."}],
            **refused(both("content", "shortcut"), none_of("content", "shortcut")),
        }
    )

    content: Content | None = Field(
        default=None, description="1 to 1,600 characters", examples=["Yes, behind the hall."]
    )
    shortcut: Shortcut | None = Field(default=None, description="of a canned reply, instead")
    recipient: Recipient | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.content is None) == (self.shortcut is None):
            raise ValueError("Give either content or the shortcut of a canned reply.")
        return self


class MediaReply(Guarded):
    """With one file at the least and ten at the most, wherever they are."""

    model_config = ConfigDict(json_schema_extra=refused(none_of("mediaUrls", "mediaIds")))

    content: Content = Field(default="", description="up to 1,600 characters")
    media_urls: list[MediaUrl] = Field(
        default=[],
        max_length=MOST_MEDIA,
        description="public addresses, which the carrier fetches",
        examples=[["https://example.org/map.png"]],
    )
    media_ids: list[UUID] = Field(
        default=[], max_length=MOST_MEDIA, description="of uploads, POST /api/media; 1 MB together"
    )

    recipient: Recipient | None = None

    @model_validator(mode="after")
    def _one_to_ten(self) -> Self:
        if not 1 <= len(self.media_urls) + len(self.media_ids) <= MOST_MEDIA:
            raise ValueError(f"Give 1 to {MOST_MEDIA} files, in mediaUrls and mediaIds together.")
        _check_files(self.media_urls, self.media_ids)
        return self


class Segments(Schema):
    """What a text is cut into; one with media is a single part, whatever it says."""

    parts: int = Field(examples=[1])
    encoding: segments.Encoding = Field(examples=[segments.Encoding.GSM_7])
    characters: int = Field(examples=[21])


class Reply(Schema):
    """A reply that was accepted; its status in the thread tells how far it got."""

    id: UUID
    conversation_id: UUID = Field(description="that of its recipient")
    recipient: str = Field(description="the phone that gets it", examples=["+12025550142"])
    status: DeliveryStatus = Field(examples=["pending"])
    direction: Direction
    content: str
    media_urls: list[str]
    created_at: datetime
    segments: Segments
    price: Decimal | None = Field(
        description="USD that the church pays for it, exact; null while billing has not said",
        examples=["0.00790"],
    )

    @classmethod
    def accepted(cls, target: Target, message: Outgoing, phones: Phones) -> Self:
        return cls(
            id=message.id,
            conversation_id=target.thread.id,
            recipient=phones.open(target.thread.phone_sealed),
            status=message.status,
            direction=message.direction,
            content=message.content,
            media_urls=list(message.media_urls),
            created_at=message.occurred_at,
            segments=_segments(message),
            price=message.price,
        )


def _segments(message: Outgoing) -> Segments:
    return Segments(
        parts=message.parts,
        encoding=segments.measure(message.content).encoding,
        characters=len(message.content),
    )


class CannedReplyIn(Input):
    """``shortcut`` is unique in any case; ``content`` is sent as it is written."""

    shortcut: Shortcut = Field(description="1 to 32 of a-z, 0-9, - and _")
    content: Content = Field(description="1 to 1,600 characters", examples=[CANNED_EXAMPLE])


class CannedReplyChange(Change):
    """Only what is sent changes."""

    shortcut: Omittable[Shortcut] = Field(default=None, examples=["parking"])
    content: Omittable[Content] = Field(default=None, examples=[CANNED_EXAMPLE])


class CannedReply(Schema):
    id: UUID
    shortcut: str = Field(examples=["parking"])
    content: str = Field(examples=[CANNED_EXAMPLE])
    created_at: datetime
    updated_at: datetime


class ScheduledReplyIn(Guarded):
    content: Content = Field(
        default="",
        description="up to 1,600 characters; needed without media",
        examples=[SCHEDULED_EXAMPLE],
    )
    media_urls: list[MediaUrl] = Field(default=[], max_length=MOST_MEDIA, examples=[[]])
    media_ids: list[UUID] = Field(
        default=[],
        max_length=MOST_MEDIA,
        description="of uploads, POST /api/media; 1 MB together. They are kept for it.",
        examples=[[]],
    )
    recipient: Recipient | None = None
    send_at: AwareDatetime = Field(description=FUTURE, examples=["2026-11-29T09:00:00-05:00"])

    @model_validator(mode="after")
    def _ten_at_most(self) -> Self:
        _check_files(self.media_urls, self.media_ids)
        return self


class ScheduledReplyChange(Change):
    """Only what is sent changes."""

    content: Omittable[Content] = Field(default=None, examples=[SCHEDULED_EXAMPLE])
    send_at: Omittable[AwareDatetime] = Field(
        default=None, description=FUTURE, examples=["2026-11-29T09:00:00-05:00"]
    )


class ScheduledReply(Schema):
    """``id`` is that of the line which it becomes."""

    id: UUID
    conversation_id: UUID
    admin_id: UUID = Field(description="who wrote it")
    content: str = Field(examples=[SCHEDULED_EXAMPLE])
    media_urls: list[str]
    media_ids: list[UUID]
    send_at: datetime
    status: ScheduledReplyStatus
    code: ErrorCode | None = Field(
        description="why it was refused", examples=["RECIPIENT_OPTED_OUT"]
    )
    reason: str | None = Field(description="the same in a sentence")
    created_at: datetime
