"""A church's present figures: one row, to which every handled event adds."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.analytics.columns import added, listed
from koinonia.common import db


async def add(session: AsyncSession, church_id: UUID, **figures: int) -> None:
    """Add to the columns named. The row also serializes a church's events: a handler that
    counts in other tables too comes here first, so that no two deadlock."""
    await db.run(
        session,
        f"""
        INSERT INTO totals (church_id, {listed(figures)})
        VALUES (:church, {listed(figures, ":{}")})
        ON CONFLICT (church_id) DO UPDATE SET {added("totals", figures)}
        """,
        {"church": church_id, **figures},
    )


async def add_open_conversations(session: AsyncSession, numbers: Mapping[UUID, int]) -> None:
    """Add to those of several churches, in one statement."""
    db.entering(session, numbers)
    await db.run(
        session,
        f"""
        INSERT INTO totals (church_id, open_conversations)
        SELECT {db.ENTERED}, given.number
          FROM (SELECT * FROM unnest(CAST(:churches AS uuid[]), CAST(:numbers AS bigint[]))
                              AS unsorted (church_id, number)
                 ORDER BY church_id) AS given
        ON CONFLICT (church_id) DO UPDATE SET {added("totals", ["open_conversations"])}
        """,
        {"churches": list(numbers), "numbers": list(numbers.values())},
    )
