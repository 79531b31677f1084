"""Figures of the days before the demo. Nothing of ours can text in the past, so they are written
where analytics keeps its days, once; no other table knows of them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import asyncpg

from koinonia.common.cache import Cache
from koinonia.devkit.environment import Environment

DAYS = 29  # that the dashboard shows, and today is true
EVERYBODY, A_GROUP = 486, 84
SUNDAY, WEDNESDAY = 6, 2


class Day(NamedTuple):
    day: date
    messages: int
    recipients: int
    replies: int
    delivered: int
    failed: int
    unconfirmed: int


ADD_DAY = """
    INSERT INTO analytics.daily_rollups
           (church_id, day, messages, recipients, replies, delivered, failed, unconfirmed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
ADD_TO_TOTALS = """
    UPDATE analytics.totals
       SET messages = messages + $2, recipients = recipients + $3, replies = replies + $4,
           delivered = delivered + $5, failed = failed + $6, unconfirmed = unconfirmed + $7
     WHERE church_id = $1
"""
KNOWN = """
    SELECT EXISTS (
        SELECT FROM analytics.daily_rollups d JOIN analytics.churches c USING (church_id)
         WHERE church_id = $1 AND day < (now() AT TIME ZONE c.timezone)::date
    )
"""
TODAY = "SELECT (now() AT TIME ZONE timezone)::date FROM analytics.churches WHERE church_id = $1"


async def make_up(environment: Environment, church_id: str) -> None:
    """Give the church a month of figures, unless it has days of its own before today."""
    connection = await asyncpg.connect(environment.database_url, timeout=10)
    try:
        async with connection.transaction():
            if not await connection.fetchval(KNOWN, church_id):
                days = list(_days(await connection.fetchval(TODAY, church_id)))
                await connection.executemany(ADD_DAY, [(church_id, *day) for day in days])
                sums = [sum(values) for values in list(zip(*days, strict=True))[1:]]
                await connection.execute(ADD_TO_TOTALS, church_id, *sums)
    finally:
        await connection.close()
    cache = Cache(environment.redis_url, "analytics")
    await cache.invalidate(f"church:{church_id}")
    await cache.close()


def _days(today: date) -> Iterator[Day]:
    """A text to everybody each Sunday, one to a group each Wednesday, and answers every day."""
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        sent = {SUNDAY: EVERYBODY - back // 3, WEDNESDAY: A_GROUP + back % 5}.get(day.weekday(), 0)
        failed, unconfirmed = sent // 45, sent // 120
        replies = 3 + (back * 7) % 5 + sent // 40
        delivered = sent - failed - unconfirmed
        yield Day(day, 1 if sent else 0, sent, replies, delivered, failed, unconfirmed)
