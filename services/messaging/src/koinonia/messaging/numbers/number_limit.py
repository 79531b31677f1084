"""How many numbers the plan of a church allows: what billing said last, held against what is there.

A number counts from its order on; one that failed, was released or is lost at the carrier gives its
place back.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.errors import NumberLimitReached, SubscriptionPending


class _Held(NamedTuple):
    number_limit: int | None
    numbers: int


async def check(session: AsyncSession, church_id: UUID) -> None:
    """Raises ``NumberLimitReached``, or ``SubscriptionPending`` while billing has not said. What is
    counted stays as it is only for who holds ``verification.lock``."""
    held = await db.one(session, _Held, _HELD, {"church": church_id}, missing=SubscriptionPending)
    if held.number_limit is None:
        raise SubscriptionPending
    if held.numbers >= held.number_limit:
        raise NumberLimitReached.of_plan(held.number_limit, held.numbers)


_HELD = """
    SELECT number_limit,
           (SELECT count(*) FROM phone_numbers
             WHERE church_id = :church AND (status = 'pending'
                   OR (status = 'active' AND connection <> 'lost'))) AS numbers
      FROM allowances WHERE church_id = :church
"""
