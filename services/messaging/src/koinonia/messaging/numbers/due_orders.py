"""Which orders the carrier is to be asked about, across churches: ids only.

A claim is a lease: it moves the next look into the future before the carrier is called, so a
worker that dies in between is followed by another one.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db

LEASE = timedelta(seconds=120)
AT_ONCE = 5
PAUSES = (1, 1, 2, 2, 5, 5, 10, 30, 60)  # seconds between looks; then the last, again and again
FIRST_LOOK = timedelta(seconds=15)  # the event places the order long before, unless it was lost


@dataclass(frozen=True, slots=True)
class Due:
    number_id: UUID
    church_id: UUID


async def add(session: AsyncSession, church_id: UUID, number_id: UUID) -> None:
    await db.run(
        session,
        """
        INSERT INTO number_orders (number_id, church_id, next_check_at)
        VALUES (:number_id, :church_id, :at)
        """,
        {"number_id": number_id, "church_id": church_id, "at": clock.now() + FIRST_LOOK},
    )


async def claim(session: AsyncSession) -> list[Due]:
    """Takes what is due, so that no other worker does until the lease ends."""
    found = await db.untyped_rows(
        session,
        """
        WITH due AS MATERIALIZED (
            SELECT number_id FROM number_orders WHERE next_check_at <= :now
             ORDER BY next_check_at LIMIT :at_once FOR UPDATE SKIP LOCKED)
        UPDATE number_orders o SET next_check_at = :lease_ends, attempts = attempts + 1
          FROM due WHERE o.number_id = due.number_id
        RETURNING o.number_id, o.church_id
        """,
        {"now": clock.now(), "lease_ends": clock.now() + LEASE, "at_once": AT_ONCE},
    )
    return [Due(row.number_id, row.church_id) for row in found]


async def postpone(session: AsyncSession, number_id: UUID) -> None:
    """Look again, later each time."""
    await db.run(
        session,
        """
        UPDATE number_orders
           SET next_check_at = CAST(:now AS timestamptz) + make_interval(
                   secs => (CAST(:pauses AS integer[]))[least(attempts + 1, :longest)])
         WHERE number_id = :id
        """,
        {"id": number_id, "now": clock.now(), "pauses": list(PAUSES), "longest": len(PAUSES)},
    )


async def done(session: AsyncSession, number_id: UUID) -> None:
    await db.run(session, "DELETE FROM number_orders WHERE number_id = :id", {"id": number_id})
