"""The database itself keeps services and churches apart, whatever the code above it does."""

import re
from collections.abc import Iterable
from typing import Any

import asyncpg
import pytest

from koinonia.common import migrations
from koinonia.common.testing.databases import Databases, role_url
from koinonia.common.testing.secrets import role_password
from koinonia.devkit.layout import ROOT, with_schema
from koinonia.devkit.system import System

from .conftest import Founded
from .network import Network

SCHEMAS = with_schema()

# What holds ids, times and sealed words only, and is looked through across churches.
ACROSS_CHURCHES = {
    "auth.logins",  # by email, before anybody knows the church
    "auth.refresh_tokens",  # by hash, likewise
    "auth.invitation_tokens",
    "auth.secret_links",  # by hash
    "auth.api_key_digests",  # by digest
    "auth.second_factors",  # sealed anew for all when the ring changes
    "auth.mails",  # due work
    "auth.notification_dispatches",  # due work
    "auth.unverified_churches",  # ids and times
    "integrations.due_deliveries",  # ids and times
    "integrations.lanes",  # ids and times
    "integrations.wanted_kinds",  # ids, kinds of ours
    "conversation.number_routes",  # whose number a text came to
    "conversation.due_work",  # ids and times
    "conversation.search_backlog",  # ids
    "messaging.number_routes",
    "messaging.number_orders",  # due work
    "messaging.number_checks",  # due work, and our own numbers
    "messaging.dispatch_batches",
    "messaging.due_imports",  # ids and times
    "messaging.due_schedules",
    "messaging.due_stop_questions",  # ids and times
    "messaging.open_messages",
    "messaging.parked_reports",
    "messaging.wanted_records",
    "messaging.unzoned_churches",  # members of theirs have no zones yet
    *(f"{schema}.outbox" for schema in SCHEMAS),
}

# Columns of those tables, but for the outboxes, that hold text: words of ours or of a carrier,
# digests, our own numbers.
WORDS_OF_OURS = {
    "auth.invitation_tokens.token_hash",
    "auth.logins.email_digest",
    "auth.mails.failure",
    "auth.mails.email_digest",
    "auth.mails.kind",
    "auth.mails.language",
    "auth.mails.outcome",
    "auth.mails.provider",
    "auth.mails.provider_id",
    "auth.mails.sealed",
    "auth.mails.state",
    "auth.notification_dispatches.channel",
    "auth.api_key_digests.digest",
    "auth.second_factors.recovery_digests",
    "auth.second_factors.sealed",
    "auth.secret_links.purpose",
    "auth.secret_links.token_hash",
    "auth.refresh_tokens.token_hash",
    "auth.refresh_tokens.replaced_by",
    "conversation.due_work.kind",
    "conversation.number_routes.phone_number",
    "conversation.search_backlog.what",
    "integrations.wanted_kinds.kind",
    "messaging.dispatch_batches.lane",
    "messaging.dispatch_batches.state",
    "messaging.dispatch_batches.worker",
    "messaging.number_checks.carrier",
    "messaging.number_checks.phone_number",
    "messaging.number_checks.profile_id",
    "messaging.number_routes.phone_number",
    "messaging.parked_reports.carrier",
    "messaging.parked_reports.carrier_message_id",
    "messaging.parked_reports.sender",
    "messaging.parked_reports.status",
    "messaging.parked_reports.failure",
    "messaging.parked_reports.failure_code",
}

# Guarded, and yet seen by a worker that looks for the churches with work: how many threads of
# which facet came or went, by ids and our own numbers.
LOOKED_THROUGH = {"conversation.conversation_count_deltas"}

TABLES = """
    SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AS guarded,
           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'church_id')
           AS has_church
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY($1) ORDER BY 1
"""
WORDS = """
    SELECT a.attrelid::regclass::text AS name, a.attname AS column FROM pg_attribute a
     WHERE a.attrelid::regclass::text = ANY($1) AND a.attrelid::regclass::text NOT LIKE '%.outbox'
       AND a.attnum > 0 AND NOT a.attisdropped
       AND a.atttypid::regtype::text NOT IN
           ('uuid', 'bigint', 'integer', 'smallint', 'numeric', 'boolean',
            'timestamp with time zone')
"""
SHAPE = """
    SELECT 'column', table_name, column_name,
           data_type || is_nullable || coalesce(column_default, '')
      FROM information_schema.columns WHERE table_schema = $1
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = $1
    UNION ALL SELECT 'policy', tablename, policyname, qual FROM pg_policies WHERE schemaname = $1
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(c.oid)
      FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = $1
     ORDER BY 1, 2, 3
"""


