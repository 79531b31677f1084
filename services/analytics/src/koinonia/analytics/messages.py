"""Reports of each message, and of the messages of each day.

A text counts on the day on which its message was created, in the church's zone. Everything is
counted in differences, so events may come in any order: what arrives before ``message.created``
gathers in the message's report and is added to its day when the day is known. Rows are locked in
one order, churches, then totals, messages, days, so that no two batches wait for one another.
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


async def record_created(
    running: Running, session: AsyncSession, events: Sequence[MessageCreated]
) -> None:
    """Count the messages, their recipients as pending, and add their reports to their days."""
    for church_id, created in by_church(events):
        await db.enter_church(session, church_id)
        zone = ZoneInfo(await churches.timezone(session, church_id))
        await event_log.record(session, created)
        recipients = sum(each.recipients for each in created if _is_broadcast(each))
        await totals.add(
            session,
            church_id,
            messages=sum(map(_is_broadcast, created)),
            replies=sum(each.kind is MessageKind.REPLY for each in created),
            recipients=recipients,
            pending=recipients,
        )
        await _begin(session, church_id, sorted(created, key=_message), zone)
        dashboard.invalidate(session, running.cache, church_id)


async def _begin(
    session: AsyncSession, church_id: UUID, created: Sequence[MessageCreated], zone: ZoneInfo
) -> None:
    await db.run(
        session,
        f"""
        WITH reports AS (
            INSERT INTO message_reports (message_id, church_id, kind, recipients, pending,
                                         day, created_at)
            SELECT message_id, :church, kind, recipients, recipients, day, at
              FROM unnest(CAST(:messages AS uuid[]), CAST(:kinds AS text[]),
                          CAST(:recipients AS bigint[]), CAST(:days AS date[]),
                          CAST(:times AS timestamptz[]))
                   AS given (message_id, kind, recipients, day, at)
            ON CONFLICT (message_id) DO UPDATE
               SET recipients = excluded.recipients, day = excluded.day,
                   created_at = excluded.created_at,
                   {added("message_reports", ["pending"])}
            RETURNING *, CAST(kind = 'broadcast' AS int) AS is_broadcast
        )
        INSERT INTO daily_rollups (church_id, day, {listed(DAILY)})
        SELECT :church, day, sum(is_broadcast), sum(recipients * is_broadcast),
               sum(CAST(kind = 'reply' AS int)),
               {listed(BY_STATUS, "sum({} * is_broadcast)")}, sum(parts), sum(cost)
          FROM reports
         GROUP BY day
         ORDER BY day
        ON CONFLICT (church_id, day) DO UPDATE SET {added("daily_rollups", DAILY)}
        """,
        {
            "church": church_id,
            "messages": [each.message_id for each in created],
            "kinds": [each.kind for each in created],
            "recipients": [each.recipients for each in created],
            "days": [each.occurred_at.astimezone(zone).date() for each in created],
            "times": [each.occurred_at for each in created],
        },
    )


async def record_deliveries(
    running: Running, session: AsyncSession, events: Sequence[DeliveryUpdated]
) -> None:
    """Move texts from their previous status to the present one."""
    for church_id, reports in by_church(events):
        await db.enter_church(session, church_id)
        await event_log.record(session, reports)
        movements = _movements(reports)
        broadcasts = [each for each in movements if each.kind is MessageKind.BROADCAST]
        moved = {name: sum(each.by_status[name] for each in broadcasts) for name in BY_STATUS}
        await totals.add(session, church_id, **moved)
        await _apply(session, church_id, movements)
        dashboard.invalidate(session, running.cache, church_id)


async def record_ended(
    session: AsyncSession, events: Sequence[MessageCompleted | MessageCancelled]
) -> None:
    """Set when the messages ended."""
    for church_id, own in by_church(events):
        await db.enter_church(session, church_id)
        await event_log.record(session, own)
        ended = {event.message_id: event for event in own}
        await _end(session, church_id, sorted(ended.values(), key=_message))


async def _end(
    session: AsyncSession, church_id: UUID, ended: Sequence[MessageCompleted | MessageCancelled]
) -> None:
    await db.run(
        session,
        """
        INSERT INTO message_reports (message_id, church_id, kind, completed_at)
        SELECT message_id, :church, kind, at
          FROM unnest(CAST(:messages AS uuid[]), CAST(:kinds AS text[]),
                      CAST(:times AS timestamptz[])) AS given (message_id, kind, at)
        ON CONFLICT (message_id) DO UPDATE SET completed_at = excluded.completed_at
        """,
        {
            "church": church_id,
            "messages": [each.message_id for each in ended],
            "kinds": [each.kind for each in ended],
            "times": [each.occurred_at for each in ended],
        },
    )


def _is_broadcast(event: MessageCreated) -> bool:
    return event.kind is MessageKind.BROADCAST


def _message(event: MessageCreated | MessageCompleted | MessageCancelled) -> UUID:
    return event.message_id


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
         ORDER BY day
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
