"""Messages that wait for something that does not come, of all churches, for an operator."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.vocabulary import MessageStatus

NO_ANSWER = "billing has not answered: does it run, is message.created in its dead queue?"
NO_BATCHES = "texts are left and no batches: the sweeper cuts them again"
NOT_RELEASED = "batches wait and none is under way: the sweeper releases them"
OVERDUE = "{} of its batches are overdue: does a worker of messaging run?"


@dataclass(frozen=True, slots=True)
class Stuck:
    message_id: UUID
    church_id: UUID
    status: str
    left: int  # texts that are not with the carrier, as far as the counters tell
    since: datetime
    why: str


class _Candidate(NamedTuple):
    church_id: UUID
    message_id: UUID


class _Progress(NamedTuple):
    id: UUID
    church_id: UUID
    status: str
    pending_count: int
    created_at: datetime
    started_at: datetime | None
    batches: int
    under_way: int
    overdue: int
    overdue_since: datetime | None


async def find(database: db.Database, patience: timedelta) -> list[Stuck]:
    """What has not moved for longer than ``patience``, the oldest first."""
    before = clock.now() - patience
    async with database.transaction() as session:
        candidates = await _candidates(session, before)
    found: list[Stuck] = []
    for church_id, message_ids in candidates.items():
        async with database.transaction(church_id) as session:
            found += await _judged(session, message_ids, before)
    return sorted(found, key=lambda each: each.since)


async def _candidates(session: AsyncSession, before: datetime) -> dict[UUID, list[UUID]]:
    """Messages by church that are not over and not young."""
    rows = await db.rows(
        session,
        _Candidate,
        "SELECT church_id, message_id FROM open_messages WHERE opened_at < :before",
        {"before": before},
    )
    by_church: dict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        by_church[row.church_id].append(row.message_id)
    return by_church


async def _judged(
    session: AsyncSession, message_ids: Sequence[UUID], before: datetime
) -> list[Stuck]:
    rows = await db.rows(
        session,
        _Progress,
        """
        SELECT m.id, m.church_id, m.status, m.pending_count, m.created_at,
               coalesce(m.resumed_at, m.started_at) AS started_at,
               b.batches, b.under_way, b.overdue, b.overdue_since
          FROM messages m
          LEFT JOIN LATERAL (
               SELECT count(*) AS batches,
                      count(*) FILTER (WHERE state <> 'waiting') AS under_way,
                      count(*) FILTER (WHERE due_at < :before) AS overdue,
                      min(due_at) FILTER (WHERE due_at < :before) AS overdue_since
                 FROM dispatch_batches WHERE message_id = m.id) AS b ON true
         WHERE m.id = ANY(CAST(:ids AS uuid[]))
           AND (m.status = 'pending' OR b.overdue > 0
                OR (m.status = 'sending' AND coalesce(m.resumed_at, m.started_at) < :before
                    AND (b.batches > 0 OR m.pending_count > 0) AND b.under_way = 0))
        """,
        {"ids": list(message_ids), "before": before},
    )
    return [_stuck(row) for row in rows]


def _stuck(row: _Progress) -> Stuck:
    since, why = _why(row)
    return Stuck(row.id, row.church_id, row.status, row.pending_count, since, why)


def _why(row: _Progress) -> tuple[datetime, str]:
    if row.status == MessageStatus.PENDING:
        return row.created_at, NO_ANSWER
    if row.overdue_since:
        return row.overdue_since, OVERDUE.format(row.overdue)
    return row.started_at or row.created_at, NOT_RELEASED if row.batches else NO_BATCHES
