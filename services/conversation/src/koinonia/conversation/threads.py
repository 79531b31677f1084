"""What every change of a thread has in common: its newest message, its status, its news.

Whoever changes a thread locks its row first. So ``unread_count`` is the number of its unread rows,
and ``last_message_*`` its newest message by ``(occurred_at, id)``, whatever comes together. A note
is a line of the thread, and neither of these counts it.
"""

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.conversation import cached
from koinonia.conversation.errors import ConversationMerged, NoSuchConversation
from koinonia.conversation.models import Direction, Reason

COLUMNS = """
    id, church_id, status, unread_count, our_number, phone_sealed, phone_index, last_message_at,
    assignee_id, snoozed_until, pinned_member_id
"""
PREVIEW = 160  # characters


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
    """A thread as whoever changes it found it."""

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
    is_new: bool = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """Of a row of ``COLUMNS``."""
        return cls(**row._mapping)


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
    rows = await db.untyped_rows(
        session,
        f"""
        SELECT {COLUMNS} FROM conversations
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE
        """,
        {"church": church_id, "ids": list(thread_ids)},
    )
    return [Thread.of(row) for row in rows]


async def missing(session: AsyncSession, church_id: UUID, thread_id: UUID) -> NoSuchConversation:
    """Why there is no such thread."""
    merged = await db.untyped_first(
        session,
        """
        SELECT into_id FROM merged_conversations
         WHERE church_id = :church AND conversation_id = :id
        """,
        {"church": church_id, "id": thread_id},
    )
    return (
        ConversationMerged(details={"id": str(merged.into_id)}) if merged else NoSuchConversation()
    )


async def remove(session: AsyncSession, thread: Thread) -> None:
    """Take away a thread without lines."""
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


async def tell(
    session: AsyncSession,
    thread: Thread,
    reason: Reason,
    line: Message | None = None,
    **changed: Any,
) -> None:
    """Say that ``thread``, as it was found, is ``changed`` now; ``line`` is what came into it."""
    await tell_all(session, thread.church_id, [news(thread, reason, line, **changed)])


async def tell_each(
    session: AsyncSession, found: Sequence[Thread], reason: Reason, **changed: Any
) -> None:
    """The same thing happened to each of the church's threads."""
    if found:
        events = [news(thread, reason, **changed) for thread in found]
        await tell_all(session, found[0].church_id, events)


async def tell_all(
    session: AsyncSession, church_id: UUID, events: Sequence[ConversationUpdated]
) -> None:
    """Whatever happened to the church's threads."""
    cached.forget(session, church_id)
    await outbox.add(session, *events)


def news(
    thread: Thread,
    reason: Reason,
    line: Message | None = None,
    merged_into_id: UUID | None = None,
    **changed: Any,
) -> ConversationUpdated:
    now = dataclasses.replace(thread, **changed)
    return ConversationUpdated(
        church_id=thread.church_id,
        conversation_id=thread.id,
        status=now.status,
        previous_status=None if thread.is_new else thread.status,
        unread_count=now.unread_count,
        reason=reason,
        message_id=line.id if line else None,
        direction=line.direction if line else None,
        preview=line.content[:PREVIEW] if line else None,
        last_message_at=_last_message_at(now, line),
        assignee_id=now.assignee_id,
        merged_into_id=merged_into_id,
    )


def _last_message_at(thread: Thread, line: Message | None) -> datetime:
    if line is None or line.direction is Direction.NOTE:
        return thread.last_message_at
    return max(thread.last_message_at, line.occurred_at)
