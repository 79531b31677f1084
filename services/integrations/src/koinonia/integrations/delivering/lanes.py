"""Lanes: each endpoint has one, and one worker at a time works it.

A worker claims lanes in which something is due (``FOR UPDATE SKIP LOCKED``) and holds them for a
while. One that dies in between holds them until that time is over; what was in the lane is due
still, and another worker goes on. Lanes that failed last have places of their own, so that however
many receivers hang, the others find a place (docs/decisions/0050-outgoing-webhooks.md).
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.integrations.delivering import ladder

HOLD = timedelta(seconds=30)  # longer than a turn of a lane and the call that it ends with


class Lane(NamedTuple):
    endpoint_id: UUID
    church_id: UUID
    failures: int  # rounds in a row

    @property
    def is_slow(self) -> bool:
        return self.failures > 0


async def claim(session: AsyncSession, *, quick: int, slow: int) -> list[Lane]:
    """Lanes in which something is due, at most so many of either kind."""
    now = clock.now()
    return await db.rows(
        session,
        Lane,
        """
        WITH quick AS MATERIALIZED (
            SELECT endpoint_id FROM lanes
             WHERE due_at <= :now AND held_until <= :now AND failures = 0
             ORDER BY due_at LIMIT :quick FOR UPDATE SKIP LOCKED
        ), slow AS MATERIALIZED (
            SELECT endpoint_id FROM lanes
             WHERE due_at <= :now AND held_until <= :now AND failures > 0
             ORDER BY due_at LIMIT :slow FOR UPDATE SKIP LOCKED
        )
        UPDATE lanes SET held_until = :until
         WHERE endpoint_id = ANY(ARRAY(SELECT endpoint_id FROM quick
                                       UNION ALL SELECT endpoint_id FROM slow))
        RETURNING endpoint_id, church_id, failures
        """,
        {"now": now, "until": now + HOLD, "quick": quick, "slow": slow},
    )


async def let_go(session: AsyncSession, endpoint_id: UUID, failures: int) -> None:
    """The lane is anybody's again when what waits in it is due, and after its rest.

    Its row is locked by a statement of its own, before what is due is read: whoever queues touches
    the lane after it has queued, so nothing can be queued unseen in between.
    """
    await db.run(
        session,
        "SELECT FROM lanes WHERE endpoint_id = :endpoint FOR UPDATE",
        {"endpoint": endpoint_id},
    )
    rested: datetime = clock.now() + ladder.rest(failures)
    await db.run(
        session,
        """
        UPDATE lanes SET held_until = '-infinity', failures = :failures,
               due_at = (SELECT greatest(min(d.due_at), :rested) FROM due_deliveries d
                          WHERE d.endpoint_id = :endpoint HAVING count(*) > 0)
         WHERE endpoint_id = :endpoint
        """,
        {"endpoint": endpoint_id, "failures": failures, "rested": rested},
    )
