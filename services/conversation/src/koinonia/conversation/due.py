"""What is due at a time, of any church: ids only, so that one look finds the work of all.

A loop takes one row at a time: :func:`each` opens a transaction, holds the row against other
workers, enters its church and runs the action, which ends by dropping or moving the row. An action
that fails is tried again a minute later and holds up nobody meanwhile.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.conversation.running import Running

log = structlog.get_logger()

AGAIN = timedelta(minutes=1)


class Kind(StrEnum):
    SNOOZE = "snooze"  # id of the thread
    SCHEDULED_REPLY = "scheduled_reply"  # its own id
    MEDIA = "media"  # id of the file that is to be fetched
    UPLOAD = "upload"  # id of the file that is forgotten unless it was sent


async def put(
    session: AsyncSession, kind: Kind, work_id: UUID, church_id: UUID, at: datetime
) -> None:
    """Make it due at ``at``, or move it there."""
    await put_all(session, kind, [work_id], church_id, at)


async def put_all(
    session: AsyncSession, kind: Kind, ids: Collection[UUID], church_id: UUID, at: datetime
) -> None:
    await db.run(
        session,
        """
        INSERT INTO due_work (kind, id, church_id, due_at)
        SELECT :kind, id, :church, :at FROM unnest(CAST(:ids AS uuid[])) AS given (id) ORDER BY id
        ON CONFLICT (kind, id) DO UPDATE SET due_at = excluded.due_at
        """,
        {"kind": kind, "ids": list(ids), "church": church_id, "at": at},
    )


async def drop(session: AsyncSession, kind: Kind, *ids: UUID) -> None:
    await db.run(
        session,
        "DELETE FROM due_work WHERE kind = :kind AND id = ANY(CAST(:ids AS uuid[]))",
        {"kind": kind, "ids": list(ids)},
    )


async def lease(session: AsyncSession, kind: Kind, most: int, until: datetime) -> Sequence[Any]:
    """``id`` and ``church_id`` of up to ``most`` that are due, put off ``until`` then: for work
    that takes longer than a transaction should. Who ends it drops it; a crash repeats it."""
    return await db.untyped_rows(
        session,
        """
        WITH chosen AS MATERIALIZED (  -- or a plan might choose once more for each row
            SELECT kind, id FROM due_work WHERE kind = :kind AND due_at <= :now
             ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
        UPDATE due_work AS w SET due_at = :until FROM chosen AS c
         WHERE w.kind = c.kind AND w.id = c.id
        RETURNING w.id, w.church_id
        """,
        {"kind": kind, "now": clock.now(), "most": most, "until": until},
    )


async def each(
    running: Running, kind: Kind, action: Callable[[AsyncSession, UUID, UUID], Awaitable[None]]
) -> None:
    """``action(session, church_id, id)`` for all that is due by now, one transaction each."""
    while not running.stop.is_set() and await _next(running.database, kind, action):
        pass


async def _next(
    database: db.Database,
    kind: Kind,
    action: Callable[[AsyncSession, UUID, UUID], Awaitable[None]],
) -> bool:
    row = None
    try:
        async with database.transaction() as session:
            row = await _claim(session, kind)
            if row is not None:
                await db.enter_church(session, row.church_id)
                await action(session, row.church_id, row.id)
    except Exception:
        if row is None:
            raise
        log.exception("due.broken", kind=kind, id=str(row.id))
        async with database.transaction() as session:
            await put(session, kind, row.id, row.church_id, clock.now() + AGAIN)
    return row is not None


async def _claim(session: AsyncSession, kind: Kind) -> Any:
    return await db.untyped_first(
        session,
        """
        SELECT id, church_id FROM due_work WHERE kind = :kind AND due_at <= :now
         ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
        """,
        {"kind": kind, "now": clock.now()},
    )
