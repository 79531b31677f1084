"""Whom a target means is answered from indexes: other churches' people are not read."""

from datetime import date
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.testing import explain
from koinonia.common.testing.databases import Databases
from koinonia.messaging.errors import NoSuchGroup
from koinonia.messaging.messages.church_facts import ChurchFacts
from koinonia.messaging.people import audience
from koinonia.messaging.people.audience import Audience
from koinonia.messaging.people.filters import conditions
from koinonia.messaging.people.filters.people_filter import PeopleFilter
from koinonia.messaging.people.targets import aims
from koinonia.messaging.people.targets.aims import Aim
from koinonia.messaging.people.targets.target_schemas import TargetType

from .factories import PHONES
from .people_volume import BRANCH, CHURCH, GROUP, MEMBER

FACTS = """
    SET search_path = messaging;
    INSERT INTO phone_facts (church_id, phone_index, fact, learned_at)
    SELECT lpad(to_hex(n % 20), 32, '0')::uuid, md5('p' || n),
           CASE WHEN n % 100 = 0 THEN 'landline' ELSE 'greeted' END, now()
      FROM generate_series(0, 99999) n;
    INSERT INTO messages (id, church_id, kind, content, target_type, sender, carrier, status,
                          total_recipients, pending_count, parts_estimated, created_by, created_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n % 20), 32, '0')::uuid, 'broadcast',
           'Hello', 'all', '+12025550100', 'telnyx', 'completed', 20, 20, 20, gen_random_uuid(),
           now() - n * interval '1 hour'
      FROM generate_series(0, 1999) n;
    INSERT INTO message_recipients (id, church_id, message_id, batch, phone_index, phone_sealed,
                                    parts_estimated)
    SELECT lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n / 20 % 20), 32, '0')::uuid,
           lpad(to_hex(n / 20), 32, '0')::uuid, 0, md5('p' || n), 'sealed', 1
      FROM generate_series(0, 39999) n;
    ANALYZE phone_facts, messages, message_recipients;
"""
MESSAGE = UUID(int=3)  # of this church


def filtered(**wanted: object) -> Aim:
    given = PeopleFilter.model_validate(wanted)
    found = conditions.conditions(given, CHURCH, PHONES, date(2026, 11, 22), now=clock.now())
    return aims.by_filter(TargetType.FILTER, found, given.joined_groups, {})


AIMS = {
    "members": aims.by_ids(TargetType.INDIVIDUAL, [MEMBER]),
    "groups": aims.by_ids(TargetType.GROUPS, [GROUP]),
    "branches": aims.by_ids(TargetType.BRANCHES, [BRANCH]),
    "everybody": aims.by_ids(TargetType.ALL, []),
    "by group": filtered(groups={"anyOf": [GROUP], "noneOf": [UUID(int=143)]}),
    "by consent": filtered(consent=["granted"]),
    "by birthday": filtered(dates=[{"field": "birthday", "nextDays": 7}]),
    "heard from lately": filtered(lastHeardFrom={"withinDays": 30}),
    "not heard from": filtered(lastHeardFrom={"notWithinDays": 365}, joinedWithinDays=30),
    "recipients": aims.by_recipients(MESSAGE, ["failed"], [GROUP], {}),
}


@pytest_asyncio.fixture(scope="module")
async def with_facts(people_at_volume: Databases) -> Databases:
    """And 2,000 broadcasts, and what they taught us."""
    owner = await asyncpg.connect(people_at_volume.admin_url)
    await owner.execute(FACTS)
    await owner.close()
    return people_at_volume


@pytest.mark.parametrize("aim", AIMS.values(), ids=AIMS)
async def test_an_audience_reads_no_table_from_end_to_end(with_facts: Databases, aim: Aim) -> None:
    meant = audience.query(CHURCH, aim, merge_fields=["firstName"], budget=3)
    database = db.Database(with_facts.url("messaging"), pool_size=1)
    async with database.transaction(CHURCH) as session:
        found = await explain.problems(session, meant.sql, meant.parameters)
    await database.close()
    assert [problem for problem in found if "end to end" in problem] == []


async def test_the_people_of_a_great_message_are_read_at_once(with_facts: Databases) -> None:
    """Though PostgreSQL knows of 20 phones, as right after a broadcast to thousands."""
    great = aims.by_recipients(MESSAGE, ["failed"], [], {}, aims.GREAT)
    meant = audience.query(CHURCH, great, budget=3)
    database = db.Database(with_facts.url("messaging"), pool_size=1)
    async with database.transaction(CHURCH) as session:
        facts = ChurchFacts(session, CHURCH)
        looped = await _plan(session, meant)
        async with facts.planned(great):
            at_once = await _plan(session, meant)
            found = await explain.problems(session, meant.sql, meant.parameters)
        with pytest.raises(NoSuchGroup):
            async with facts.planned(great):
                raise NoSuchGroup
        afterwards = await db.value(session, str, "SHOW enable_nestloop")
    await database.close()
    assert "Nested Loop" in looped
    assert "Nested Loop" not in at_once
    assert [problem for problem in found if "end to end" in problem] == []
    assert afterwards == "on"


async def _plan(session: AsyncSession, meant: Audience) -> str:
    return "\n".join(await db.values(session, str, f"EXPLAIN {meant.sql}", meant.parameters))
