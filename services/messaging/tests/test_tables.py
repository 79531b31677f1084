"""The tables: they go down and up again, and keep what auth says of a church."""

from datetime import timedelta
from typing import Any

import asyncpg

from koinonia.common import clock, db, migrations
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated
from koinonia.common.testing import probe, service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password
from koinonia.messaging.program import PROGRAM


async def test_the_tables_go_down_and_up_again(databases: Databases) -> None:
    before = await _tables(databases)
    await migrations.downgrade(databases.admin_url, "messaging")
    assert await _tables(databases) == {"schema_version"}
    await migrations.upgrade(databases.admin_url, "messaging", role_password(databases.admin_url))
    assert await _tables(databases) == before


async def test_messages_of_before_are_looked_after_too(databases: Databases) -> None:
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0002")
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute(
        """
        INSERT INTO messaging.messages (id, church_id, kind, content, target_type, sender, carrier,
                                        total_recipients, pending_count, sent_count, failed_count,
                                        parts_estimated, created_by, created_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 'broadcast', 'Hello', 'all', '', '', 1,
               0, n, 1 - n, 1, gen_random_uuid(), now() FROM generate_series(0, 1) n
        """
    )
    await migrations.upgrade(databases.admin_url, "messaging", role_password(databases.admin_url))
    [row] = await owner.fetch(
        """
        SELECT sent_count FROM messaging.messages JOIN messaging.open_messages ON message_id = id
        """
    )
    await owner.close()
    assert row["sent_count"] == 1


async def test_previews_that_were_kept_as_plans_stay(databases: Databases) -> None:
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0009")
    owner = await asyncpg.connect(databases.admin_url)
    church = await owner.fetchval(
        """
        INSERT INTO messaging.plans (church_id, hash, summary, created_at)
        VALUES (gen_random_uuid(), 'a hash', '{"phones": 1}', now()) RETURNING church_id
        """
    )
    await migrations.upgrade(databases.admin_url, "messaging", role_password(databases.admin_url))
    kept = await owner.fetch("SELECT church_id, hash, summary FROM messaging.previews")
    await owner.close()
    assert [tuple(row) for row in kept] == [(church, "a hash", '{"phones": 1}')]


async def test_every_table_with_a_church_is_scoped_to_it_or_holds_only_ids(
    databases: Databases,
) -> None:
    unscoped = await _names(
        databases,
        """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'messaging'::regnamespace AND c.relkind = 'r'
           AND a.attname = 'church_id' AND NOT c.relrowsecurity
        """,
    )
    ours = {"number_routes"}
    due_work = {
        "number_orders",
        "number_checks",
        "dispatch_batches",
        "open_messages",
        "parked_reports",
    }
    due_work |= {"due_imports", "due_schedules", "due_stop_questions"}
    due_work |= {"unzoned_churches", "wanted_records"}
    assert unscoped == {"outbox"} | ours | due_work


async def test_the_newest_name_of_a_church_is_kept_in_whatever_order_it_comes(house: Any) -> None:
    church_id, now = db.uuid7(), clock.now()
    words = {"church_id": church_id, "timezone": "America/Chicago"}
    registered = ChurchRegistered(church_name="Grace", occurred_at=now, **words)
    renamed = ChurchUpdated(
        church_name="Grace Chapel", occurred_at=now + timedelta(seconds=1), **words
    )
    await service.hear(PROGRAM, house, renamed)
    await service.hear(PROGRAM, house, registered)
    async with house.database.transaction(church_id) as session:
        row = await probe.first(session, "SELECT name, timezone FROM churches")
    assert row is not None
    assert tuple(row) == ("Grace Chapel", "America/Chicago")


async def _tables(databases: Databases) -> set[str]:
    return await _names(databases, "SELECT tablename FROM pg_tables WHERE schemaname = 'messaging'")


async def _names(databases: Databases, sql: str) -> set[str]:
    owner = await asyncpg.connect(databases.admin_url)
    try:
        return {row[0] for row in await owner.fetch(sql)}
    finally:
        await owner.close()


async def test_what_is_for_a_filter_is_for_nobody_in_an_older_program_and_comes_back(
    databases: Databases,
) -> None:
    target = '{"target": {"type": "filter", "filter": {"consent": ["granted"]}}, "content": "Hi"}'
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute(
        """
        INSERT INTO messaging.schedules (id, church_id, request, starts_local, timezone, next_at,
                                         created_by, created_at, changed_at)
        VALUES (gen_random_uuid(), gen_random_uuid(), $1::jsonb, now(), 'UTC', now(),
                gen_random_uuid(), now(), now())
        """,
        target,
    )
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0029")
    asked = "SELECT request ->> 'targetType' AS type, paused_at FROM messaging.schedules"
    before = await owner.fetchrow(asked)
    await migrations.upgrade(databases.admin_url, "messaging", role_password(databases.admin_url))
    after = await owner.fetchval("SELECT request = $1::jsonb FROM messaging.schedules", target)
    await owner.close()
    assert before["type"] == "individual"
    assert before["paused_at"]
    assert after


async def test_phones_that_texted_before_are_known_as_far_as_messaging_kept_it(
    databases: Databases,
) -> None:
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0028")
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute(
        """
        INSERT INTO messaging.consent_events (church_id, id, phone_index, phone_sealed, kind,
                                              method, occurred_at)
        SELECT '00000000-0000-0000-0000-000000000001', gen_random_uuid(), phone, '', 'granted',
               method, timestamptz '2026-11-01' + n * interval '1 day'
          FROM (VALUES ('a', 'keyword', 1), ('a', 'keyword', 3), ('b', 'import', 2))
               AS said (phone, method, n)
        """
    )
    await migrations.upgrade(databases.admin_url, "messaging", role_password(databases.admin_url))
    heard = await owner.fetch("SELECT phone_index, last_heard_at FROM messaging.heard_phones")
    await owner.close()
    assert [(row["phone_index"], row["last_heard_at"].day) for row in heard] == [("a", 4)]
