from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.testing import explain
from koinonia.common.testing.servers import Servers


@pytest_asyncio.fixture
async def database(servers: Servers) -> AsyncIterator[db.Database]:
    opened = db.Database(servers.database_url, pool_size=1)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT relname FROM pg_class WHERE oid = 1259", []),
        ("SELECT count(*) FROM pg_class", ["pg_class is read from end to end"]),
        ("SELECT n FROM generate_series(1, 5000) n ORDER BY n", ["5000 rows are sorted by n"]),
    ],
)
async def test_a_plan_is_judged_by_what_it_reads_and_sorts(
    database: db.Database, sql: str, expected: list[str]
) -> None:
    async with database.transaction() as session:
        await db.run(session, "SET LOCAL enable_indexonlyscan = off")
        await db.run(session, "SET LOCAL enable_bitmapscan = off")
        assert await explain.problems(session, sql) == expected
