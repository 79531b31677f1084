"""A thread by itself, with its lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field

from koinonia.common.phone import Phones
from koinonia.common.web import Schema
from koinonia.conversation.listing.schemas import Conversation, Member
from koinonia.conversation.media import file_links
from koinonia.conversation.threads.vocabulary import Direction, Source
from koinonia.conversation.running import Running
from koinonia.conversation.schemas import AdminName, LabelName


class KnownMember(Member):
    pinned: bool = Field(description="staff say that it is this one who texts")


class File(Schema):
    """A picture or file of a line."""

    id: UUID
    status: Literal["pending", "stored", "refused", "gone"]
    failure: str | None = Field(description="why it is not to be had")
    content_type: str | None = Field(examples=["image/jpeg"])
    bytes: int | None
    width: int | None = Field(description="pixels")
    height: int | None = Field(description="pixels")
    name: str | None = Field(examples=["map.jpg"])
    url: str | None = Field(description="good for an hour; null until the file is stored")

    @classmethod
    def of(cls, file: Any, running: Running, church_id: UUID) -> Self:
        is_stored = file["status"] == "stored"
        url = file_links.url(running, church_id, UUID(file["id"])) if is_stored else None
        return cls.model_validate({**file, "url": url})


class Broadcast(Schema):
    """What the church had sent to this phone when the text came."""

    message_id: UUID
    text: str
    sent_at: datetime


class Message(Schema):
    """A line of a thread: a text that came in, one that went out, or a note among staff."""

    id: UUID
    direction: Direction
    content: str
    media_urls: list[str]
    media: list[File]
    status: str = Field(
        description="received, noted, or how far our reply got", examples=["delivered"]
    )
    failure: str | None = Field(description="why our reply failed")
    source: Source | None = Field(description="what made an outbound line; null for others")
    parts: int | None = Field(description="of an outbound line, as counted when it was accepted")
    author: AdminName | None = Field(description="of what staff wrote")
    mentions: list[UUID] = Field(description="admins whom a note names")
    answers: Broadcast | None = Field(description="the broadcast that an inbound text answers")
    created_at: datetime = Field(description="when the carrier received it, or staff wrote it")

    @classmethod
    def of(cls, row: Any, running: Running, church_id: UUID) -> Self:
        files = row.media or ()
        media = [File.of(file, running, church_id) for file in files]
        return cls(
            id=row.id,
            direction=row.direction,
            content=row.content,
            media_urls=_addresses(row, media),
            media=media,
            status=row.status,
            failure=row.failure,
            source=row.source or (Source.STAFF if row.direction == Direction.OUTBOUND else None),
            parts=row.parts,
            author=_author(row),
            mentions=row.mentions,
            answers=_broadcast(row),
            created_at=row.occurred_at,
        )


def _addresses(row: Any, media: Sequence[File]) -> list[str]:
    """Ours where a file is stored. Before, that of the carrier who has the file of an inbound
    text; of an outbound one the uploads come last, by the addresses that the carrier was given."""
    if row.direction == Direction.INBOUND:
        origins = [file["originUrl"] for file in row.media or ()]
        ours = dict(zip(origins, (file.url for file in media), strict=True))
        return [ours.get(url) or url for url in row.media_urls]
    given = len(row.media_urls) - len(media)
    uploads = zip(media, row.media_urls[given:], strict=True)
    return [*row.media_urls[:given], *(file.url or url for file, url in uploads)]


def _author(row: Any) -> AdminName | None:
    if row.admin_id is None:
        return None
    return AdminName(id=row.admin_id, first_name=row.first_name, last_name=row.last_name)


def _broadcast(row: Any) -> Broadcast | None:
    if row.answers_id is None:
        return None
    return Broadcast(message_id=row.answers_id, text=row.message_text, sent_at=row.message_sent_at)


class WaitingReply(Schema):
    """A reply that goes out at a time."""

    id: UUID
    content: str
    media_urls: list[str]
    send_at: datetime
    created_at: datetime
    author: AdminName

    @classmethod
    def of(cls, reply: Any) -> Self:
        author = {**reply, "id": reply["adminId"]}
        return cls.model_validate({**reply, "author": author})


class Overview(Conversation):
    """A thread with what is known around it."""

    members: list[KnownMember] = Field(description="everybody known on this phone, by name")
    assignee: AdminName | None
    labels: list[LabelName]

    @classmethod
    def shown(cls, row: Any, phones: Phones) -> Self:
        return cls(
            **dict(Conversation.alone(row, phones)),
            members=row.members,
            assignee=row.assignee if row.assignee_id else None,
            labels=row.labels,
        )


class Thread(Overview):
    """A thread with a page of its lines, the oldest of the page first."""

    scheduled_replies: list[WaitingReply] = Field(description="those that wait, the next first")
    messages: list[Message]
    messages_cursor: str | None = Field(
        description="for the page of older messages; null when there are none"
    )

    @classmethod
    def with_lines(
        cls, row: Any, phones: Phones, messages: Sequence[Message], cursor: str | None
    ) -> Self:
        return cls(
            **dict(Overview.shown(row, phones)),
            scheduled_replies=[WaitingReply.of(reply) for reply in row.scheduled],
            messages=list(messages),
            messages_cursor=cursor,
        )
