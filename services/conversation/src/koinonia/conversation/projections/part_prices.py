"""What one part costs a church (events of billing): shown only, billing decides."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events import by_church
from koinonia.common.events.billing import AllowanceUpdated, SubscriptionUpdated

Priced = SubscriptionUpdated | AllowanceUpdated


async def record(session: AsyncSession, events: Sequence[Priced]) -> None:
    """The newest price of each church wins."""
    for church_id, own in by_church(events):
        newest = max(own, key=lambda event: (event.part_price is not None, event.occurred_at))
        if newest.part_price is not None:
            await db.enter_church(session, church_id)
            await _store(session, newest)


async def part_price(session: AsyncSession, church_id: UUID) -> Decimal | None:
    """USD for one part; None until billing has told it."""
    return await db.value(
        session,
        Decimal,
        "SELECT part_price FROM prices WHERE church_id = :church",
        {"church": church_id},
    )


async def _store(session: AsyncSession, event: Priced) -> None:
    await db.run(
        session,
        """
        INSERT INTO prices (church_id, part_price, changed_at) VALUES (:church, :price, :at)
        ON CONFLICT (church_id) DO UPDATE
           SET part_price = excluded.part_price, changed_at = excluded.changed_at
         WHERE prices.changed_at < excluded.changed_at
        """,
        {"church": event.church_id, "price": event.part_price, "at": event.occurred_at},
    )
