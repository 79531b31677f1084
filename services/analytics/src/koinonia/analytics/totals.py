"""A church's figures as they are now: one row, to which every reaction adds."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.analytics.columns import added, listed
from koinonia.common import db


async def add(session: AsyncSession, church_id: UUID, **figures: int) -> None:
    """Add to the columns named. This is also where a church's reactions take turns: a reaction
    that counts elsewhere too comes here first, so that no two wait for each other in a circle."""
    await db.run(
        session,
        f"""
        INSERT INTO totals (church_id, {listed(figures)})
        VALUES (:church, {listed(figures, ":{}")})
        ON CONFLICT (church_id) DO UPDATE SET {added("totals", figures)}
        """,
        {"church": church_id, **figures},
    )
