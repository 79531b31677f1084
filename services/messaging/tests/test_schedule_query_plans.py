"""Every statement about schedules is answered from an index, in tables at volume."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.pagination import Cursor, PageParams
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.messaging.schedules import due_schedules, queries, schedules
from koinonia.messaging.schedules.schemas import ScheduleStatus
from koinonia.messaging.timing import texting_rules

from .explained import CHURCH, problems

SCHEDULE = UUID(int=27)  # of this church
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = PageParams(cursor=str(Cursor((NOW, SCHEDULE))))
EARLIER = PageParams(cursor=str(Cursor((NOW,))))

AT_VOLUME = """
    SET search_path = messaging;
    INSERT INTO churches (church_id, name, timezone, changed_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 'Church', 'America/Chicago', now()
      FROM generate_series(0, 4999) n;
    INSERT INTO texting_rules (church_id, changed_at) SELECT church_id, now() FROM churches;
    INSERT INTO schedules (id, church_id, request, starts_local, timezone, next_at, created_by,
                           created_at, changed_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n % 20), 32, '0')::uuid,
           '{"content": "Hello", "targetType": "all"}', '2027-01-03 09:00', 'America/Chicago',
           now() + n * interval '1 minute', gen_random_uuid(), now() - n * interval '1 minute',
           now()
      FROM generate_series(0, 9999) n;
    INSERT INTO due_schedules (schedule_id, church_id, due_at)
    SELECT id, church_id, next_at FROM schedules;
    INSERT INTO schedule_occurrences (schedule_id, occurs_at, church_id, outcome, code, noted_at)
    SELECT lpad(to_hex(n % 1000), 32, '0')::uuid, now() - n * interval '1 hour',
           lpad(to_hex(n % 20), 32, '0')::uuid, 'missed', 'too_late', now()
      FROM generate_series(0, 19999) n;
    ANALYZE churches, texting_rules, schedules, due_schedules, schedule_occurrences;
"""


@pytest_asyncio.fixture(scope="module")
async def at_volume(database_cluster: Cluster) -> AsyncIterator[Databases]:
    """10,000 schedules of 20 churches, and what became of some."""
    async with database_cluster.database(frozenset({"messaging"})) as own:
        owner = await asyncpg.connect(own.admin_url)
        await owner.execute(AT_VOLUME)
        await owner.close()
        yield own


async def test_the_lists(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        for params in (PageParams(), LATER, PageParams(page=3)):
            await queries.page(session, CHURCH, params, None)
            await queries.page(session, CHURCH, params, ScheduleStatus.ACTIVE)
        for params in (PageParams(), EARLIER, PageParams(page=2)):
            await queries.past_occurrences(session, SCHEDULE, params)

    assert await problems(at_volume, act) == []


async def test_what_is_due_is_claimed_and_moved_on(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        [church_id] = await due_schedules.waiting_churches(session)
        assert await due_schedules.claim(session, church_id, most=10)
        [schedule] = await queries.locked(session, [SCHEDULE])
        concluded = due_schedules.Conclusion(schedule.id, [], NOW)
        await due_schedules.conclude(session, CHURCH, [concluded])

    assert await problems(at_volume, act) == []


async def test_cancelling(at_volume: Databases) -> None:
    assert await problems(at_volume, lambda s: schedules.cancel(s, SCHEDULE)) == []


async def test_the_hours_of_a_church(at_volume: Databases) -> None:
    class Settings:
        quiet_hours = "enforced"

    async def act(session: AsyncSession) -> None:
        await texting_rules.hours(session, Settings, CHURCH)
        await texting_rules.current(session, CHURCH)

    assert await problems(at_volume, act) == []
