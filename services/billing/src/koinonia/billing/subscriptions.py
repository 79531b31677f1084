"""A church's subscription: its plan, its period, and what is used and reserved of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.billing import periods
from koinonia.billing.errors import SubscriptionPending
from koinonia.billing.running import Running
from koinonia.common import clock, db, outbox
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.events.billing import SubscriptionStatus, SubscriptionUpdated

TRIAL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A row of ``subscriptions`` with what its plan says."""

    church_id: UUID
    plan: str
    plan_name: str
    status: str  # a SubscriptionStatus
    allowance_parts: int
    anchored_at: datetime
    period_starts_at: datetime
    period_ends_at: datetime
    used_parts: int
    reserved_parts: int
    used_cost: Decimal
    part_price: Decimal  # USD for one part
    number_limit: int  # how many numbers the church may have

    @property
    def used(self) -> int:
        return max(self.used_parts, 0)  # a correction can overtake what it corrects

    @property
    def remaining(self) -> int:
        return max(self.allowance_parts - self.used - self.reserved_parts, 0)

    def at(self, now: datetime) -> "Subscription":
        """The subscription in the period of ``now``, where it renews itself."""
        if self.status != SubscriptionStatus.ACTIVE or now < self.period_ends_at:
            return self
        starts, ends = periods.month_at(self.anchored_at, now)
        return replace(
            self, period_starts_at=starts, period_ends_at=ends, used_parts=0, used_cost=Decimal(0)
        )


async def start_trial(running: Running, session: AsyncSession, event: ChurchRegistered) -> None:
    now = clock.now()
    started = await db.run(
        session,
        """
        INSERT INTO subscriptions (church_id, plan, status, allowance_parts,
                                   anchored_at, period_starts_at, period_ends_at)
        SELECT :church, code, 'trialing', coalesce(CAST(:allowance AS bigint), allowance_parts),
               :now, :now, :ends
          FROM plans WHERE code = 'trial'
        ON CONFLICT (church_id) DO NOTHING
        """,
        {
            "church": event.church_id,
            "allowance": running.settings.trial_allowance_parts,
            "now": now,
            "ends": now + TRIAL,
        },
    )
    if started:
        await _publish(session, await current(session, event.church_id))


async def current(session: db.Session, church_id: UUID) -> Subscription:
    """The subscription as it stands now; raises ``SubscriptionPending`` where there is none."""
    return (await _stored(session, church_id)).at(clock.now())


async def locked(session: AsyncSession, church_id: UUID) -> Subscription:
    """The same, locked for a change: all spending of one church waits its turn here."""
    stored = await _stored(session, church_id, "FOR UPDATE OF s")
    present = stored.at(clock.now())
    if present is not stored:
        await _renew(session, present)
    return present


async def _stored(session: db.Session, church_id: UUID, lock: str = "") -> Subscription:
    return await db.one(
        session,
        Subscription,
        f"""
        SELECT s.church_id, s.plan, p.name AS plan_name, s.status, s.allowance_parts,
               s.anchored_at, s.period_starts_at, s.period_ends_at,
               s.used_parts, s.reserved_parts, s.used_cost, p.part_price,
               p.number_limit
          FROM subscriptions s JOIN plans p ON p.code = s.plan
         WHERE s.church_id = :church {lock}
        """,
        {"church": church_id},
        missing=SubscriptionPending,
    )


async def _renew(session: AsyncSession, present: Subscription) -> None:
    """Begin a new period: nothing is used, and what open messages hold stays held."""
    await db.run(
        session,
        """
        UPDATE subscriptions
           SET period_starts_at = :starts, period_ends_at = :ends, used_parts = 0, used_cost = 0,
               warned_percent = 0
         WHERE church_id = :church
        """,
        {
            "church": present.church_id,
            "starts": present.period_starts_at,
            "ends": present.period_ends_at,
        },
    )
    await _publish(session, present)


async def _publish(session: AsyncSession, subscription: Subscription) -> None:
    await outbox.add(
        session,
        SubscriptionUpdated(
            church_id=subscription.church_id,
            plan=subscription.plan,
            status=subscription.status,
            allowance_parts=subscription.allowance_parts,
            period_ends_at=subscription.period_ends_at,
            used_parts=subscription.used,
            reserved_parts=subscription.reserved_parts,
            part_price=subscription.part_price,
            number_limit=subscription.number_limit,
        ),
    )
