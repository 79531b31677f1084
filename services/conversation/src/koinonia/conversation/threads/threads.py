"""Threads for whoever changes them: locked, with their newest message.

Whoever changes a thread locks its row first. So ``unread_count`` is the number of its unread rows,
and ``last_message_*`` its newest message by ``(occurred_at, id)``, whatever happens at one time. A
note is a line of the thread, and neither of these counts it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.conversation.errors import ConversationMerged, NoSuchConversation
from koinonia.conversation.threads.media_summary import NOTHING, Summary
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
    media: Summary = NOTHING
    participants: int = 0  # of a group text: who else got it


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


async def unlocked(session: AsyncSession, church_id: UUID, thread_id: UUID) -> Thread:
    """The thread for whoever only looks at it; raises ``NoSuchConversation``."""
    found = await db.first(
        session,
        Thread,
        f"SELECT {COLUMNS} FROM conversations WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": thread_id},
    )
    if found is None:
        raise await missing(session, church_id, thread_id)
    return found


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


async def missing(session: db.Session, church_id: UUID, thread_id: UUID) -> NoSuchConversation:
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


class _Line(NamedTuple):
    direction: str
    content: str
    media_urls: list[str]
    status: str
    occurred_at: datetime
    participants: int


async def rewrite_line(
    session: AsyncSession, church_id: UUID, message_id: UUID, media: Summary, words: str | None
) -> Message:
    """Write what files a line has, and words that came as one, unless it says them already; also
    what the list shows of it where it is the last of its locked thread."""
    line = await db.first(
        session,
        _Line,
        """
        WITH line AS (
            UPDATE conversation_messages
               SET media_kind = :kind, media_count = :count,
                   content = CASE WHEN strpos(content, :words) > 0 THEN content
                                  WHEN content ~ '[^[:space:]]'
                                       THEN concat(content, E'\\n', CAST(:words AS text))
                                  ELSE :words END
             WHERE church_id = :church AND id = :id
            RETURNING id, conversation_id, direction, content, media_urls, status, occurred_at
        ), shown AS (
            UPDATE conversations AS c
               SET last_message_media_kind = :kind, last_message_media_count = :count,
                   last_message_content = line.content
              FROM line WHERE c.id = line.conversation_id AND c.last_message_id = line.id
        )
        SELECT direction, content, media_urls, status, occurred_at,
               (SELECT count(*) FROM line_participants AS p
                 WHERE p.church_id = :church AND p.message_id = line.id) AS participants
          FROM line
        """,
        {
            "church": church_id,
            "id": message_id,
            "kind": media.kind,
            "count": media.count,
            "words": words or "",
        },
    )
    assert line is not None  # a line with files is never removed
    return Message(
        id=message_id,
        church_id=church_id,
        direction=Direction(line.direction),
        content=line.content,
        media_urls=line.media_urls,
        status=line.status,
        occurred_at=line.occurred_at,
        media=media,
        participants=line.participants,
    )


@dataclass(frozen=True, slots=True)
class OpenedThread(Thread):
    """A thread that was there, or that began."""

    is_new: bool


async def open_for(
    session: AsyncSession, church_id: UUID, our_number: str, phone_index: str, phone_sealed: str
) -> OpenedThread:
    """The thread of a phone with a number of ours, locked. A new one is empty, which is told by
    its own id in the place of that of its last message: any line comes after that."""
    thread = await db.first(
        session,
        OpenedThread,
        f"""
        INSERT INTO conversations (id, church_id, number_id, our_number, phone_index, phone_sealed,
                                   status, last_message_at, last_message_id,
                                   last_message_direction, last_message_content,
                                   last_message_status)
        VALUES (:id, :church,
                (SELECT number_id FROM number_routes
                  WHERE phone_number = :our_number AND church_id = :church
                  ORDER BY valid_to IS NULL DESC, valid_from DESC LIMIT 1),
                :our_number, :index, :sealed, 'open', :at, :id, 'outbound', '', 'pending')
        ON CONFLICT (church_id, our_number, phone_index)
        DO UPDATE SET number_id = excluded.number_id
        RETURNING {COLUMNS}, id = :id AS is_new
        """,
        {
            "id": db.uuid7(),
            "church": church_id,
            "our_number": our_number,
            "index": phone_index,
            "sealed": phone_sealed,
            "at": clock.now(),
        },
    )
    assert thread is not None
    return thread


async def promote(session: AsyncSession, thread_id: UUID, message: Message) -> None:
    """Make the message the thread's last one, unless a newer one is there: late texts slot in."""
    await db.run(
        session,
        """
        UPDATE conversations
           SET last_message_at = :at, last_message_id = :message,
               last_message_direction = :direction, last_message_content = :content,
               last_message_status = :status, last_message_media_kind = :media_kind,
               last_message_media_count = :media_count
         WHERE id = :id
           AND (last_message_id = id OR (last_message_at, last_message_id) < (:at, :message))
        """,
        {
            "id": thread_id,
            "at": message.occurred_at,
            "message": message.id,
            "direction": message.direction,
            "content": message.content,
            "status": message.status,
            "media_kind": message.media.kind,
            "media_count": message.media.count,
        },
    )
