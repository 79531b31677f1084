"""Every list of people and numbers is answered from an index, in tables at volume."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import Cursor, PageParams
from koinonia.common.testing import explain
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.messaging.inbound import confirming
from koinonia.messaging.keywords import keywords, matching, staff
from koinonia.messaging.numbers import due_checks, numbers, routes
from koinonia.messaging.people import branches, directory, groups, members, unnamed_members
from koinonia.messaging.people.consent import ledger, ministries, showing
from koinonia.messaging.people.consent.entries import Entry, Kind, Method
from koinonia.messaging.people.directory import Wanted
from koinonia.messaging.people.unnamed_members import Name

from .factories import PHONES

CHURCH = UUID(int=3)
BRANCH = UUID(int=23)  # of this church
GROUP = UUID(int=123)  # of this branch
MEMBER = UUID(int=20_003)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

AT_VOLUME = """
    SET search_path = messaging;
    CREATE FUNCTION pg_temp.id(n bigint) RETURNS uuid LANGUAGE sql
        AS $$ SELECT lpad(to_hex(n), 32, '0')::uuid $$;
    INSERT INTO branches (id, church_id, name, name_key)
    SELECT pg_temp.id(n), pg_temp.id(n % 20), 'B' || n, lpad(n::text, 5, '0')
      FROM generate_series(0, 1999) n;
    INSERT INTO groups (id, church_id, branch_id, name, name_key, keyword, keyword_key)
    SELECT pg_temp.id(n), pg_temp.id(n % 20), pg_temp.id(n % 100), 'G' || n,
           lpad(n::text, 5, '0'), 'K' || n, 'k' || n
      FROM generate_series(0, 3999) n;
    INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key, phone_sealed,
                         phone_index, source)
    SELECT pg_temp.id(n), pg_temp.id(n % 20), 'A', 'B', md5(n::text), md5('x' || n), 'sealed',
           md5('p' || n / 2), 'import'
      FROM generate_series(0, 199999) n;
    INSERT INTO group_members (church_id, group_id, member_id)
    SELECT pg_temp.id(n % 20), pg_temp.id((n % 20) + 20 * (n / 20 % 200)), pg_temp.id(n)
      FROM generate_series(0, 199999) n;
    INSERT INTO consents (church_id, phone_index, phone_sealed, state, is_own, is_blocked, since)
    SELECT pg_temp.id(n % 20), md5('p' || n), 'sealed', 'revoked', true, true, now()
      FROM generate_series(0, 9999) n;
    INSERT INTO consent_events (church_id, id, phone_index, phone_sealed, kind, method, occurred_at)
    SELECT pg_temp.id(n % 20), pg_temp.id(n), md5('p' || n), 'sealed', 'revoked', 'keyword', now()
      FROM generate_series(0, 9999) n;
    INSERT INTO confirmations (church_id, phone_index, message_id, about, answered_at)
    SELECT pg_temp.id(n % 20), md5('p' || n), pg_temp.id(n), 'help', now()
      FROM generate_series(0, 9999) n;
    INSERT INTO group_stops (church_id, group_id, phone_index, member_ids, stopped_at)
    SELECT pg_temp.id(n % 20), pg_temp.id(n % 4000), md5('p' || n), '{}', now()
      FROM generate_series(0, 9999) n;
    INSERT INTO phone_numbers (id, church_id, phone_number, carrier, area_code, status, ordered_at)
    SELECT pg_temp.id(n), pg_temp.id(n % 20), '+' || n, 'telnyx', '202', 'active',
           now() - n * interval '1 minute'
      FROM generate_series(0, 9999) n;
    INSERT INTO number_routes (phone_number, church_id, number_id, valid_from)
    SELECT '+' || n, pg_temp.id(n % 20), pg_temp.id(n), now() FROM generate_series(0, 9999) n;
    INSERT INTO number_orders (number_id, church_id, next_check_at)
    SELECT pg_temp.id(n), pg_temp.id(n % 20), now() + n * interval '1 minute'
      FROM generate_series(1, 9999) n;
    INSERT INTO keywords (id, church_id, word, word_key, group_id)
    SELECT pg_temp.id(n), pg_temp.id(n % 20), 'W' || n, 'w' || n, pg_temp.id(n)
      FROM generate_series(0, 3999) n;
    UPDATE members SET first_key = '', last_key = '' WHERE id < pg_temp.id(20);
