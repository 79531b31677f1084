"""People and numbers of 20 churches, as many as a large one has."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from uuid import UUID

import asyncpg
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.pagination import Cursor, PageParams
from koinonia.common.testing.databases import Cluster, Databases

CHURCH = UUID(int=3)
BRANCH = UUID(int=23)  # of this church
GROUP = UUID(int=123)  # of this branch
MEMBER = UUID(int=20_003)

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
    INSERT INTO member_changes (church_id, member_id, changed_at)
    SELECT pg_temp.id(n % 20), pg_temp.id(n), timestamptz '2026-11-01 00:00+00' + n * interval '1 s'
      FROM generate_series(0, 199999) n;
    INSERT INTO external_ids (church_id, system, external_id, member_id)
    SELECT pg_temp.id(n % 20), 'planning-center', n::text, pg_temp.id(n)
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
    INSERT INTO stop_questions (church_id, phone_index, id, phone_sealed, words, event_id, asked_at,
                                counts_from)
    SELECT pg_temp.id(n % 20), md5('p' || n), pg_temp.id(n), 'sealed', 'sealed', pg_temp.id(n),
           now(), now() + n * interval '1 minute'
      FROM generate_series(0, 9999) n;
    INSERT INTO heard_phones (church_id, phone_index, last_heard_at)
    SELECT pg_temp.id(n % 20), md5('p' || n),
           timestamptz '2026-11-22 12:00+00' - n * interval '10 minutes'
      FROM generate_series(0, 49999) n;
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
    "branches, groups, members, member_changes, external_ids, group_members, consents, "
    " consent_events, confirmations, group_stops, stop_questions, heard_phones, phone_numbers,"
    " number_routes, number_orders, keywords"
)


Act = Callable[[AsyncSession], Awaitable[object]]


@pytest_asyncio.fixture(scope="session")
async def people_at_volume(database_cluster: Cluster) -> AsyncIterator[Databases]:
    """200,000 members of 20 churches, in 4,000 groups of 2,000 branches. They take six seconds of
    processors, so all files that look at them share them: they write nothing that stays."""
    async with database_cluster.database(frozenset({"messaging"})) as own:
        owner = await asyncpg.connect(own.admin_url)
        await owner.execute("SET session_replication_role = replica")  # the rows are right as made
        await owner.execute(AT_VOLUME)
        await owner.execute(f"ANALYZE {TABLES}")
        await owner.close()
        yield own


def page(*after: UUID | datetime | str) -> PageParams:
    return PageParams(cursor=str(Cursor(after)) if after else None)
