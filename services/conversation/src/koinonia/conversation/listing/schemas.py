"""Schemas of a thread in lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from koinonia.common import phone
from koinonia.common.phone import Phones
from koinonia.common.web import Json, Schema
from koinonia.conversation.listing.thread_pages import ListedThread, ThreadHead
from koinonia.conversation.threads.group_recipients import RecipientJson
from koinonia.conversation.threads.media_summary import MediaKind
from koinonia.conversation.threads.vocabulary import Direction, LineStatus, Status


class Member(Schema):
    id: UUID
    first_name: str
    last_name: str


class Participant(Schema):
    """A phone that a group text went to."""

    phone: str = Field(examples=["+12025550143"])
    member: Member | None = Field(description="the first by name of those known on this phone")
    member_count: int = Field(description="how many people are known on this phone", examples=[1])

    @classmethod
    def from_columns(
        cls, number: str, member_id: str | None, *names: str | None, people: int | None
    ) -> Self:
        """``names`` are the first and the last."""
        return cls(phone=number, member=_named(member_id, *names), member_count=people or 0)


class Recipient(Participant):
    """Somebody to whom a reply to a group text may be meant."""

    is_sender: bool
    may_be_texted: bool = Field(
        description="known to the church, and not opted out; a reply to others is refused"
    )

    @classmethod
    def from_json(cls, given: RecipientJson, phones: Phones) -> Self:
        number = phones.open(given["phone"])
        return cls(
            phone=number,
            member=_named(given["memberId"], given["firstName"], given["lastName"]),
            member_count=given["people"] or 0,
            is_sender=given["isSender"],
            may_be_texted=given["isKnown"] and not given["isOptedOut"] and _is_phone(number),
        )


class ReplyChoice(Schema):
    """The newest text went to several people, and nobody has answered it: a reply goes to one of
    them, and its `recipient` says to whom."""

    recipients: list[Recipient] = Field(description="the sender first")

    @classmethod
    def from_json(cls, given: Sequence[RecipientJson], phones: Phones) -> Self:
        return cls(recipients=[Recipient.from_json(each, phones) for each in given])


class MediaSummary(Schema):
    """The pictures and files of a line, which may have no words."""

    kind: MediaKind = Field(description="file where they are of several kinds")
    count: int = Field(examples=[2])

    @classmethod
    def from_columns(cls, kind: str | None, count: int | None) -> Self | None:
        return cls(kind=MediaKind(kind), count=count or 0) if kind else None


class LastMessage(Schema):
    id: UUID
    direction: Direction
    content: str
    media: MediaSummary | None = Field(description="null where it has no file")
    status: LineStatus = Field(
        description="received, or how far our reply got", examples=["delivered"]
    )
    created_at: datetime


class StopQuestion(Schema):
    """A text that may ask to stop: broadcasts to the phone wait until it is settled."""

    asked_at: datetime
    counts_from: datetime = Field(description="unsettled, it is a stop from then on")
    words: str | None = Field(
        description="of the text; null for the moment until it is here",
        examples=["No more, please"],
    )


class Conversation(Schema):
    """A thread: one person's phone and one of the church's numbers."""

    id: UUID
    status: Status
    unread_count: int = Field(description="texts that nobody of the church has read")
    unread_for_me: bool = Field(
        description="a text came since who asks read it; of a viewer, since anybody did"
    )
    last_message_at: datetime
    phone: str = Field(examples=["+12025550142"])
    our_number: str = Field(examples=["+12025550100"])
    opted_out: bool = Field(description="replies are refused until this phone texts START")
    stop_question: StopQuestion | None = Field(
        description="settled by POST /api/consents/stop-question, or by a clear text of the phone"
    )
    member: Member | None = Field(
        description="whom staff pinned, else the first by name of those known on this phone"
    )
    assignee_id: UUID | None = Field(description="whose it is, of the team")
    snoozed_until: datetime | None = Field(description="open again then, or with the next text")
    last_message: LastMessage | None = Field(
        description="null in a conversation that staff began and in which nothing was said"
    )


class Listed(Conversation):
    """A row of the list. ``GET /api/conversations/{id}`` names the labels and the members."""

    labels: list[UUID] = Field(description="ids; GET /api/labels names them")
    member_count: int = Field(description="how many people are known on this phone", examples=[1])

    @classmethod
    def from_row(cls, row: ListedThread, phones: Phones, *, is_unread: bool) -> Self:
        """``is_unread`` for who asks."""
        return cls.model_validate(listed(row, phones, is_unread=is_unread))


def listed(row: ListedThread, phones: Phones, *, is_unread: bool) -> Json:
    """The JSON of a ``Listed``; ``is_unread`` for who asks."""
    return {
        **head(row, phones, is_unread=is_unread),
        "member": _first_member(row),
        "labels": row.labels,
        "memberCount": row.members,
    }


def head(row: ThreadHead, phones: Phones, *, is_unread: bool) -> Json:
    """The JSON of a ``Conversation``, but for its member; ``is_unread`` for who asks."""
    return {
        "id": row.id,
        "status": row.status,
        "unreadCount": row.unread_count,
        "unreadForMe": is_unread,
        "lastMessageAt": row.last_message_at,
        "phone": phones.open(row.phone_sealed),
        "ourNumber": row.our_number,
        "optedOut": row.is_opted_out,
        "stopQuestion": _stop_question(row),
        "assigneeId": row.assignee_id,
        "snoozedUntil": row.snoozed_until,
        "lastMessage": _last_message(row),
    }


def _last_message(row: ThreadHead) -> Json | None:
    if row.last_message_id == row.id:
        return None
    return {
        "id": row.last_message_id,
        "direction": row.last_message_direction,
        "content": row.last_message_content,
        "media": MediaSummary.from_columns(
            row.last_message_media_kind, row.last_message_media_count
        ),
        "status": row.last_message_status,
        "createdAt": row.last_message_at,
    }


def _stop_question(row: ThreadHead) -> Json | None:
    if row.stop_asked_at is None:
        return None
    return {
        "askedAt": row.stop_asked_at,
        "countsFrom": row.stop_counts_from,
        "words": row.stop_words,
    }


def _named(member_id: str | None, first_name: str | None, last_name: str | None) -> Member | None:
    if member_id is None:
        return None
    names = {"first_name": first_name, "last_name": last_name}
    return Member.model_validate({"id": member_id, **names})


def _is_phone(number: str) -> bool:
    """A group may hold a mail address."""
    try:
        phone.parse(number)
    except phone.InvalidPhone:
        return False
    return True


def _first_member(row: ListedThread) -> Json | None:
    if row.member_id is None:
        return None
    return {"id": row.member_id, "firstName": row.first_name, "lastName": row.last_name}
