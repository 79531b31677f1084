"""What messages use of a plan: reserved before sending, settled from the carrier's reports.

Events may arrive in any order. Whatever the order, ``used_parts`` is the sum of the period's
ledger and ``reserved_parts`` the sum of what open reservations still hold.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.billing import refusals, subscriptions
from koinonia.billing.subscriptions import Subscription
from koinonia.common import clock, db, outbox
from koinonia.common.events import by_church
from koinonia.common.events.billing import AllowanceUpdated, SpendApproved, SpendDeclined
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    MessageCancelled,
    MessageCompleted,
    MessageCreated,
    MessageKind,
)

MESSAGES_SINCE = """
    SELECT count(*) FROM reservations
     WHERE church_id = :church AND created_at >= :since AND parts_reserved > 0
"""

UPDATE_FIGURES = """
    UPDATE subscriptions
       SET used_parts = used_parts + :parts, used_cost = used_cost + :cost,
           reserved_parts = (SELECT coalesce(sum(parts_held), 0) FROM reservations
                              WHERE church_id = :church AND state = 'open')
     WHERE church_id = :church
    RETURNING used_parts, reserved_parts
"""


class _Used(NamedTuple):
    parts: Decimal
    cost: Decimal  # USD


class _Figures(NamedTuple):
    used_parts: int
    reserved_parts: int


async def reserve(session: AsyncSession, event: MessageCreated) -> None:
    """Approve the message and hold its parts, or decline it and hold nothing."""
    subscription = await subscriptions.locked(session, event.church_id)
    if await _is_known(session, event.message_id):
        return  # approved before, or ended before it began: nobody waits for an answer
    church, message = event.church_id, event.message_id
    refusal = refusals.refusal(subscription, event.parts, clock.now())
    if refusal and event.kind is not MessageKind.CONFIRMATION:  # the law asks for these
        declined = SpendDeclined(
            church_id=church, message_id=message, code=refusal.code, reason=refusal.reason
        )
        await outbox.add(session, declined)
        return
    await _hold(session, event, subscription.part_price)
    approved = SpendApproved(church_id=church, message_id=message, parts=event.parts)
    await outbox.add(session, approved)
    await _update_figures(session, subscription)


async def settle(session: AsyncSession, events: Sequence[DeliveryUpdated]) -> None:
    """Record what was used and hold that much less. Reports after the message's end count too."""
    for church_id, reports in by_church([e for e in events if e.parts or e.cost]):
        await db.enter_church(session, church_id)
        subscription = await subscriptions.locked(session, church_id)
        used = await _record(session, subscription, reports)
        await _update_figures(session, subscription, int(used.parts), used.cost)


async def release(session: AsyncSession, event: MessageCompleted | MessageCancelled) -> None:
    """Release what the message held and did not use."""
    subscription = await subscriptions.locked(session, event.church_id)
    await db.run(
        session,
        """
        INSERT INTO reservations (message_id, church_id, kind, parts_reserved, state,
                                  created_at, closed_at)
        VALUES (:message, :church, :kind, 0, 'closed', :now, :now)
        ON CONFLICT (message_id) DO UPDATE SET state = 'closed', closed_at = excluded.closed_at
         WHERE reservations.state = 'open'
        """,
        {
            "message": event.message_id,
            "church": event.church_id,
            "kind": event.kind,
            "now": clock.now(),
        },
    )
    await _update_figures(session, subscription)


async def messages_since(session: db.Session, church_id: UUID, since: datetime) -> int:
    """How many messages were approved (ix_reservations_church_id_created_at)."""
    return await db.count(session, MESSAGES_SINCE, {"church": church_id, "since": since})


async def _is_known(session: AsyncSession, message_id: UUID) -> bool:
    return await db.exists(
        session, "SELECT 1 FROM reservations WHERE message_id = :message", {"message": message_id}
    )


async def _hold(session: AsyncSession, event: MessageCreated, part_price: Decimal) -> None:
    await db.run(
        session,
        """
        INSERT INTO reservations (message_id, church_id, kind, parts_reserved, parts_consumed,
                                  part_price, state, created_at)
        SELECT :message, :church, :kind, :parts, coalesce(sum(parts), 0), :price, 'open', :now
          FROM usage_entries WHERE message_id = :message
        """,
        {
            "message": event.message_id,
            "church": event.church_id,
            "kind": event.kind,
            "parts": event.parts,
            "price": part_price,
            "now": clock.now(),
        },
    )


async def _record(
    session: AsyncSession, subscription: Subscription, reports: Sequence[DeliveryUpdated]
) -> _Used:
    """Write the ledger and add the use to each reservation; returns what was new."""
    [used] = await db.rows(
        session,
        _Used,
        """
        WITH entered AS (
            INSERT INTO usage_entries (id, church_id, message_id, event_id, parts, cost,
                                       recorded_at)
            SELECT given.id, :church, given.message_id, given.event_id, given.parts, given.cost,
                   :at
              FROM unnest(CAST(:ids AS uuid[]), CAST(:messages AS uuid[]),
                          CAST(:events AS uuid[]), CAST(:parts AS bigint[]),
                          CAST(:costs AS numeric[]))
                   AS given (id, message_id, event_id, parts, cost)
            ON CONFLICT (event_id) DO NOTHING
            RETURNING message_id, parts, cost
        ), noted AS (
            UPDATE reservations SET parts_consumed = parts_consumed + used.parts
              FROM (SELECT message_id, sum(parts) AS parts FROM entered GROUP BY message_id) used
             WHERE reservations.message_id = used.message_id
        )
        SELECT coalesce(sum(parts), 0) AS parts, coalesce(sum(cost), 0) AS cost FROM entered
        """,
        {
            "church": subscription.church_id,
            "at": max(clock.now(), subscription.period_starts_at),  # another machine's clock leads
            "ids": [db.uuid7() for _ in reports],
            "messages": [report.message_id for report in reports],
            "events": [report.id for report in reports],
            "parts": [report.parts for report in reports],
            "costs": [report.cost for report in reports],
        },
    )
    return used


async def _update_figures(
    session: AsyncSession,
    subscription: Subscription,
    parts: int = 0,
    cost: Decimal = Decimal(0),
) -> None:
    """Bring the subscription's figures up to date, and publish them if they changed."""
    changed = {"church": subscription.church_id, "parts": parts, "cost": cost}
    [figures] = await db.rows(session, _Figures, UPDATE_FIGURES, changed)
    if figures == (subscription.used_parts, subscription.reserved_parts):
        return
    updated = AllowanceUpdated(
        church_id=subscription.church_id,
        allowance_parts=subscription.allowance_parts,
        used_parts=max(figures.used_parts, 0),
        reserved_parts=figures.reserved_parts,
        status=subscription.status,
        period_ends_at=subscription.period_ends_at,
        part_price=subscription.part_price,
        number_limit=subscription.number_limit,
    )
    await outbox.add(session, updated)