"""
TABLES = (
    "branches, groups, members, group_members, consents, consent_events, confirmations,"
    " group_stops, phone_numbers, number_routes, number_orders, keywords"
)

Act = Callable[[AsyncSession], Awaitable[object]]


@pytest_asyncio.fixture(scope="module")
async def at_volume(database_cluster: Cluster) -> AsyncIterator[Databases]:
    """200,000 members of 20 churches, in 4,000 groups of 2,000 branches."""
    async with database_cluster.database(frozenset({"messaging"})) as own:
        owner = await asyncpg.connect(own.admin_url)
        await owner.execute("SET session_replication_role = replica")  # the rows are right as made
        await owner.execute(AT_VOLUME)
        await owner.execute(f"ANALYZE {TABLES}")
        await owner.close()
        yield own


def page(*after: UUID | datetime | str) -> PageParams:
    return PageParams(cursor=str(Cursor(after)) if after else None)


def people(after: tuple[UUID | str, ...] = (), **wanted: UUID | str) -> Act:
    return lambda session: directory.listed(session, page(*after), Wanted(**wanted))  # type: ignore[arg-type]


STOP = Entry(phone_index="p", phone_sealed="s", kind=Kind.REVOKED, method=Method.KEYWORD, at=NOW)
LEFT = replace(STOP, scope=GROUP)
JOINED = replace(LEFT, kind=Kind.GRANTED)
SEALED = PHONES.seal("+12025550142")
NAMES = [Name(str(number), "Ada", "Smith") for number in range(10_000)]

ACTS: dict[str, Act] = {
    "branches": lambda session: branches.listed(session, page()),
    "branches after a cursor": lambda session: branches.listed(session, page("00523")),
    "a branch": lambda session: branches.one(session, BRANCH),
    "groups": lambda session: groups.listed(session, page(), None),
    "groups after a cursor": lambda session: groups.listed(session, page("00523", GROUP), None),
    "groups of a branch": lambda session: groups.listed(session, page("00523", GROUP), BRANCH),
    "a group": lambda session: groups.one(session, GROUP),
    "members": people(),
    "members after a cursor": people((MEMBER,)),
    "members of a group": people(group_id=GROUP),
    "members of a group after a cursor": people((MEMBER,), group_id=GROUP),
    "members of a branch": people(branch_id=BRANCH),
    "members by name": people(name="ab"),
    "members by name after a cursor": people(("ab12", MEMBER), name="ab"),
    "members by phone": people(phone_index="0123456789abcdef"),
    "a member": lambda session: members.one(session, MEMBER),
    "a stop": lambda session: ledger.append(session, CHURCH, [STOP]),
    "what is known of a phone": lambda session: ledger.state(session, CHURCH, "p"),
    "all that was said of a phone": lambda session: ledger.history(session, CHURCH, "p"),
    "the ledger": lambda session: showing.page(session, CHURCH, None, 100),
    "the ledger after an entry": lambda session: showing.page(session, CHURCH, MEMBER, 100),
    "the group of a keyword": lambda session: ministries.called(session, CHURCH, "k3"),
    "a name of a group": lambda session: ministries.is_name(session, CHURCH, "0003"),
    "a ministry's stop": lambda session: ministries.heed(session, CHURCH, LEFT),
    "the group that somebody joins": lambda session: ministries.named(session, CHURCH, "k3"),
    "who joins a ministry": lambda session: ministries.heed(session, CHURCH, JOINED),
    "the keyword of a text": lambda session: matching.called(session, CHURCH, "w3, please"),
    "keywords": lambda session: keywords.listed(session, page()),
    "keywords after a cursor": lambda session: keywords.listed(session, page("w1003")),
    "a keyword": lambda session: keywords.one(session, GROUP),
    "whom to notify": lambda session: staff.present(session, CHURCH, [MEMBER]),
    "somebody without a name": lambda session: unnamed_members.create(
        session, CHURCH, "p", SEALED, PHONES
    ),
    "names for those who have none": lambda session: unnamed_members.name(session, CHURCH, NAMES),
    "help of late": lambda session: confirming.helped_since(session, CHURCH, "p", NOW),
    "numbers": lambda session: numbers.listed(session, page()),
    "numbers after a cursor": lambda session: numbers.listed(session, page(NOW, MEMBER)),
    "the pending number": numbers.check_none_pending,
    "the owner of a number": lambda session: routes.entered(session, "+77", NOW),
    "orders that are due": due_checks.claim,
}


@pytest.mark.parametrize("name", ACTS)
async def test_it_is_answered_from_an_index(at_volume: Databases, name: str) -> None:
    database = db.Database(at_volume.url("messaging"), pool_size=2)
    try:
        with explain.watched(database) as statements:
            async with database.transaction(CHURCH) as session:
                await ACTS[name](session)
                await session.rollback()
        async with database.transaction(CHURCH) as session:
            assert await explain.problems_of(session, statements) == []
    finally:
        await database.close()
