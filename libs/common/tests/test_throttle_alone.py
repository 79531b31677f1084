"""The throttle while Redis is away: neither a stop nor a flood, and it comes back by itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Server, discovery
from koinonia.common.throttle import Bucket, DailyCap, Throttle

QUICK = Bucket("quick", rate_per_second=400, burst=40)


@pytest.fixture
def own_redis(tmp_path: Path, server_processes: None) -> Iterator[Server]:
    """A Redis of this test, to be stopped and started; it forgets everything when it stops."""
    kinds = [kind for kind in discovery.KINDS if kind.name == "redis"]
    yield discovery.start(kinds, tmp_path, durable=False, environ={})["redis"]
    discovery.discard(tmp_path)


@asynccontextmanager
async def opened(server: Server, prefix: str = "", timeout: float = 1.0) -> AsyncIterator[Throttle]:
    throttle = Throttle(server.url, prefix or uuid4().hex, timeout=timeout)
    yield throttle
    await throttle.close()


async def granted_in(seconds: float, throttle: Throttle, bucket: Bucket) -> int:
    """How many units a greedy worker gets."""
    ends, done = time.monotonic() + seconds, 0
    while await throttle.wait([bucket], 1, ends) == 0:
        done += 1
    return done


async def hang(server: Server, seconds: float) -> None:
    """Let it take every command and answer none for a while."""
    async with Redis.from_url(server.url) as client:
        await client.client_pause(round(seconds * 1000))


async def test_without_redis_it_goes_on_at_a_quarter_of_the_rate(own_redis: Server) -> None:
    async with opened(own_redis) as throttle:
        assert await throttle.take([QUICK], 1) == 0
        own_redis.kill()
        done = await granted_in(0.8, throttle, QUICK)
    assert 0.5 * 80 <= done <= 80 + 10  # a quarter of 400/s, and of the burst


async def test_redis_decides_again_as_soon_as_it_is_back(own_redis: Server) -> None:
    async with opened(own_redis) as throttle, opened(own_redis, throttle._prefix) as other:
        slow = Bucket("slow", 0.001, 2)
        own_redis.kill()
        assert await throttle.take([slow], 1) > 1000  # alone it begins with an empty bucket
        own_redis.start()
        await eventually(lambda: _granted(throttle, slow))
        assert await other.take([slow], 1) == 0
        assert await other.take([slow], 1) == pytest.approx(1000, rel=0.1)


async def test_a_redis_that_hangs_costs_one_timeout_and_then_nothing(own_redis: Server) -> None:
    async with opened(own_redis, timeout=0.1) as throttle:
        await eventually(lambda: _granted(throttle, QUICK))
        await hang(own_redis, seconds=2)
        began = time.monotonic()
        await asyncio.gather(*(throttle.take([QUICK], 1) for _ in range(50)))
        for _ in range(50):
            await throttle.take([QUICK], 1)
        assert time.monotonic() - began < 1


async def test_answers_that_come_too_late_are_not_taken_for_later_ones(own_redis: Server) -> None:
    empty, full = Bucket("empty", 0.001, 1), Bucket("full", 0.001, 100)
    async with opened(own_redis, timeout=0.1) as throttle:
        await eventually(lambda: _granted(throttle, empty))
        await hang(own_redis, seconds=0.3)
        assert await throttle.take([empty], 1) > 0  # its late answer would be: wait
        await eventually(lambda: _granted(throttle, full))
        assert await throttle.take([full], 1) == 0
        assert await throttle.take([empty], 1) > 100


async def test_what_was_given_without_redis_is_counted_when_it_is_back(own_redis: Server) -> None:
    """The bucket that Redis believes full is not given a second time."""
    bucket = Bucket("b", 20, 40)
    async with opened(own_redis) as throttle:
        own_redis.kill()
        done = await granted_in(1.0, throttle, bucket)
        assert done >= 3
        own_redis.start()
        await eventually(lambda: _is_back(throttle))
        assert await throttle.take([bucket], 41 - done) > 0
        assert await throttle.take([bucket], 30 - done) == 0


async def test_a_daily_cap_is_remembered_when_redis_forgot_it(own_redis: Server) -> None:
    cap = DailyCap("cap", 100, "America/Chicago")
    async with opened(own_redis) as throttle, opened(own_redis, throttle._prefix) as other:
        assert await throttle.take([cap], 60) == 0
        own_redis.kill()
        own_redis.start()
        await eventually(lambda: _is_back(throttle))
        assert await throttle.take([cap], 41) > 0
        assert await throttle.take([cap], 30) == 0
        assert await other.take([cap], 11) > 0


async def test_alone_only_a_quarter_of_what_is_left_of_a_day_is_given(own_redis: Server) -> None:
    cap = DailyCap("cap", 100, "America/Chicago")
    async with opened(own_redis) as throttle, opened(own_redis, throttle._prefix) as other:
        assert await throttle.take([cap], 60) == 0
        own_redis.kill()
        given = [await throttle.take([cap], 1) for _ in range(20)]
        assert given.count(0) == 10
        own_redis.start()
        await eventually(lambda: _is_back(throttle))
        for _ in range(2):  # told once, not each time
            assert await throttle.take([cap], 31) > 0
        assert await throttle.take([cap], 10) == 0
        assert await other.take([cap], 21) > 0
        assert await other.take([cap], 20) == 0


async def test_alone_all_limits_give_or_none_does(own_redis: Server) -> None:
    cap, slow = DailyCap("cap", 40, "UTC"), Bucket("slow", 0.001, 1)
    async with opened(own_redis) as throttle:
        own_redis.kill()
        assert await throttle.take([cap, slow], 5) > 0
        assert await throttle.take([cap], 10) == 0  # all of a quarter of 40


async def test_a_hold_is_kept_without_redis(own_redis: Server) -> None:
    async with opened(own_redis) as throttle:
        own_redis.kill()
        await throttle.hold("quick", 20)
        assert await throttle.take([QUICK], 1) == pytest.approx(20, abs=1)
        own_redis.start()
        assert await throttle.take([QUICK], 1) == pytest.approx(20, abs=2)


async def test_a_redis_that_was_never_there_is_no_error() -> None:
    throttle = Throttle("redis://127.0.0.1:1/0", uuid4().hex)
    assert await throttle.wait([QUICK], 1, time.monotonic() + 5) == 0
    await throttle.close()


async def _granted(throttle: Throttle, bucket: Bucket) -> bool:
    return await throttle.take([bucket], 1) == 0


async def _is_back(throttle: Throttle) -> bool:
    """A burst that no process would give alone."""
    return await throttle.take([Bucket("probe", 1000, 1000)], 1000) == 0
