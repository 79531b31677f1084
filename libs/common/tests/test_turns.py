"""Transactions wait for each other in a line."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from koinonia.common import db
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers


@pytest.fixture
async def narrow(servers: Servers) -> AsyncIterator[db.Database]:
    """A database that one transaction fills."""
    opened = db.Database(servers.database_url, pool_size=1)
    yield opened
    await opened.close()


async def test_whoever_comes_back_for_more_waits_behind_those_who_wait(narrow: db.Database) -> None:
    served: list[str] = []

    async def ask(name: str, times: int) -> None:
        for _ in range(times):
            async with narrow.transaction() as session:
                await probe.first(session, "SELECT 1")
                served.append(name)

    await asyncio.gather(ask("greedy", 3), ask("patient", 1), ask("late", 1))

    assert served == ["greedy", "patient", "late", "greedy", "greedy"]


async def test_a_wait_that_is_too_long_ends_and_a_ping_needs_no_turn(
    narrow: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koinonia.common.db.database.TURN_SECONDS", 0.05)

    async with narrow.transaction():
        await narrow.ping()
        with pytest.raises(PoolTimeout, match="no connection was free within"):
            await narrow.transaction().__aenter__()

    async with narrow.transaction() as session:
        assert await probe.first(session, "SELECT 1")


async def test_work_in_bulk_leaves_a_third_of_the_connections_to_others(servers: Servers) -> None:
    database = db.Database(servers.database_url, pool_size=3)
    begun: list[str] = []
    enough = asyncio.Event()

    async def work(name: str, bulk: bool) -> None:
        async with database.transaction(bulk=bulk):
            begun.append(name)
            await enough.wait()

    working = [asyncio.create_task(work("broadcast", True)) for _ in range(4)]
    await eventually(lambda: len(begun) == 2)
    working.append(asyncio.create_task(work("reply", False)))
    await eventually(lambda: "reply" in begun)
    assert begun == ["broadcast", "broadcast", "reply"]
    enough.set()
    await asyncio.gather(*working)
    await database.close()
    assert begun.count("broadcast") == 4
