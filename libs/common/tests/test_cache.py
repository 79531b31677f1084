"""The cache: computed once, given back as JSON, and never a reason to fail."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from koinonia.common import clock
from koinonia.common.cache import Cache
from koinonia.common.testing.eventually import eventually


class Counted:
    """Answers how often it was called; waits for ``may_end`` each time."""

    def __init__(self) -> None:
        self.calls = 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> int:
        self.calls += 1
        answer = self.calls
        await self.may_end.wait()
        return answer


@pytest.fixture
async def cache(redis_url: str) -> AsyncIterator[Cache]:
    async with opened(redis_url, "test") as cache:
        yield cache


@asynccontextmanager
async def opened(url: str, prefix: str) -> AsyncIterator[Cache]:
    cache = Cache(url, prefix)
    yield cache
    await cache.close()


@pytest.fixture
def silent_url() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


async def test_a_value_is_computed_once_and_then_answered(cache: Cache) -> None:
    compute = Counted()
    assert [await cache.fetch("k", compute, ttl=60) for _ in range(3)] == [1, 1, 1]


async def test_a_miss_and_a_hit_give_the_same(cache: Cache) -> None:
    async def compute() -> Any:
        return {"at": datetime(2026, 1, 2, tzinfo=UTC), "pair": (1, None)}

    miss, hit = [await cache.fetch("k", compute, ttl=60) for _ in range(2)]
    assert miss == hit == {"at": "2026-01-02T00:00:00+00:00", "pair": [1, None]}


async def test_without_the_lock_a_value_is_kept_and_invalidated_all_the_same(cache: Cache) -> None:
    compute = Counted()
    seen = [await cache.fetch("k", compute, ttl=60, tags=["t"], lock=False) for _ in range(2)]
    await cache.invalidate("t")
    assert [*seen, await cache.fetch("k", compute, ttl=60, tags=["t"], lock=False)] == [1, 1, 2]


class Line:
    """A way to a server that can be cut and mended."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._tasks = set[asyncio.Task[None]]()
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        place = f":{self._to.password or ''}@127.0.0.1:{self._port}"
        return urlunsplit(self._to._replace(netloc=place))

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _join(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        there, out = await asyncio.open_connection(self._to.hostname, self._to.port)
        for reader, writer in ((here, out), (there, back)):
            task = asyncio.create_task(self._carry(reader, writer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        finally:
            writer.close()


async def test_what_was_invalidated_while_redis_was_away_is_forgotten_when_it_is_back(
    redis_url: str,
) -> None:
    compute, line = Counted(), Line(redis_url)

    async def seen_by(cache: Cache) -> Any:
        return await cache.fetch("k", compute, ttl=60, tags=["t"])

    await line.mend()
    async with opened(line.url, "test") as cache, opened(redis_url, "test") as other:
        assert await seen_by(cache) == await seen_by(other) == 1
        await line.cut()
        await cache.invalidate("t")
        await line.mend()
        assert await seen_by(cache) == 2  # though Redis answers, and still has the old value

        async def is_new() -> bool:
            return bool(await seen_by(other) > 1)

        assert await eventually(is_new)
    await line.cut()


async def test_nothing_is_a_value_too(cache: Cache) -> None:
    async def nothing() -> None:
        return None

    await cache.fetch("k", nothing, ttl=60)
    assert await cache.fetch("k", Counted(), ttl=60) is None


async def test_another_process_finds_the_value(cache: Cache, redis_url: str) -> None:
    await cache.fetch("k", Counted(), ttl=60)
    compute = Counted()
    async with opened(redis_url, "test") as other:
        await other.fetch("k", compute, ttl=60)
    assert compute.calls == 0


async def test_a_cache_with_another_prefix_holds_its_own(cache: Cache, redis_url: str) -> None:
    await cache.fetch("k", Counted(), ttl=60)
    compute = Counted()
    async with opened(redis_url, "other") as other:
        await other.fetch("k", compute, ttl=60)
    assert compute.calls == 1


async def test_a_value_past_its_time_is_computed_again(cache: Cache) -> None:
    compute = Counted()
    await cache.fetch("k", compute, ttl=60)
    with clock.shift(timedelta(seconds=61)):
        assert await cache.fetch("k", compute, ttl=60) == 2


async def test_a_stale_value_is_answered_while_it_is_renewed(cache: Cache) -> None:
    compute = Counted()
    await cache.fetch("k", compute, ttl=60, stale=60)
    compute.may_end.clear()
    with clock.shift(timedelta(seconds=61)):
        assert [await cache.fetch("k", compute, ttl=60, stale=60) for _ in range(3)] == [1, 1, 1]
        compute.may_end.set()

        async def renewed() -> bool:
            return bool(await cache.fetch("k", compute, ttl=60, stale=60) == 2)

        await eventually(renewed)
    assert compute.calls == 2


async def test_a_value_too_old_to_be_stale_is_waited_for(cache: Cache) -> None:
    compute = Counted()
    await cache.fetch("k", compute, ttl=60, stale=60)
    with clock.shift(timedelta(seconds=121)):
        assert await cache.fetch("k", compute, ttl=60, stale=60) == 2


async def test_a_renewal_that_fails_keeps_the_stale_value(cache: Cache) -> None:
    tried = asyncio.Event()

    async def fail() -> None:
        tried.set()
        raise OSError

    await cache.fetch("k", Counted(), ttl=60, stale=60)
    with clock.shift(timedelta(seconds=61)):
        assert await cache.fetch("k", fail, ttl=60, stale=60) == 1
        await asyncio.wait_for(tried.wait(), 5)
        assert await cache.fetch("k", fail, ttl=60, stale=60) == 1


async def test_callers_at_once_share_one_computation(cache: Cache) -> None:
    compute = Counted()
    answers = await asyncio.gather(*(cache.fetch("k", compute, ttl=60) for _ in range(50)))
    assert (set(answers), compute.calls) == ({1}, 1)


async def test_processes_at_once_share_one_computation(cache: Cache, redis_url: str) -> None:
    compute = Counted()
    compute.may_end.clear()
    async with opened(redis_url, "test") as other:
        callers = [asyncio.create_task(c.fetch("k", compute, ttl=60)) for c in (cache, other) * 5]
        await eventually(lambda: compute.calls == 1)
        compute.may_end.set()
        assert set(await asyncio.gather(*callers)) == {1}
    assert compute.calls == 1


async def test_a_caller_that_goes_away_does_not_take_the_answer_with_it(cache: Cache) -> None:
    compute = Counted()
    compute.may_end.clear()
    first, second = (asyncio.create_task(cache.fetch("k", compute, ttl=60)) for _ in range(2))
    await eventually(lambda: compute.calls == 1)
    first.cancel()
    compute.may_end.set()
    assert await second == 1


async def test_a_failure_reaches_the_callers_and_is_not_kept(cache: Cache) -> None:
    async def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await cache.fetch("k", fail, ttl=60)
    assert await cache.fetch("k", Counted(), ttl=60) == 1


async def test_an_invalidated_tag_makes_its_values_new(cache: Cache) -> None:
    a, b = Counted(), Counted()
    for _ in range(2):
        await cache.fetch("a", a, ttl=60, stale=60, tags=["church:1", "stats"])
        await cache.fetch("b", b, ttl=60, stale=60, tags=["church:2", "stats"])
        await cache.invalidate("church:1")
    assert await cache.fetch("a", a, ttl=60, tags=["church:1", "stats"]) == 3
    assert await cache.fetch("b", b, ttl=60, tags=["church:2", "stats"]) == 1


async def test_a_value_computed_across_an_invalidation_is_not_given_to_later_callers(
    cache: Cache,
) -> None:
    compute = Counted()
    compute.may_end.clear()
    before = asyncio.create_task(cache.fetch("k", compute, ttl=60, tags=["t"]))
    await eventually(lambda: compute.calls == 1)
    await cache.invalidate("t")
    after = asyncio.create_task(cache.fetch("k", compute, ttl=60, tags=["t"]))
    compute.may_end.set()
    assert (await before, await after) == (1, 2)


async def test_bytes_are_given_back_as_they_were_put(cache: Cache, redis_url: str) -> None:
    await cache.put("picture", b"\x00\xff", seconds=60)
    async with opened(redis_url, "test") as neighbour:
        found = [await neighbour.get(key) for key in ("picture", "another")]
    assert found == [b"\x00\xff", None]


async def test_bytes_in_a_dead_redis_are_not_there() -> None:
    async with opened("redis://127.0.0.1:9/0", "test") as cache:
        assert not await cache.put("picture", b"bytes", seconds=60)
        assert await cache.get("picture") is None


async def test_a_dead_redis_is_a_miss() -> None:
    compute = Counted()
    async with opened("redis://127.0.0.1:9/0", f"dead-{uuid4().hex}") as cache:
        assert await cache.fetch("k", compute, ttl=60, tags=["t"]) == 1
        await cache.invalidate("t")
        assert await cache.fetch("k", compute, ttl=60, tags=["t"]) == 2


async def test_a_silent_redis_delays_the_first_few_calls_only(silent_url: str) -> None:
    async with opened(silent_url, f"silent-{uuid4().hex}") as cache:
        started = time.monotonic()
        answers = [await cache.fetch(f"k{n}", Counted(), ttl=60) for n in range(100)]
    assert answers == [1] * 100
    assert time.monotonic() - started < 2


async def test_callers_at_once_share_one_computation_without_redis() -> None:
    compute = Counted()
    async with opened("redis://127.0.0.1:9/0", f"dead-{uuid4().hex}") as cache:
        await asyncio.gather(*(cache.fetch("k", compute, ttl=60) for _ in range(20)))
    assert compute.calls == 1


async def test_a_lifetime_beyond_a_day_is_refused(cache: Cache) -> None:
    with pytest.raises(ValueError, match="at most"):
        await cache.fetch("k", Counted(), ttl=80_000, stale=80_000)


async def test_a_closed_cache_leaves_no_task_behind(redis_url: str) -> None:
    compute = Counted()
    compute.may_end.clear()
    async with opened(redis_url, "test") as cache:
        waiting = asyncio.create_task(cache.fetch("k", compute, ttl=60))
        await eventually(lambda: compute.calls == 1)
    with pytest.raises(asyncio.CancelledError):
        await waiting
