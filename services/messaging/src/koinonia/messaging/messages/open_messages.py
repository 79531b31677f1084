"""Which messages are not over, across churches: ids only, and when to look at each.

A claim is a lease: it moves the next look into the future before anything is done, so a worker
that dies in between is followed by another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db

FIRST_LOOK = timedelta(minutes=5)  # by then billing has answered, unless something is wrong
LEASE = timedelta(minutes=10)  # longer than asking a slow carrier about as much as we ever ask


@dataclass(frozen=True, slots=True)
class Watched:
    message_id: UUID
    church_id: UUID
    opened_at: datetime


async def begin(session: AsyncSession, church_id: UUID, message_id: UUID) -> None:
    now = clock.now()
    await db.run(
        session,
        """
        INSERT INTO open_messages (message_id, church_id, opened_at, look_at)
        VALUES (:message, :church, :now, :look_at)
        """,
        {"message": message_id, "church": church_id, "now": now, "look_at": now + FIRST_LOOK},
    )


async def end(session: AsyncSession, message_ids: Sequence[UUID]) -> None:
    """Nothing of these messages is open any more."""
    if message_ids:
        await db.run(
            session,
            "DELETE FROM open_messages WHERE message_id = ANY(CAST(:ids AS uuid[]))",
            {"ids": list(message_ids)},
        )


async def claim(session: AsyncSession) -> Watched | None:
    """Takes the message that is due for longest, so that nobody else does until the lease ends."""
    row = await db.untyped_first(
        session,
        """
        WITH due AS MATERIALIZED (
            SELECT message_id FROM open_messages WHERE look_at <= :now
             ORDER BY look_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        UPDATE open_messages o SET look_at = :lease_ends FROM due
         WHERE o.message_id = due.message_id
        RETURNING o.message_id, o.church_id, o.opened_at
        """,
        {"now": clock.now(), "lease_ends": clock.now() + LEASE},
    )
    return Watched(row.message_id, row.church_id, row.opened_at) if row else None


async def postpone(session: AsyncSession, message_id: UUID, at: datetime) -> None:
    await db.run(
        session,
        "UPDATE open_messages SET look_at = :at WHERE message_id = :message",
        {"message": message_id, "at": at},
    )
