"""What is due at a time, of any church: ids only, so that one look finds the work of all.

A loop takes one row at a time: :func:`do_each` opens a transaction, locks the row against other
workers, enters its church and runs the action, which ends by dropping or moving the row. An action
that fails is tried again a minute later and delays no other work.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, leases
from koinonia.conversation.running import Running

log = structlog.get_logger()

PAUSE_AFTER_FAILURE = timedelta(minutes=1)


class Kind(StrEnum):
    SNOOZE = "snooze"  # id of the thread
    SCHEDULED_REPLY = "scheduled_reply"  # its own id
    MEDIA = "media"  # id of the file that is to be fetched
    UPLOAD = "upload"  # id of the file that is forgotten unless it was sent
    SETTLING = "settling"  # id of the admin who has read something
    WITHDRAWAL = "withdrawal"  # id of the admin who may not answer any more


class Work(NamedTuple):
    id: UUID
    church_id: UUID


Action = Callable[[AsyncSession, UUID, UUID], Awaitable[None]]
"""``action(session, church_id, id)``"""

_DUE = leases.DueTable("due_work", Work, key=("kind", "id"), due="due_at", condition="kind = :kind")


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


async def put_unless_due(
    session: AsyncSession, kind: Kind, work_id: UUID, church_id: UUID, at: datetime
) -> None:
    """Make it due at ``at``, unless it is due at any time."""
    await db.run(
        session,
        """
        INSERT INTO due_work (kind, id, church_id, due_at) VALUES (:kind, :id, :church, :at)
        ON CONFLICT (kind, id) DO NOTHING
        """,
        {"kind": kind, "id": work_id, "church": church_id, "at": at},
    )


async def drop(session: AsyncSession, kind: Kind, *ids: UUID) -> None:
    await db.run(
        session,
        "DELETE FROM due_work WHERE kind = :kind AND id = ANY(CAST(:ids AS uuid[]))",
        {"kind": kind, "ids": list(ids)},
    )


async def claim(session: AsyncSession, kind: Kind, most: int, lease: timedelta) -> Sequence[Work]:
    """Up to ``most`` that are due, put off for ``lease``: for work that takes longer than a
    transaction should. Whoever ends it drops it; after a crash it is done again."""
    return await leases.claim(session, _DUE, most=most, lease=lease, parameters={"kind": kind})


async def do_each(running: Running, kind: Kind, action: Action) -> None:
    """Run ``action`` for all that is due by now, one transaction each."""
    while not running.stop.is_set() and await _do_next(running.database, kind, action):
        pass


async def _do_next(database: db.Database, kind: Kind, action: Action) -> bool:
    work = None
    try:
        async with database.transaction() as session:
            for work in await leases.lock(session, _DUE, most=1, parameters={"kind": kind}):
                await db.enter_church(session, work.church_id)
                await action(session, work.church_id, work.id)
    except Exception:
        if work is None:
            raise
        log.exception("due.broken", kind=kind, id=str(work.id))
        at = clock.now() + PAUSE_AFTER_FAILURE
        async with database.transaction() as session:
            await put(session, kind, work.id, work.church_id, at)
    return work is not None
