"""What a church may still spend and what a part costs it: a copy of what billing says.

Billing decides; this is shown, and a moment behind.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.billing import AllowanceUpdated, SubscriptionUpdated

RENEWS = "active"  # every other status ends with its period


@dataclass(frozen=True, slots=True)
class Allowance:
    """``part_price`` is USD for one part; None: billing has not said yet."""

    allowance_parts: int
    used_parts: int
    reserved_parts: int
    part_price: Decimal | None
    status: str | None
    period_ends_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Its period has ended and no other follows by itself."""
        ended = self.period_ends_at is not None and now >= self.period_ends_at
        return ended and self.status != RENEWS

    def left(self, now: datetime) -> int:
        """Parts that a new message may need at most."""
        if self.is_over(now):
            return 0
        renewed = self.period_ends_at is not None and now >= self.period_ends_at
        used = 0 if renewed else self.used_parts
        return max(self.allowance_parts - used - self.reserved_parts, 0)

    def cents(self, parts: int) -> int | None:
        """What so many parts cost, to the nearest cent; None while the price is not known."""
        return None if self.part_price is None else cents(parts, self.part_price)


def cents(parts: int, part_price: Decimal) -> int:
    """USD cents for so many parts, half a cent up."""
    return int((parts * part_price * 100).quantize(Decimal(1), ROUND_HALF_UP))


async def current(session: AsyncSession, church_id: UUID) -> Allowance | None:
    """None until billing has told of a new church, a second after it registered."""
    return await db.first(
        session,
        Allowance,
        """
        SELECT allowance_parts, used_parts, reserved_parts, part_price, status, period_ends_at
          FROM allowances WHERE church_id = :church
        """,
        {"church": church_id},
    )


async def record(session: AsyncSession, event: SubscriptionUpdated | AllowanceUpdated) -> None:
    """Keep what the newest event says, in whatever order they come. A process of the release before
    says nothing of numbers: then an older event that does counts."""
    if not await db.run(session, _RECORD, _values(event)):
        await db.run(session, _FILL, _values(event))


def _values(event: SubscriptionUpdated | AllowanceUpdated) -> dict[str, object]:
    return {
        "church": event.church_id,
        "allowance": event.allowance_parts,
        "used": event.used_parts or 0,
        "reserved": event.reserved_parts or 0,
        "price": event.part_price,
        "numbers": event.number_limit,
        "status": event.status,
        "ends_at": event.period_ends_at,
        "at": event.occurred_at,
    }


_RECORD = """
    INSERT INTO allowances AS known (church_id, allowance_parts, used_parts, reserved_parts,
                                     part_price, status, period_ends_at, number_limit,
                                     changed_at)
    VALUES (:church, :allowance, :used, :reserved, :price, :status, :ends_at, :numbers, :at)
    ON CONFLICT (church_id) DO UPDATE
       SET allowance_parts = excluded.allowance_parts,
           used_parts = excluded.used_parts,
           reserved_parts = excluded.reserved_parts,
           part_price = coalesce(excluded.part_price, known.part_price),
           status = coalesce(excluded.status, known.status),
           period_ends_at = coalesce(excluded.period_ends_at, known.period_ends_at),
           number_limit = coalesce(excluded.number_limit, known.number_limit),
           changed_at = excluded.changed_at
     WHERE known.changed_at <= excluded.changed_at
"""

_FILL = """
    UPDATE allowances SET number_limit = :numbers
     WHERE church_id = :church AND number_limit IS NULL
"""
