"""One thread, and a page of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.identity import Identity
from koinonia.conversation.errors import NoSuchConversation, NoSuchNote
from koinonia.conversation.listing import thread_pages
from koinonia.conversation.listing.thread_pages import ThreadHead
from koinonia.conversation.threads import group_recipients, read_marks
from koinonia.conversation.threads.group_recipients import RecipientJson
from koinonia.conversation.threads.vocabulary import Direction
from koinonia.conversation.viewing import thread_columns
from koinonia.conversation.viewing.thread_columns import (
    AdminJson,
    FileJson,
    LabelJson,
    MemberJson,
    ParticipantJson,
    ScheduledJson,
)

# A subselect, because row-level security lets no bare coalesce() through to the index.
GONE_INTO = """
    SELECT coalesce((SELECT into_id FROM merged_conversations
                      WHERE church_id = :church AND conversation_id = :id), :id)
"""


Place = tuple[datetime, UUID]
"""Time and id of a line, by which the lines of a thread are ordered."""


@dataclass(frozen=True, slots=True)
class ThreadView(ThreadHead):
    members: list[MemberJson]
    assignee: AdminJson
    labels: list[LabelJson]
    scheduled: list[ScheduledJson]
    recipients: list[RecipientJson] | None
    read_through: datetime | None  # by who asks


class LineView(NamedTuple):
    id: UUID
    direction: str
    content: str
    media_urls: list[str]
    status: str
    failure: str | None
    source: str | None
    parts: int | None
    mentions: list[UUID]
    occurred_at: datetime
    admin_id: UUID | None
    first_name: str | None
    last_name: str | None
    answers_id: UUID | None
    message_text: str | None
    message_sent_at: datetime | None
    media: list[FileJson] | None
    participants: list[ParticipantJson] | None


async def thread(session: db.Session, admin: Identity, thread_id: UUID) -> ThreadView:
    """One thread with its surroundings, as ``admin`` sees it. For one that was merged into another
    this is the other: ``id`` tells."""
    return await db.one(
        session,
        ThreadView,
        f"""
        SELECT {thread_pages.HEAD},
               {thread_columns.OPTED_OUT} AS is_opted_out,
               {thread_columns.MEMBERS} AS members,
               {thread_columns.ASSIGNEE} AS assignee,
               {thread_columns.LABELS} AS labels,
               {thread_columns.SCHEDULED} AS scheduled,
               {group_recipients.UNANSWERED} AS recipients,
               {read_marks.read_through("c.id")} AS read_through
          FROM conversations AS c
          {thread_pages.STOP_QUESTION}
         WHERE c.church_id = :church
           AND c.id = ({GONE_INTO})
        """,
        {"church": admin.church_id, "admin": admin.admin_id, "id": thread_id},
        missing=NoSuchConversation,
    )


async def messages(
    session: db.Session,
    church_id: UUID,
    thread_id: UUID,
    *,
    before: Place | None,
    take: int,
    skip: int = 0,
    directions: Sequence[Direction] = tuple(Direction),
) -> list[LineView]:
    """The newest lines before a place, newest first, without ``skip`` of them
    (ix_conversation_messages_thread)."""
    some = "AND direction = ANY(:directions)" if set(directions) != set(Direction) else ""
    earlier = "AND (occurred_at, id) < (:before_at, :before_id)" if before else ""
    before_at, before_id = before or (None, None)
    return await _lines(
        session,
        f"""
        conversation_id = :thread {some} {earlier}
        ORDER BY occurred_at DESC, id DESC LIMIT :take OFFSET :skip
        """,
        {
            "church": church_id,
            "thread": thread_id,
            "take": take,
            "skip": skip,
            **({"directions": [str(each) for each in directions]} if some else {}),
            **({"before_at": before_at, "before_id": before_id} if before else {}),
        },
    )


async def written_note(
    session: AsyncSession, church_id: UUID, thread_id: UUID, note_id: UUID
) -> LineView:
    """One note, as among the lines of its thread."""
    found = await _lines(
        session,
        "conversation_id = :thread AND id = :id AND direction = 'note'",
        {"church": church_id, "thread": thread_id, "id": note_id},
    )
    if not found:
        raise NoSuchNote
    return found[0]


async def _lines(session: db.Session, chosen: str, parameters: dict[str, object]) -> list[LineView]:
    """The lines are chosen before their surroundings are looked up."""
    return await db.rows(
        session,
        LineView,
        f"""
        SELECT m.id, m.direction, m.content, m.media_urls, m.status, m.failure, m.source, m.parts,
               m.mentions, m.occurred_at, m.admin_id, a.first_name, a.last_name,
               u.message_id AS answers_id, u.message_text, u.message_sent_at, f.media,
               g.participants
          FROM (SELECT * FROM conversation_messages WHERE church_id = :church AND {chosen}) AS m
          {thread_columns.AUTHOR}
          {thread_columns.ANSWERS}
          {thread_columns.MEDIA}
          {thread_columns.PARTICIPANTS}
         ORDER BY m.occurred_at DESC, m.id DESC
        """,
        parameters,
    )