async def tables(url: str, schemas: Iterable[str]) -> list[Any]:
    owner = await asyncpg.connect(url)
    try:
        return list(await owner.fetch(TABLES, list(schemas)))
    finally:
        await owner.close()


@pytest.mark.parametrize("service", SCHEMAS)
async def test_a_service_s_role_cannot_read_another_schema(system: System, service: str) -> None:
    url = system.environment.database_url
    others = await tables(url, [each for each in SCHEMAS if each != service])
    assert others
    role = await asyncpg.connect(role_url(url, service))
    for table in others:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await role.fetch(f"SELECT 1 FROM {table['name']} LIMIT 1")
    await role.close()


@pytest.mark.parametrize("service", SCHEMAS)
async def test_a_service_s_role_owns_nothing_and_bypasses_nothing(
    system: System, service: str
) -> None:
    owner = await asyncpg.connect(system.environment.database_url)
    row = await owner.fetchrow(
        """
        SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
               EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) AS owns_something,
               EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS is_another_too
          FROM pg_roles WHERE rolname = $1
        """,
        migrations.role(service),
    )
    await owner.close()
    assert row is not None
    assert not any(row.values())


async def test_every_table_with_a_church_is_guarded_or_named_here(system: System) -> None:
    found = await tables(system.environment.database_url, SCHEMAS)
    open_to_all = {each["name"] for each in found if each["has_church"] and not each["guarded"]}
    assert open_to_all == ACROSS_CHURCHES


def test_the_promises_name_every_table_without_a_policy() -> None:
    promised = (ROOT / "docs/guarantees.md").read_text()
    rows = re.findall(r"^\| (`\w+\.\w+`.*?) \| \w.* \|$", promised, re.MULTILINE)
    named = {table for row in rows for table in re.findall(r"`(\w+\.\w+)`", row)}
    assert named == {name for name in ACROSS_CHURCHES if not name.endswith(".outbox")}
    assert "| `outbox` of each service |" in promised


async def test_what_has_no_policy_holds_no_word_of_people(system: System) -> None:
    owner = await asyncpg.connect(system.environment.database_url)
    found = await owner.fetch(WORDS, sorted(ACROSS_CHURCHES))
    await owner.close()
    assert {f"{each['name']}.{each['column']}" for each in found} == WORDS_OF_OURS


async def test_without_a_church_set_nothing_is_visible(
    system: System, found: Founded, phones: Network
) -> None:
    church = await found(members=2)
    await church.settled((await church.send("Hello"))["id"])
    await phones.text(church.phones[0], church.number, "Hi")
    await church.conversation_with(church.phones[0])
    seen = {}
    for service in SCHEMAS:
        guarded = await tables(system.environment.database_url, [service])
        role = await asyncpg.connect(role_url(system.environment.database_url, service))
        for table in guarded:
            if table["guarded"]:
                seen[table["name"]] = await role.fetchval(f"SELECT count(*) FROM {table['name']}")
        await role.close()
    assert len(seen) > 20
    assert {name for name, rows in seen.items() if rows} <= LOOKED_THROUGH


async def test_with_a_church_set_only_its_own_is_visible(system: System, found: Founded) -> None:
    ours, _theirs = await found(number=False, members=2), await found(number=False, members=3)
    role = await asyncpg.connect(role_url(system.environment.database_url, "messaging"))
    async with role.transaction():
        await role.execute("SELECT set_config('koinonia.church_id', $1, true)", ours.id)
        seen = await role.fetch("SELECT DISTINCT church_id::text FROM members")
    await role.close()
    assert [row["church_id"] for row in seen] == [ours.id]


@pytest.mark.parametrize("service", SCHEMAS)
async def test_migrations_go_down_and_up_again(databases: Databases, service: str) -> None:
    url = databases.admin_url
    before = await shape(url, service)
    await migrations.downgrade(url, service)
    left = [each["name"] for each in await tables(url, [service])]
    await migrations.upgrade(url, service, role_password(url))
    assert left == [f"{service}.schema_version"]
    assert await shape(url, service) == before


async def shape(url: str, schema: str) -> list[tuple[Any, ...]]:
    owner = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await owner.fetch(SHAPE, schema)]
    finally:
        await owner.close()
