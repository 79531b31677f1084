from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from koinonia.analytics import dashboard
from koinonia.common import db, migrations
from koinonia.common.runtime import Running
from koinonia.common.testing import explain, probe
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password

from . import factories

TABLES = ("event_log", "churches", "message_reports", "daily_rollups", "totals")
CHURCH = UUID(int=7)


@pytest.mark.parametrize("table", TABLES)
async def test_another_church_and_nobody_see_no_row(
    running: Running, church_id: UUID, table: str
) -> None:
    await factories.hear(running, factories.created(church_id))
    assert await factories.rows(running, church_id, f"SELECT 1 FROM {table}")
    for stranger in (None, db.uuid7()):
        async with running.database.transaction(stranger) as session:
            assert await probe.rows(session, f"SELECT 1 FROM {table}") == []


async def test_the_tables_go_down_and_up_again(databases: Databases) -> None:
    await migrations.downgrade(databases.admin_url, "analytics")
    assert await _tables(databases) == {"schema_version"}
    await migrations.upgrade(databases.admin_url, "analytics", role_password(databases.admin_url))
    assert {*TABLES, "inbox", "outbox"} < await _tables(databases)


@pytest_asyncio.fixture
async def at_volume(databases: Databases) -> AsyncIterator[db.Database]:
    """500 churches with 200 days each."""
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("""
        CREATE TEMPORARY TABLE every AS
        SELECT lpad(to_hex(n), 32, '0')::uuid AS church_id FROM generate_series(1, 500) n;
        INSERT INTO analytics.churches (church_id, name, timezone, changed_at)
        SELECT church_id, 'Church', 'America/Chicago', now() FROM every;
        INSERT INTO analytics.totals (church_id) SELECT church_id FROM every;
        INSERT INTO analytics.daily_rollups (church_id, day)
        SELECT church_id, date '2026-11-22' - n FROM every, generate_series(1, 200) n;
        ANALYZE;
    """)
    await owner.close()
    opened = db.Database(databases.url("analytics"), pool_size=1)
    yield opened
    await opened.close()


async def test_the_dashboard_reads_one_churchs_rows(at_volume: db.Database) -> None:
    first, last = dashboard.period(date(2026, 11, 22))
    series = {"church": CHURCH, "first": first, "last": last}
    async with at_volume.transaction(CHURCH) as session:
        assert await explain.problems(session, dashboard.TOTALS, {"church": CHURCH}) == []
        assert await explain.problems(session, dashboard.SERIES, series) == []


async def _tables(databases: Databases) -> set[str]:
    owner = await asyncpg.connect(databases.admin_url)
    try:
        found = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'analytics'")
    finally:
        await owner.close()
    return {row["tablename"] for row in found}
