"""A worker that is silent is dead to the others, and knows it before they do."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest

from koinonia.common import db
from koinonia.common.leases import workers
from koinonia.common.leases.workers import NotAlive, Worker
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually


@pytest.fixture
async def house(sample: db.Database, monkeypatch: pytest.MonkeyPatch) -> db.Database:
    """A schema whose workers renew their rows all the time."""
    monkeypatch.setattr(workers, "RENEW_SECONDS", 0.02)
    await run(
        sample,
        """
        CREATE TABLE workers (id text PRIMARY KEY, alive_until timestamptz NOT NULL,
                              steady_since timestamptz NOT NULL)
        """,
    )
    return sample


@pytest.fixture
async def worker(house: db.Database) -> AsyncIterator[Worker]:
    async with workers.opened(connection(house)) as opened:
        yield opened


def connection(database: db.Database) -> Callable[[], db.Database]:
    return lambda: db.Database(database.url, pool_size=1)


async def run(database: db.Database, sql: str, **parameters: object) -> None:
    async with database.transaction() as session:
        await db.run(session, sql, parameters)


async def a_silent_one(database: db.Database, seconds: float) -> None:
    """A worker that ought to have renewed its row so many seconds ago."""
    await run(
        database,
        """
        INSERT INTO workers VALUES ('silent', now() - make_interval(secs => :seconds), now())
        """,
        seconds=seconds,
    )


async def has_been_steady(database: db.Database, worker: Worker) -> None:
    await run(
        database,
        "UPDATE workers SET steady_since = now() - interval '1 minute' WHERE id = :id",
        id=worker.id,
    )


async def named_dead(database: db.Database, observer: Worker) -> list[str]:
    async with database.transaction() as session:
        return list(await workers.dead(session, observer))


async def seconds_of_row(database: db.Database, worker: Worker) -> float:
    async with database.transaction() as session:
        found = await probe.rows(
            session,
            """
            SELECT CAST(extract(epoch FROM alive_until - clock_timestamp()) AS float) AS seconds
              FROM workers WHERE id = :id
            """,
            {"id": worker.id},
        )
    return float(found[0].seconds)


async def test_who_renews_its_row_lives(house: db.Database, worker: Worker) -> None:
    async with workers.opened(connection(house)) as other:
        await has_been_steady(house, worker)
        assert await named_dead(house, worker) == []
        assert other.hold().is_kept
        assert other.id != worker.id


async def test_who_does_not_is_dead(house: db.Database, worker: Worker) -> None:
    await a_silent_one(house, seconds=0.1)
    await has_been_steady(house, worker)
    assert await named_dead(house, worker) == ["silent"]


async def test_nobody_is_called_dead_by_who_was_away_itself(
    house: db.Database, worker: Worker
) -> None:
    """When the database is back, everybody's row is old."""
    await has_been_steady(house, worker)
    await a_silent_one(house, seconds=3600)
    await run(house, "UPDATE workers SET alive_until = now() + interval '3 s' WHERE id <> 'silent'")
    await eventually(lambda: _has_been_renewed(house, worker))
    assert await named_dead(house, worker) == []


async def _has_been_renewed(house: db.Database, worker: Worker) -> bool:
    return await seconds_of_row(house, worker) > workers.LEASE_SECONDS - 1


async def test_two_observers_do_not_take_over_from_the_same(
    house: db.Database, worker: Worker
) -> None:
    await a_silent_one(house, seconds=1)
    await has_been_steady(house, worker)
    async with house.transaction() as first:
        assert await workers.dead(first, worker) == ["silent"]
        assert await named_dead(house, worker) == []


async def test_a_hold_ends_before_its_row(house: db.Database, worker: Worker) -> None:
    hold = worker.hold()
    for _ in range(20):
        left = hold.seconds_left()
        assert 0 < left < await seconds_of_row(house, worker) + 0.1


async def test_a_removed_row_never_comes_back(house: db.Database, worker: Worker) -> None:
    """Somebody took over what a worker held that was only stopped for a while."""
    hold, former = worker.hold(), worker.id
    async with house.transaction() as session:
        await workers.remove(session, [former])

    await asyncio.wait_for(_end(hold), timeout=2)

    assert worker.id != former
    assert worker.hold().is_kept
    async with house.transaction() as session:
        ids = [row.id for row in await probe.rows(session, "SELECT id FROM workers", {})]
    assert ids == [worker.id]


async def _end(hold: workers.Hold) -> None:
    await eventually(lambda: not hold.is_kept)


async def test_a_blocked_event_loop_looks_alive(house: db.Database, worker: Worker) -> None:
    await run(house, "UPDATE workers SET alive_until = now() + interval '1 second'")
    time.sleep(0.3)  # noqa: ASYNC251 - what is tested
    assert await seconds_of_row(house, worker) > workers.LEASE_SECONDS - 1


async def test_what_ends_well_is_dead_at_once(house: db.Database, worker: Worker) -> None:
    async with workers.opened(connection(house)) as other:
        hold, gone = other.hold(), other.id
    await has_been_steady(house, worker)
    assert await named_dead(house, worker) == [gone]
    assert not hold.is_kept


async def test_a_hold_lapses_when_nobody_renews_it(
    house: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "RENEW_SECONDS", 60.0)
    monkeypatch.setattr(workers, "LEASE_SECONDS", 0.7)
    async with workers.opened(connection(house)) as worker:
        hold = worker.hold()
        await asyncio.wait_for(hold.lapsed(), timeout=2)
        assert not hold.is_kept
        with pytest.raises(NotAlive, match="not renewed"):
            worker.hold()
