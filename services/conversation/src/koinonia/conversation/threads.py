"""What every change of a thread has in common: its newest message, its status, its news.

Whoever changes a thread locks its row first. So ``unread_count`` is the number of its unread rows,
and ``last_message_*`` its newest message by ``(occurred_at, id)``, whatever comes together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.conversation.errors import NoSuchConversation
from koinonia.conversation.models import Direction, Status


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


async def locked(session: AsyncSession, church_id: UUID, thread_id: UUID) -> Any:
    """The thread for whoever changes it; raises ``NoSuchConversation``."""
    row = await db.first(
        session,
        """
        SELECT id, status, unread_count, our_number, phone_sealed, phone_index
          FROM conversations WHERE church_id = :church AND id = :id FOR UPDATE
        """,
        {"church": church_id, "id": thread_id},
    )
    if row is None:
        raise NoSuchConversation
    return row


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


async def mark_read(session: AsyncSession, church_id: UUID, thread_id: UUID) -> None:
    """Everything in the thread is read."""
    thread = await locked(session, church_id, thread_id)
    if not thread.unread_count:
        return
    await db.run(
        session,
        """
        UPDATE conversation_messages SET is_read = true
         WHERE church_id = :church AND conversation_id = :id AND NOT is_read
        """,
        {"church": church_id, "id": thread_id},
    )
    await db.run(
        session, "UPDATE conversations SET unread_count = 0 WHERE id = :id", {"id": thread_id}
    )
    await tell(session, church_id, thread_id, thread.status, thread.status, 0)


async def change_status(
    session: AsyncSession, church_id: UUID, thread_id: UUID, status: Status
) -> None:
    thread = await locked(session, church_id, thread_id)
    if thread.status == status:
        return
    await db.run(
        session,
        "UPDATE conversations SET status = :status WHERE id = :id",
        {"id": thread_id, "status": status},
    )
    await tell(session, church_id, thread_id, status, thread.status, thread.unread_count)


async def tell(
    session: AsyncSession,
    church_id: UUID,
    thread_id: UUID,
    status: str,
    previous: str | None,
    unread: int,
) -> None:
    """``conversation.updated``; ``previous`` is None for a new thread."""
    event = ConversationUpdated(
        church_id=church_id,
        conversation_id=thread_id,
        status=status,
        previous_status=previous,
        unread_count=unread,
    )
    await outbox.add(session, event)
