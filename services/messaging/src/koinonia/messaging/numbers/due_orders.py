"""Which orders the carrier is to be asked about, across churches: ids only.

A claim is a lease (:mod:`koinonia.common.leases`): a worker that dies is followed by another one.
"""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, leases

LEASE = timedelta(seconds=120)
AT_ONCE = 5
PAUSES = (1, 1, 2, 2, 5, 5, 10, 30, 60)  # seconds between looks; then the last, again and again
FIRST_LOOK = timedelta(seconds=15)  # the event places the order long before, unless it was lost


class DueOrder(NamedTuple):
    number_id: UUID
    church_id: UUID


_DUE = leases.DueTable(
    "number_orders", DueOrder, key=("number_id",), due="next_check_at", counter="attempts"
)


async def add(session: AsyncSession, church_id: UUID, number_id: UUID) -> None:
    await db.run(
        session,
        """
        INSERT INTO number_orders (number_id, church_id, next_check_at)
        VALUES (:number_id, :church_id, :at)
        """,
        {"number_id": number_id, "church_id": church_id, "at": clock.now() + FIRST_LOOK},
    )


async def claim(session: AsyncSession) -> list[DueOrder]:
    """Takes what is due, so that no other worker does until the lease ends."""
    return await leases.claim(session, _DUE, most=AT_ONCE, lease=LEASE)


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


async def end(session: AsyncSession, number_id: UUID) -> None:
    await db.run(session, "DELETE FROM number_orders WHERE number_id = :id", {"id": number_id})
