"""The figures of a church's dashboard, and the invalidation of cached ones."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.analytics.columns import BY_STATUS, listed
from koinonia.common import clock, db
from koinonia.common.cache import Cache

DAYS = 30
COUNTED = ("messages", "recipients", "replies", *BY_STATUS)

TOTALS = f"""
    SELECT coalesce(timezone, 'UTC') AS timezone,
           {listed((*COUNTED, "members", "open_conversations"), "coalesce({}, 0) AS {}")}
      FROM (SELECT CAST(:church AS uuid) AS church_id) asked
      LEFT JOIN churches USING (church_id)
      LEFT JOIN totals USING (church_id)
"""
"""One row, by primary keys; zeros for a church without events."""

SERIES = f"""
    SELECT CAST(days.day AS date) AS day, {listed(COUNTED, "coalesce({}, 0) AS {}")}
      FROM generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day')
           AS days (day)
      LEFT JOIN daily_rollups ON church_id = :church AND daily_rollups.day = days.day
     ORDER BY days.day
"""
"""One row per day (pk_daily_rollups), zeros where nothing happened."""


class Totals(NamedTuple):
    timezone: str
    messages: int
    recipients: int
    replies: int
    pending: int
    sending: int
    sent: int
    unconfirmed: int
    failed: int
    delivered: int
    skipped: int
    members: int
    open_conversations: int


class Day(NamedTuple):
    day: date
    messages: int
    recipients: int
    replies: int
    pending: int
    sending: int
    sent: int
    unconfirmed: int
    failed: int
    delivered: int
    skipped: int


async def figures(session: AsyncSession, church_id: UUID) -> tuple[Totals, Sequence[Day]]:
    """The totals, and the last thirty days in the church's zone, oldest first."""
    [totals] = await db.rows(session, Totals, TOTALS, {"church": church_id})
    first, last = period(clock.today(totals.timezone))
    days = await db.rows(session, Day, SERIES, {"church": church_id, "first": first, "last": last})
    return totals, days


def period(today: date) -> tuple[date, date]:
    return today - timedelta(days=DAYS - 1), today


def tag(church_id: UUID | str) -> str:
    """The cache tag of a church's figures."""
    return f"church:{church_id}"


def invalidate(session: AsyncSession, cache: Cache, church_id: UUID) -> None:
    """Drop the church's cached figures once this transaction has committed.

    The cache does not keep what began to be computed before. A process that dies right after the
    commit, a Redis that is away, or a replica that lags can leave old figures for one ``ttl``.
    """
    db.after_commit(session, lambda: cache.invalidate(tag(church_id)))
