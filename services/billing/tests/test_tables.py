import asyncpg
import pytest
from sqlalchemy.exc import ProgrammingError

from koinonia.common import db, migrations
from koinonia.common.events.billing import SubscriptionUpdated
from koinonia.common.testing import probe
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password

from . import factories

TABLES = ("subscriptions", "reservations", "usage_entries")


async def spent(database: db.Database) -> None:
    """A church with a row in each table."""
    church_id = await factories.church(database)
    message = factories.created(church_id, parts=3)
    report = factories.reported(church_id, message.message_id, parts=1)
    await factories.hear(database, message, report)


@pytest.mark.parametrize("table", TABLES)
async def test_another_church_and_nobody_see_no_row(database: db.Database, table: str) -> None:
    await spent(database)
    for church_id in (None, db.uuid7()):
        async with database.transaction(church_id) as session:
            assert await probe.rows(session, f"SELECT 1 FROM {table}") == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE usage_entries SET parts = 0", "DELETE FROM usage_entries", "DELETE FROM plans"],
)
async def test_the_ledger_and_the_plans_cannot_be_rewritten(
    database: db.Database, statement: str
) -> None:
    async with database.transaction(db.uuid7()) as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await db.run(session, statement)
        await session.rollback()


async def test_the_tables_go_down_and_up_again(databases: Databases) -> None:
    await migrations.downgrade(databases.admin_url, "billing")
    assert await _tables(databases) == {"schema_version"}
    await migrations.upgrade(databases.admin_url, "billing", role_password(databases.admin_url))
    assert {*TABLES, "plans", "inbox", "outbox"} < await _tables(databases)


async def test_churches_of_before_are_told_of_again_with_their_price(
    databases: Databases, database: db.Database
) -> None:
    await migrations.downgrade(databases.admin_url, "billing", revision="billing_0001")
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("""
        INSERT INTO billing.subscriptions (church_id, plan, status, allowance_parts, anchored_at,
                                           period_starts_at, period_ends_at, used_parts)
        VALUES (gen_random_uuid(), 'trial', 'trialing', 5000, now(), now(), now() + '30 days', 7)
    """)
    await owner.close()
    await migrations.upgrade(databases.admin_url, "billing", role_password(databases.admin_url))
    *_, told = await factories.said(database, SubscriptionUpdated)
    assert (told.allowance_parts, told.used_parts, told.part_price) == (5000, 7, 0)
    assert told.number_limit == 1


@pytest.mark.parametrize(("before", "after"), [(5_000, 100), (700, 700)])
async def test_the_trial_is_of_100_parts_unless_an_operator_said_otherwise(
    databases: Databases, database: db.Database, before: int, after: int
) -> None:
    await migrations.downgrade(databases.admin_url, "billing", revision="billing_0002")
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("UPDATE billing.plans SET allowance_parts = $1", before)
    await owner.close()
    await migrations.upgrade(databases.admin_url, "billing", role_password(databases.admin_url))
    church_id = await factories.church(database)
    assert (await factories.subscription(database, church_id)).remaining == after


async def _tables(databases: Databases) -> set[str]:
    owner = await asyncpg.connect(databases.admin_url)
    try:
        found = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'billing'")
    finally:
        await owner.close()
    return {row["tablename"] for row in found}
