"""Threads for whoever changes them: locked, with their newest message.

Whoever changes a thread locks its row first. So ``unread_count`` is the number of its unread rows,
and ``last_message_*`` its newest message by ``(occurred_at, id)``, whatever happens at one time. A
note is a line of the thread, and neither of these counts it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.errors import ConversationMerged, NoSuchConversation
from koinonia.conversation.threads.vocabulary import Direction

COLUMNS = """
    id, church_id, status, unread_count, our_number, phone_sealed, phone_index, last_message_at,
    assignee_id, snoozed_until, pinned_member_id
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A message about to become a row of a thread."""

    id: UUID
    church_id: UUID
    direction: Direction
    content: str
    media_urls: Sequence[str]
    status: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as whoever changes it found it: a row of ``COLUMNS``."""

    id: UUID
    church_id: UUID
    status: str
    unread_count: int
    our_number: str
    phone_sealed: str
    phone_index: str
    last_message_at: datetime
    assignee_id: UUID | None
    snoozed_until: datetime | None
    pinned_member_id: UUID | None


async def locked(session: AsyncSession, church_id: UUID, thread_id: UUID) -> Thread:
    """The thread for whoever changes it; raises ``NoSuchConversation``."""
    found = await locked_together(session, church_id, [thread_id])
    if not found:
        raise await missing(session, church_id, thread_id)
    return found[0]


async def locked_together(
    session: AsyncSession, church_id: UUID, thread_ids: Collection[UUID]
) -> list[Thread]:
    """Those of the threads that exist, locked in the order of their ids, as by everyone."""
    return await db.rows(
        session,
        Thread,
        f"""
        SELECT {COLUMNS} FROM conversations
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE
        """,
        {"church": church_id, "ids": list(thread_ids)},
    )


async def of_phone(session: AsyncSession, church_id: UUID, phone_index: str) -> list[Thread]:
    """The threads of one phone, on whichever of our numbers, locked in the order of their ids."""
    return await db.rows(
        session,
        Thread,
        f"""
        SELECT {COLUMNS} FROM conversations
         WHERE church_id = :church AND phone_index = :index ORDER BY id FOR UPDATE
        """,
        {"church": church_id, "index": phone_index},
    )


async def missing(session: AsyncSession, church_id: UUID, thread_id: UUID) -> NoSuchConversation:
    """Why there is no such thread."""
    into_id = await db.value(
        session,
        UUID,
        """
        SELECT into_id FROM merged_conversations
         WHERE church_id = :church AND conversation_id = :id
        """,
        {"church": church_id, "id": thread_id},
    )
    return ConversationMerged(details={"id": str(into_id)}) if into_id else NoSuchConversation()


async def remove(session: AsyncSession, thread: Thread) -> None:
    """Delete a thread without lines."""
    await db.run(
        session,
        "DELETE FROM conversations WHERE church_id = :church AND id = :id",
        {"church": thread.church_id, "id": thread.id},
    )


async def promote(session: AsyncSession, thread_id: UUID, message: Message) -> None:
    """Make the message the thread's last one, unless a newer one is there: late texts slot in."""
    await db.run(
        session,
        """
        UPDATE conversations
           SET last_message_at = :at, last_message_id = :message,
               last_message_direction = :direction, last_message_content = :content,
               last_message_status = :status
         WHERE id = :id AND (last_message_at, last_message_id) < (:at, :message)
        """,
        {
            "id": thread_id,
            "at": message.occurred_at,
            "message": message.id,
            "direction": message.direction,
            "content": message.content,
            "status": message.status,
        },
    )
