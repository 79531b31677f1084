"""Reports of each message, and of the messages of each day.

A text counts on the day on which its message was created, in the church's zone. Everything is
counted in differences, so events may come in any order: what arrives before ``message.created``
gathers in the message's report and is added to its day when the day is known.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.analytics import churches, dashboard, event_log, totals
from koinonia.analytics.columns import BY_STATUS, added, listed
from koinonia.analytics.running import Running
from koinonia.common import db
from koinonia.common.events import by_church
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    MessageCancelled,
    MessageCompleted,
    MessageCreated,
    MessageKind,
)

SUMS = (*BY_STATUS, "parts", "cost")
DAILY = ("messages", "recipients", "replies", *SUMS)


@dataclass(slots=True)
class Movement:
    """What a batch of events changes for one message."""

    message_id: UUID
    kind: MessageKind
    by_status: Counter[str] = field(default_factory=Counter)
    parts: int = 0
    cost: Decimal = Decimal(0)

    def add(self, event: DeliveryUpdated) -> None:
        for change in event.changes:
            self.by_status[change.previous] -= 1
            self.by_status[change.status] += 1
        self.parts += event.parts
        self.cost += event.cost


async def record_created(running: Running, session: AsyncSession, event: MessageCreated) -> None:
    """Count the message, its recipients as pending, and add its report to its day."""
    zone = await churches.timezone(session, event.church_id)
    await event_log.record(session, event)
    if event.kind is MessageKind.BROADCAST:
        people = {"recipients": event.recipients, "pending": event.recipients}
        await totals.add(session, event.church_id, messages=1, **people)
    elif event.kind is MessageKind.REPLY:
        await totals.add(session, event.church_id, replies=1)
    await db.run(
        session,
        f"""
        WITH report AS (
            INSERT INTO message_reports (message_id, church_id, kind, recipients, pending,
                                         day, created_at)
            VALUES (:message, :church, :kind, :recipients, :recipients, :day, :at)
            ON CONFLICT (message_id) DO UPDATE
               SET recipients = excluded.recipients, day = excluded.day,
                   created_at = excluded.created_at,
                   {added("message_reports", ["pending"])}
            RETURNING *, CAST(kind = 'broadcast' AS int) AS is_broadcast
        )
        INSERT INTO daily_rollups (church_id, day, {listed(DAILY)})
        SELECT church_id, day, is_broadcast, recipients * is_broadcast,
               CAST(kind = 'reply' AS int),
               {listed(BY_STATUS, "{} * is_broadcast")}, parts, cost
          FROM report
        ON CONFLICT (church_id, day) DO UPDATE SET {added("daily_rollups", DAILY)}
        """,
        {
            "message": event.message_id,
            "church": event.church_id,
            "kind": event.kind,
            "recipients": event.recipients,
            "day": event.occurred_at.astimezone(ZoneInfo(zone)).date(),
            "at": event.occurred_at,
        },
    )
    dashboard.invalidate(session, running.cache, event.church_id)


async def record_deliveries(
    running: Running, session: AsyncSession, events: Sequence[DeliveryUpdated]
) -> None:
    """Move texts from their previous status to the present one."""
    for church_id, reports in by_church(events):
        await db.enter_church(session, church_id)
        await event_log.append(session, church_id, reports)
        movements = _movements(reports)
        broadcasts = [each for each in movements if each.kind is MessageKind.BROADCAST]
        moved = {name: sum(each.by_status[name] for each in broadcasts) for name in BY_STATUS}
        await totals.add(session, church_id, **moved)
        await _apply(session, church_id, movements)
        dashboard.invalidate(session, running.cache, church_id)


async def record_ended(session: AsyncSession, event: MessageCompleted | MessageCancelled) -> None:
    """Set when the message ended."""
    await event_log.record(session, event)
    await db.run(
        session,
        """
        INSERT INTO message_reports (message_id, church_id, kind, completed_at)
        VALUES (:message, :church, :kind, :at)
        ON CONFLICT (message_id) DO UPDATE SET completed_at = excluded.completed_at
        """,
        {
            "message": event.message_id,
            "church": event.church_id,
            "kind": event.kind,
            "at": event.occurred_at,
        },
    )


def _movements(events: Iterable[DeliveryUpdated]) -> list[Movement]:
    found: dict[UUID, Movement] = {}
    for event in events:
        found.setdefault(event.message_id, Movement(event.message_id, event.kind)).add(event)
    return [found[message_id] for message_id in sorted(found)]


async def _apply(session: AsyncSession, church_id: UUID, movements: Sequence[Movement]) -> None:
    await db.run(
        session,
        f"""
        WITH given AS (
            SELECT * FROM unnest(
                CAST(:messages AS uuid[]), CAST(:kinds AS text[]),
                {listed(BY_STATUS, "CAST(:{} AS bigint[])")},
                CAST(:parts AS bigint[]), CAST(:cost AS numeric[])
            ) AS given (message_id, kind, {listed(SUMS)})
        ), reports AS (
            INSERT INTO message_reports (message_id, church_id, kind, {listed(SUMS)})
            SELECT message_id, :church, kind, {listed(SUMS)} FROM given
            ON CONFLICT (message_id) DO UPDATE SET {added("message_reports", SUMS)}
            RETURNING message_id, day, CAST(kind = 'broadcast' AS int) AS is_broadcast
        )
        INSERT INTO daily_rollups (church_id, day, {listed(SUMS)})
        SELECT :church, day, {listed(BY_STATUS, "sum(given.{} * is_broadcast)")},
               sum(given.parts), sum(given.cost)
          FROM given JOIN reports USING (message_id)
         WHERE day IS NOT NULL
         GROUP BY day
        ON CONFLICT (church_id, day) DO UPDATE SET {added("daily_rollups", SUMS)}
        """,
        {
            "church": church_id,
            "messages": [each.message_id for each in movements],
            "kinds": [each.kind for each in movements],
            **{name: [each.by_status[name] for each in movements] for name in BY_STATUS},
            "parts": [each.parts for each in movements],
            "cost": [each.cost for each in movements],
        },
    )
