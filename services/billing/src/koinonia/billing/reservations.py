"""What messages use of a plan: reserved before sending, settled from the carrier's reports.

Events may arrive in any order. Whatever the order, ``used_parts`` is the sum of the period's
ledger and ``reserved_parts`` the sum of what open reservations still hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.billing import refusals, subscriptions, warnings
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
    RETURNING used_parts, reserved_parts, warned_percent
"""


class _Used(NamedTuple):
    parts: Decimal
    cost: Decimal  # USD


class _Consumed(NamedTuple):
    message_id: UUID
    parts: Decimal


class _Figures(NamedTuple):
    used_parts: int
    reserved_parts: int
    warned_percent: int


async def reserve(session: AsyncSession, events: Sequence[MessageCreated]) -> None:
    """Approve each message and hold its parts, or decline it and hold nothing, in their order."""
    for church_id, own in by_church(events):
        await db.enter_church(session, church_id)
        subscription = await subscriptions.locked(session, church_id)
        answers = _Answers(subscription, await _consumed(session, own))
        for event in own:
            answers.add(event)
        await _hold(session, subscription, answers.held)
        await outbox.add(session, *answers.events)
        if answers.held:
            await _update_figures(session, subscription)


class _Answers:
    """What billing answers to messages of one church, each after what those before it hold.
    ``consumed`` are the parts that were reported of each; a message that it does not name was
    approved before, or ended before it began: nobody waits for an answer."""

    def __init__(self, subscription: Subscription, consumed: dict[UUID, int]) -> None:
        self._subscription = subscription
        self._consumed = consumed
        self.held: list[MessageCreated] = []
        self.events: list[SpendApproved | SpendDeclined] = []

    def add(self, event: MessageCreated) -> None:
        consumed = self._consumed.pop(event.message_id, None)
        if consumed is None:
            return
        church, message = event.church_id, event.message_id
        refusal = refusals.refusal(self._subscription, event.parts, clock.now())
        if refusal and event.kind is not MessageKind.CONFIRMATION:  # the law asks for these
            self.events.append(
                SpendDeclined(
                    church_id=church, message_id=message, code=refusal.code, reason=refusal.reason
                )
            )
            return
        self.held.append(event)
        self.events.append(SpendApproved(church_id=church, message_id=message, parts=event.parts))
        held = self._subscription.reserved_parts + max(event.parts - max(consumed, 0), 0)
        self._subscription = replace(self._subscription, reserved_parts=held)


async def settle(session: AsyncSession, events: Sequence[DeliveryUpdated]) -> None:
    """Record what was used and hold that much less. Reports after the message's end count too."""
    for church_id, reports in by_church([e for e in events if e.parts or e.cost]):
        await db.enter_church(session, church_id)
        subscription = await subscriptions.locked(session, church_id)
        used = await _record(session, subscription, reports)
        await _update_figures(session, subscription, int(used.parts), used.cost)


async def release(
    session: AsyncSession, events: Sequence[MessageCompleted | MessageCancelled]
) -> None:
    """Release what the messages held and did not use."""
    for church_id, own in by_church(events):
        await db.enter_church(session, church_id)
        subscription = await subscriptions.locked(session, church_id)
        await _close(session, church_id, {event.message_id: event.kind for event in own})
        await _update_figures(session, subscription)


async def messages_since(session: db.Session, church_id: UUID, since: datetime) -> int:
    """How many messages were approved (ix_reservations_church_id_created_at)."""
    return await db.count(session, MESSAGES_SINCE, {"church": church_id, "since": since})


async def _close(session: AsyncSession, church_id: UUID, kinds: Mapping[UUID, MessageKind]) -> None:
    await db.run(
        session,
        """
        INSERT INTO reservations (message_id, church_id, kind, parts_reserved, state,
                                  created_at, closed_at)
        SELECT message_id, :church, kind, 0, 'closed', :now, :now
          FROM unnest(CAST(:messages AS uuid[]), CAST(:kinds AS text[]))
               AS given (message_id, kind)
        ON CONFLICT (message_id) DO UPDATE SET state = 'closed', closed_at = excluded.closed_at
         WHERE reservations.state = 'open'
        """,
        {
            "church": church_id,
            "messages": list(kinds),
            "kinds": list(kinds.values()),
            "now": clock.now(),
        },
    )


async def _consumed(session: AsyncSession, events: Sequence[MessageCreated]) -> dict[UUID, int]:
    """The parts that were reported of messages which no reservation knows."""
    found = await db.rows(
        session,
        _Consumed,
        """
        SELECT message_id, (SELECT coalesce(sum(parts), 0) FROM usage_entries AS u
                             WHERE u.message_id = given.message_id) AS parts
          FROM unnest(CAST(:messages AS uuid[])) AS given (message_id)
         WHERE NOT EXISTS (SELECT FROM reservations AS r WHERE r.message_id = given.message_id)
        """,
        {"messages": [event.message_id for event in events]},
    )
    return {row.message_id: int(row.parts) for row in found}


async def _hold(
    session: AsyncSession, subscription: Subscription, held: Sequence[MessageCreated]
) -> None:
    await db.run(
        session,
        """
        INSERT INTO reservations (message_id, church_id, kind, parts_reserved, parts_consumed,
                                  part_price, state, created_at)
        SELECT message_id, :church, kind, parts,
               (SELECT coalesce(sum(u.parts), 0) FROM usage_entries AS u
                 WHERE u.message_id = given.message_id), :price, 'open', :now
          FROM unnest(CAST(:messages AS uuid[]), CAST(:kinds AS text[]),
                      CAST(:parts AS bigint[])) AS given (message_id, kind, parts)
        """,
        {
            "church": subscription.church_id,
            "messages": [event.message_id for event in held],
            "kinds": [event.kind for event in held],
            "parts": [event.parts for event in held],
            "price": subscription.part_price,
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
    if figures[:2] == (subscription.used_parts, subscription.reserved_parts):
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
    await warnings.warn(session, updated, figures.warned_percent)
