from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.events import ChurchEvent, by_church
from koinonia.common.testing.servers import Servers

FIRST, SECOND = UUID(int=1), UUID(int=2)


@pytest_asyncio.fixture
async def database(servers: Servers) -> AsyncIterator[db.Database]:
    opened = db.Database(servers.database_url, pool_size=1)
    yield opened
    await opened.close()


def test_a_batch_is_taken_apart_by_church_in_one_order_everywhere() -> None:
    late, early, other = (ChurchEvent(church_id=c) for c in (SECOND, FIRST, SECOND))
    assert by_church([late, early, other]) == [(FIRST, [early]), (SECOND, [late, other])]


async def test_what_follows_a_commit_finds_it_done(database: db.Database) -> None:
    order: list[str] = []

    async def note() -> None:
        await database.ping()  # the only connection is free again
        order.append("after")

    async with database.transaction() as session:
        db.after_commit(session, note)
        await db.run(session, "SELECT 1")
        order.append("inside")
    assert order == ["inside", "after"]


async def test_nothing_follows_a_rollback(database: db.Database) -> None:
    done: list[str] = []

    async def note() -> None:
        done.append("after")

    async def failing() -> None:
        async with database.transaction() as session:
            db.after_commit(session, note)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    assert not done
