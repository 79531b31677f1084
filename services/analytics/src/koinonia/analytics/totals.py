"""A church's present figures: one row, to which every handled event adds."""

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
