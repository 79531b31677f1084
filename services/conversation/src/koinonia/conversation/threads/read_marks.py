"""How far each of the team has read each thread, beside the church's own ``unread_count``.

A thread is unread for somebody if a text was taken in after they read it last, or after they joined
where they never did. Taken in, not sent: a text that the carrier delivers late is unread as well.
``conversations.last_received_at`` rises with each text and a mark is a copy of it, so no clock
decides whether a thread that somebody read is unread again.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.conversation import ConversationsRead
from koinonia.common.identity import Identity, Role
from koinonia.conversation import due_work, list_cache
from koinonia.conversation.due_work import Kind

BEHIND = timedelta(minutes=10)
"""How long after a text it may be settled who has not read it: it has its stamp before its commit,
and no transaction lasts so long (30 s a statement)."""


def next_received_at(column: str) -> str:
    """SQL: of a locked thread that gets a text, after what it has in ``column``."""
    return f"greatest(clock_timestamp(), {column} + interval '1 microsecond')"


def read_through(thread_id: str) -> str:
    """SQL: how far ``:admin`` has read this thread; null where they are not known yet."""
    return f"""
        greatest((SELECT read_through FROM read_marks
                   WHERE church_id = :church AND admin_id = :admin
                     AND conversation_id = {thread_id}),
                 (SELECT reads_from FROM team WHERE church_id = :church AND admin_id = :admin))
    """


class Received(Protocol):
    """What of a thread decides, with a mark, whether it is unread for somebody."""

    @property
    def id(self) -> UUID: ...
    @property
    def unread_count(self) -> int: ...
    @property
    def last_received_at(self) -> datetime | None: ...


class _Mark(NamedTuple):
    conversation_id: UUID
    read_through: datetime | None


Marks = Mapping[str, datetime | None]
"""How far one person has read threads, by the ids of the threads."""


async def marks(session: db.Session, admin: Identity, thread_ids: Collection[UUID]) -> Marks:
    """Of a page of threads, looked up one by one (read_marks_pkey)."""
    if not thread_ids:
        return {}
    found = await db.rows(
        session,
        _Mark,
        f"""
        SELECT w.id AS conversation_id, {read_through("w.id")} AS read_through
          FROM unnest(CAST(:ids AS uuid[])) AS w (id)
        """,
        {"church": admin.church_id, "admin": admin.admin_id, "ids": list(thread_ids)},
    )
    return {str(mark.conversation_id): mark.read_through for mark in found}


def is_unread(admin: Identity, thread: Received, through: datetime | None) -> bool:
    """Whether it is unread for them. A viewer marks nothing as read, so for them it is what it is
    for the church."""
    if not admin.role.includes(Role.STAFF):
        return thread.unread_count > 0
    if thread.last_received_at is None or through is None:
        return False
    return thread.last_received_at > through


async def record(session: AsyncSession, admin: Identity, thread_ids: Collection[UUID]) -> None:
    """They have read these threads, which are locked. Their streams are told, unless they had
    read them already."""
    read = await db.values(
        session,
        UUID,
        """
        INSERT INTO read_marks (church_id, admin_id, conversation_id, read_through)
        SELECT church_id, :admin, id, last_received_at FROM conversations
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
           AND last_received_at IS NOT NULL
         ORDER BY id
        ON CONFLICT (church_id, admin_id, conversation_id)
        DO UPDATE SET read_through = excluded.read_through
         WHERE read_marks.read_through < excluded.read_through
        RETURNING conversation_id
        """,
        {"church": admin.church_id, "admin": admin.admin_id, "ids": list(thread_ids)},
    )
    if read:
        event = ConversationsRead(
            church_id=admin.church_id, admin_id=admin.admin_id, conversation_ids=tuple(read)
        )
        await outbox.add(session, event)
        await _forget_unread(session, admin, read)
    list_cache.forget_marks(session, admin.church_id, admin.admin_id)


async def _forget_unread(
    session: AsyncSession, admin: Identity, thread_ids: Collection[UUID]
) -> None:
    """What they have read is settled some time after (``unread_threads``)."""
    await db.run(
        session,
        """
        DELETE FROM unread_threads
         WHERE church_id = :church AND admin_id = :admin
           AND conversation_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"church": admin.church_id, "admin": admin.admin_id, "ids": list(thread_ids)},
    )
    at = clock.now() + BEHIND
    await due_work.put_unless_due(session, Kind.SETTLING, admin.admin_id, admin.church_id, at)


async def merge(session: AsyncSession, church_id: UUID, into_id: UUID, gone_id: UUID) -> None:
    """Who has read both has read what they become; who has not read one has not. The threads are
    locked."""
    given = {"church": church_id, "into": into_id, "gone": gone_id}
    await db.run(
        session,
        """
        INSERT INTO read_marks (church_id, admin_id, conversation_id, read_through)
        SELECT :church, admin_id, :into,
               coalesce(min(through) FILTER (WHERE last_received_at > through),
                        max(last_received_at))
          FROM (SELECT a.admin_id, c.last_received_at,
                       greatest(m.read_through, t.reads_from) AS through
                  FROM (SELECT DISTINCT admin_id FROM read_marks
                         WHERE church_id = :church AND conversation_id IN (:into, :gone)) AS a
                  JOIN conversations AS c
                    ON c.church_id = :church AND c.id IN (:into, :gone)
                  LEFT JOIN read_marks AS m
                    ON m.church_id = :church AND m.admin_id = a.admin_id
                   AND m.conversation_id = c.id
                  LEFT JOIN team AS t ON t.church_id = :church AND t.admin_id = a.admin_id
               ) AS each_thread
         GROUP BY admin_id
        ON CONFLICT (church_id, admin_id, conversation_id)
        DO UPDATE SET read_through = excluded.read_through
        """,
        given,
    )
    await db.run(
        session,
        """
        UPDATE conversations AS c
           SET last_received_at = greatest(c.last_received_at, g.last_received_at)
          FROM conversations AS g
         WHERE c.church_id = :church AND c.id = :into AND g.church_id = :church AND g.id = :gone
        """,
        given,
    )
