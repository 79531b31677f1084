"""Which messages are not over, across churches: ids only, and when to look at each.

A claim is a lease (:mod:`koinonia.common.leases`): a worker that dies is followed by another one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, leases

FIRST_LOOK = timedelta(minutes=5)  # by then billing has answered, unless something is wrong
LEASE = timedelta(minutes=10)  # longer than asking a slow carrier about as much as we ever ask


class OpenMessage(NamedTuple):
    message_id: UUID
    church_id: UUID
    opened_at: datetime


_DUE = leases.DueTable("open_messages", OpenMessage, key=("message_id",), due="look_at")


async def begin(session: AsyncSession, church_id: UUID, message_ids: Sequence[UUID]) -> None:
    now = clock.now()
    await db.run(
        session,
        """
        INSERT INTO open_messages (message_id, church_id, opened_at, look_at)
        SELECT message_id, :church, :now, :look_at
          FROM unnest(CAST(:messages AS uuid[])) AS given (message_id)
        """,
        {
            "messages": list(message_ids),
            "church": church_id,
            "now": now,
            "look_at": now + FIRST_LOOK,
        },
    )


async def end(session: AsyncSession, message_ids: Sequence[UUID]) -> None:
    """Nothing of these messages is open any more."""
    if message_ids:
        await db.run(
            session,
            "DELETE FROM open_messages WHERE message_id = ANY(CAST(:ids AS uuid[]))",
            {"ids": list(message_ids)},
        )


async def claim(session: AsyncSession) -> OpenMessage | None:
    """Takes the message that is due for longest, so that nobody else does until the lease ends."""
    claimed = await leases.claim(session, _DUE, most=1, lease=LEASE)
    return claimed[0] if claimed else None


async def postpone(session: AsyncSession, message_id: UUID, at: datetime) -> None:
    await db.run(
        session,
        "UPDATE open_messages SET look_at = :at WHERE message_id = :message",
        {"message": message_id, "at": at},
    )
