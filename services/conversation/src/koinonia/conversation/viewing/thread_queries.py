"""One thread, and a page of its lines."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.errors import NoSuchConversation, NoSuchNote
from koinonia.conversation.viewing import thread_columns

# A subselect, because row-level security lets no bare coalesce() through to the index.
GONE_INTO = """
    SELECT coalesce((SELECT into_id FROM merged_conversations
                      WHERE church_id = :church AND conversation_id = :id), :id)
"""


async def thread(session: AsyncSession, church_id: UUID, thread_id: UUID) -> Any:
    """One thread with all that is known around it. One that was merged away is answered by the
    thread it went into: ``id`` tells."""
    row = await db.untyped_first(
        session,
        f"""
        SELECT {thread_columns.HEAD},
               {thread_columns.OPTED_OUT} AS is_opted_out,
               {thread_columns.MEMBERS} AS members,
               {thread_columns.ASSIGNEE} AS assignee,
               {thread_columns.LABELS} AS labels,
               {thread_columns.SCHEDULED} AS scheduled
          FROM conversations AS c
         WHERE c.church_id = :church
           AND c.id = ({GONE_INTO})
        """,
        {"church": church_id, "id": thread_id},
    )
    if row is None:
        raise NoSuchConversation
    return row


async def messages(
    session: AsyncSession,
    church_id: UUID,
    thread_id: UUID,
    *,
    before: tuple[Any, ...] | None,
    take: int,
) -> Sequence[Any]:
    """The newest lines before a place, newest first (ix_conversation_messages_thread)."""
    earlier = "AND (occurred_at, id) < (:before_at, :before_id)" if before else ""
    before_at, before_id = before or (None, None)
    return await _lines(
        session,
        f"""
        conversation_id = :thread {earlier}
        ORDER BY occurred_at DESC, id DESC LIMIT :take
        """,
        {
            "church": church_id,
            "thread": thread_id,
            "take": take,
            **({"before_at": before_at, "before_id": before_id} if before else {}),
        },
    )


async def note(session: AsyncSession, church_id: UUID, thread_id: UUID, note_id: UUID) -> Any:
    """One note, as among the lines of its thread."""
    found = await _lines(
        session,
        "conversation_id = :thread AND id = :id AND direction = 'note'",
        {"church": church_id, "thread": thread_id, "id": note_id},
    )
    if not found:
        raise NoSuchNote
    return found[0]


async def _lines(
    session: AsyncSession, chosen: str, parameters: Mapping[str, Any]
) -> Sequence[Any]:
    """The lines are chosen before anything around them is looked up."""
    return await db.untyped_rows(
        session,
        f"""
        SELECT m.id, m.direction, m.content, m.media_urls, m.status, m.failure, m.source, m.parts,
               m.mentions, m.occurred_at, m.admin_id, a.first_name, a.last_name,
               u.message_id AS answers_id, u.message_text, u.message_sent_at, f.media
          FROM (SELECT * FROM conversation_messages WHERE church_id = :church AND {chosen}) AS m
          {thread_columns.AUTHOR}
          {thread_columns.ANSWERS}
          {thread_columns.MEDIA}
         ORDER BY m.occurred_at DESC, m.id DESC
        """,
        parameters,
    )
