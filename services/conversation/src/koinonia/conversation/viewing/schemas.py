"""Schemas of one thread, with its lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from koinonia.common.identity import Identity
from koinonia.common.phone import Phones
from koinonia.common.schema import ContentType, Schema
from koinonia.conversation.listing import schemas as listing
from koinonia.conversation.listing.schemas import Conversation, Member, Participant, ReplyChoice
from koinonia.conversation.media import file_links
from koinonia.conversation.media.file_rows import ShownStatus
from koinonia.conversation.presence.presence import Present
from koinonia.conversation.presence.schemas import PresentAdmin
from koinonia.conversation.running import Running
from koinonia.conversation.schemas import AdminName, LabelName
from koinonia.conversation.threads import read_marks
from koinonia.conversation.threads.vocabulary import Direction, LineSource, LineStatus
from koinonia.conversation.viewing.thread_columns import (
    FileJson,
    ParticipantJson,
    ScheduledJson,
)
from koinonia.conversation.viewing.thread_queries import LineView, ThreadView


class KnownMember(Member):
    pinned: bool = Field(description="staff say that it is this one who texts")


class File(Schema):
    """A picture or file of a line."""

    id: UUID
    status: ShownStatus
    failure: str | None = Field(description="why it is not to be had")
    content_type: ContentType | None = Field(examples=["image/jpeg"])
    bytes: int | None
    width: int | None = Field(description="pixels")
    height: int | None = Field(description="pixels")
    name: str | None = Field(examples=["map.jpg"])
    url: str | None = Field(description="good for an hour; null until the file is stored")

    @classmethod
    def from_json(cls, file: FileJson, running: Running, church_id: UUID) -> Self:
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
    participants: list[Participant] = Field(
        description="of a group text that came in: who else got it"
    )
    status: LineStatus = Field(
        description="received, noted, or how far our reply got", examples=["delivered"]
    )
    failure: str | None = Field(description="why our reply failed")
    source: LineSource | None = Field(description="what made an outbound line; null for others")
    parts: int | None = Field(description="of an outbound line, as counted when it was accepted")
    author: AdminName | None = Field(description="of what staff wrote")
    mentions: list[UUID] = Field(description="admins whom a note names")
    answers: Broadcast | None = Field(description="the broadcast that an inbound text answers")
    created_at: datetime = Field(description="when the carrier received it, or staff wrote it")

    @classmethod
    def from_line(cls, line: LineView, running: Running, church_id: UUID) -> Self:
        files = [file for file in line.media or () if file["status"] != "unshown"]
        media = [File.from_json(file, running, church_id) for file in files]
        return cls(
            id=line.id,
            direction=Direction(line.direction),
            content=line.content,
            media_urls=_addresses(line, media),
            media=media,
            participants=[_participant(each, running.phones) for each in line.participants or ()],
            status=line.status,
            failure=line.failure,
            source=_source(line),
            parts=line.parts,
            author=_author(line),
            mentions=line.mentions,
            answers=_broadcast(line),
            created_at=line.occurred_at,
        )


def _participant(given: ParticipantJson, phones: Phones) -> Participant:
    names = given["firstName"], given["lastName"]
    number = phones.open(given["phone"])
    return Participant.from_columns(number, given["memberId"], *names, people=given["people"])


def _source(line: LineView) -> LineSource | None:
    if line.source is not None:
        return LineSource(line.source)
    return LineSource.STAFF if line.direction == Direction.OUTBOUND else None


def _addresses(line: LineView, media: Sequence[File]) -> list[str]:
    """Ours where a file is stored, none of a part that is no file. Before, that of the carrier who
    has the file of an inbound text; of an outbound one the uploads come last, by the addresses that
    the carrier was given."""
    if line.direction == Direction.INBOUND:
        urls = {file.id: file.url for file in media}
        ours = {file["originUrl"]: urls.get(UUID(file["id"]), "") for file in line.media or ()}
        return [ours.get(url) or url for url in line.media_urls if ours.get(url) != ""]
    given = len(line.media_urls) - len(media)
    uploads = zip(media, line.media_urls[given:], strict=True)
    return [*line.media_urls[:given], *(file.url or url for file, url in uploads)]


def _author(line: LineView) -> AdminName | None:
    if line.admin_id is None:
        return None
    return AdminName(id=line.admin_id, first_name=line.first_name, last_name=line.last_name)


def _broadcast(line: LineView) -> Broadcast | None:
    if line.answers_id is None or line.message_text is None or line.message_sent_at is None:
        return None
    return Broadcast(
        message_id=line.answers_id, text=line.message_text, sent_at=line.message_sent_at
    )


class WaitingReply(Schema):
    """A reply that goes out at a time."""

    id: UUID
    content: str
    media_urls: list[str]
    send_at: datetime
    created_at: datetime
    author: AdminName

    @classmethod
    def from_json(cls, reply: ScheduledJson) -> Self:
        author = {**reply, "id": reply["adminId"]}
        return cls.model_validate({**reply, "author": author})


class Overview(Conversation):
    """A thread with what is known around it."""

    members: list[KnownMember] = Field(description="everybody known on this phone, by name")
    assignee: AdminName | None
    labels: list[LabelName]

    @classmethod
    def from_view(cls, view: ThreadView, admin: Identity, phones: Phones) -> Self:
        return cls.model_validate(overview(view, admin, phones))


class Thread(Overview):
    """A thread with a page of its lines, the oldest of the page first."""

    reply_choice: ReplyChoice | None = Field(
        description="null where a reply can only be meant for the phone of the conversation"
    )
    scheduled_replies: list[WaitingReply] = Field(description="those that wait, the next first")
    messages: list[Message]
    answering: list[PresentAdmin] = Field(
        description="who says that they are writing an answer at this moment"
    )
    messages_cursor: str | None = Field(
        description="for the page of older messages; null when there are none"
    )

    @classmethod
    def with_lines(
        cls,
        view: ThreadView,
        admin: Identity,
        phones: Phones,
        messages: Sequence[Message],
        cursor: str | None,
        present: Sequence[Present],
    ) -> Self:
        return cls.model_validate(
            {
                **overview(view, admin, phones),
                "reply_choice": _reply_choice(view, phones),
                "scheduled_replies": [WaitingReply.from_json(each) for each in view.scheduled],
                "messages": list(messages),
                "messages_cursor": cursor,
                "answering": [PresentAdmin.model_validate(each) for each in present],
            }
        )


def _reply_choice(view: ThreadView, phones: Phones) -> ReplyChoice | None:
    return ReplyChoice.from_json(view.recipients, phones) if view.recipients else None


def overview(view: ThreadView, admin: Identity, phones: Phones) -> dict[str, object]:
    """The fields of an ``Overview`` for ``admin``."""
    pinned = [member for member in view.members if member["pinned"]]
    return {
        **listing.head(
            view, phones, is_unread=read_marks.is_unread(admin, view, view.read_through)
        ),
        "member": next(iter(pinned + view.members), None),
        "members": view.members,
        "assignee": view.assignee if view.assignee_id else None,
        "labels": view.labels,
    }
