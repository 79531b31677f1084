"""What one part costs a church: billing's word, for showing; billing itself decides."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events import by_church
from koinonia.common.events.billing import AllowanceUpdated, SubscriptionUpdated

Priced = SubscriptionUpdated | AllowanceUpdated


async def note(session: AsyncSession, events: Sequence[Priced]) -> None:
    """Keep the newest price of each church."""
    for church_id, own in by_church(events):
        newest = max(own, key=lambda event: (event.part_price is not None, event.occurred_at))
        if newest.part_price is not None:
            await db.enter_church(session, church_id)
            await _keep(session, newest)


async def of(session: AsyncSession, church_id: UUID) -> Decimal | None:
    """USD for one part; None until billing has said it."""
    row = await db.untyped_first(
        session,
        "SELECT part_price FROM prices WHERE church_id = :church",
        {"church": church_id},
    )
    return row.part_price if row else None


async def _keep(session: AsyncSession, event: Priced) -> None:
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
