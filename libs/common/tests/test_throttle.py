"""The throttle on a real Redis: never more than allowed, all or none, everyone in turn."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from koinonia.common import clock
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.properties import on_servers
from koinonia.common.throttle import Bucket, DailyCap, Limit, Throttle
from koinonia.common.throttle.buckets import midnights

ON_REDIS = on_servers(examples=25)
NEVER = 1e-9
"""A rate at which nothing flows while a test runs, so that figures are exact."""

Grant = tuple[float, float, int]
"""Between which instants how many units were taken."""


class Workers:
    """Throttles as processes have them: each its own connection, all the same limits."""

    def __init__(self, url: str, stack: AsyncExitStack) -> None:
        self._url, self._stack = url, stack
        self._redis = Redis.from_url(url)
        stack.push_async_callback(self._redis.aclose)

    async def __call__(self, prefix: str = "") -> Throttle:
        throttle = Throttle(self._url, prefix or uuid4().hex, timeout=5)
        self._stack.push_async_callback(throttle.close)
        return throttle

    async def team(self, size: int) -> list[Throttle]:
        prefix = uuid4().hex
        return [await self(prefix) for _ in range(size)]

    async def in_line(self, length: int) -> None:
        """Wait until so many stand in lines."""

        async def stand() -> bool:
            lines = [line async for line in self._redis.scan_iter("*:line")]
            return sum([await self._redis.hlen(line) for line in lines]) >= length

        await eventually(stand)


@pytest.fixture
async def workers(redis_url: str) -> AsyncIterator[Workers]:
    async with AsyncExitStack() as stack:
        yield Workers(redis_url, stack)


@ON_REDIS
@given(
    rate=st.floats(0.5, 200),
    burst=st.integers(1, 40),
    steps=st.lists(
        st.tuples(st.sampled_from([0, 0, 0, 0.01, 0.2, 1, 30]), st.integers(1, 50)), max_size=25
    ),
)
async def test_no_interval_holds_more_than_the_burst_and_what_flowed_in(
    workers: Workers, rate: float, burst: int, steps: list[tuple[float, int]]
) -> None:
    throttle, bucket = await workers(), Bucket("b", rate, burst)
    grants: list[Grant] = []
    for pause, units in steps:
        throttle.offset += pause
        began = time.monotonic() + throttle.offset
        if await throttle.take([bucket], units) == 0:
            grants.append((began, time.monotonic() + throttle.offset, units))
    assert _excess(grants, rate, burst) <= 1e-3


async def test_greedy_workers_together_take_no_more_than_one_would_be_given(
    workers: Workers,
) -> None:
    bucket, grants = Bucket("b", 200, 10), []
    ends = time.monotonic() + 0.5

    async def grab(throttle: Throttle, units: int) -> None:
        while (began := time.monotonic()) < ends:
            wait = await throttle.take([bucket], units)
            if wait == 0:
                grants.append((began, time.monotonic(), units))
            await asyncio.sleep(min(wait, 0.02))  # greedy: most come back too early

    team = await workers.team(4)
    await asyncio.gather(*(grab(throttle, 1 + i % 3) for i, throttle in enumerate(team * 2)))
    assert _excess(grants, 200, 10) <= 1e-3
    assert sum(units for _, _, units in grants) >= 80  # of 110: and they are not held back either


@ON_REDIS
@given(
    sizes=st.lists(st.tuples(st.booleans(), st.integers(4, 12)), min_size=4, max_size=4),
    takes=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=15, max_size=40),
)
async def test_all_limits_give_or_none_does(
    workers: Workers, sizes: list[tuple[bool, int]], takes: list[tuple[int, int]]
) -> None:
    throttle = await workers()
    limits = [_limit(f"l{i}", is_cap, size) for i, (is_cap, size) in enumerate(sizes)]
    left = [size for _, size in sizes]
    for first, units in takes:  # limits 0 and 1, 1 and 2, 2 and 3, or the last alone
        chosen = range(first, min(first + 2, 4))
        expected = all(left[i] >= units for i in chosen)
        wait = await throttle.take([limits[i] for i in chosen], units)
        assert (wait == 0) == expected
        if expected:
            left = [n - units if i in chosen else n for i, n in enumerate(left)]


async def test_the_wait_is_that_of_the_slowest_limit(workers: Workers) -> None:
    throttle = await workers()
    limits = [Bucket("fast", 100, 1), Bucket("slow", 0.5, 1)]
    assert await throttle.take(limits, 1) == 0
    assert await throttle.take(limits, 1) == pytest.approx(2, abs=0.2)
    assert await throttle.take(limits[:1], 1) <= 0.01


async def test_who_waits_is_given_it_in_time_and_who_cannot_is_told_at_once(
    workers: Workers,
) -> None:
    throttle, bucket = await workers(), Bucket("b", 20, 1)
    began = time.monotonic()
    assert [await throttle.wait([bucket], 1, began + 5) for _ in range(5)] == [0] * 5
    assert 0.2 <= time.monotonic() - began < 1
    assert await throttle.wait([bucket], 1, time.monotonic() + 0.01) > 0.01
    assert time.monotonic() - began < 1


async def test_a_text_larger_than_the_burst_goes_when_the_bucket_is_full(
    workers: Workers,
) -> None:
    throttle, bucket = await workers(), Bucket("b", 1, 2)
    assert await throttle.take([bucket], 5) == 0
    assert await throttle.take([bucket], 1) == pytest.approx(4, abs=0.2)


async def test_workers_get_equal_shares(workers: Workers) -> None:
    bucket, ends = Bucket("b", 400, 5), time.monotonic() + 0.6

    async def work(throttle: Throttle) -> int:
        done = 0
        while await throttle.wait([bucket], 1, ends) == 0:
            done += 1
        return done

    shares = await asyncio.gather(*(work(throttle) for throttle in await workers.team(3) * 3))
    assert sum(shares) > 100
    assert max(shares) <= 1.5 * min(shares) + 2


async def test_a_long_text_is_not_starved_by_short_ones(workers: Workers) -> None:
    bucket, ends = Bucket("b", 100, 10), time.monotonic() + 3
    done = asyncio.Event()

    async def short(throttle: Throttle) -> None:
        while not done.is_set():
            await throttle.wait([bucket], 1, ends)

    team = await workers.team(3)
    crowd = [asyncio.create_task(short(throttle)) for throttle in team * 3]
    await workers.in_line(8)
    began = time.monotonic()
    assert await team[0].wait([bucket], 10, ends) == 0
    assert time.monotonic() - began < 1
    done.set()
    await asyncio.gather(*crowd)


async def test_an_urgent_text_goes_ahead_of_those_who_wait(workers: Workers) -> None:
    throttle, bucket = await workers(), Bucket("b", 20, 1)
    ends, order = time.monotonic() + 5, []

    async def go(name: str, urgent: bool) -> None:
        assert await throttle.wait([bucket], 1, ends, urgent=urgent) == 0
        order.append(name)

    await throttle.take([bucket], 1)
    crowd = [asyncio.create_task(go("broadcast", False)) for _ in range(8)]
    await workers.in_line(8)
    await asyncio.gather(go("reply", True), *crowd)
    assert order.index("reply") <= 1


async def test_who_waits_for_a_slow_number_does_not_hold_up_the_others(workers: Workers) -> None:
    throttle, account = await workers(), Bucket("account", 500, 10)
    slow, ends = Bucket("number", 2, 1), time.monotonic() + 30
    crowd = [asyncio.create_task(throttle.wait([account, slow], 1, ends)) for _ in range(30)]
    await workers.in_line(29)
    began = time.monotonic()
    for _ in range(50):
        assert await throttle.wait([account], 1, ends) == 0
    assert time.monotonic() - began < 1
    for task in crowd:
        task.cancel()


async def test_a_waiter_that_died_gives_up_its_place(workers: Workers) -> None:
    throttle, bucket = await workers(), Bucket("b", 10, 1)
    await throttle.take([bucket], 1)
    dead = asyncio.create_task(throttle.wait([bucket], 1, time.monotonic() + 60))
    await workers.in_line(1)
    dead.cancel()
    began = time.monotonic()
    assert await throttle.wait([bucket], 1, began + 10) == 0
    assert time.monotonic() - began < 2.5


async def test_a_hold_stops_all_workers_and_is_never_shortened(workers: Workers) -> None:
    one, other = await workers.team(2)
    limits = [Bucket("free", 100, 100), Bucket("held", 100, 100)]
    await one.hold("held", 30)
    await one.hold("held", 3)
    for throttle in (one, other):
        assert await throttle.take(limits, 1) == pytest.approx(30, abs=0.5)
        assert await throttle.take(limits[:1], 1) == 0
    other.offset += 31
    assert await other.take(limits, 1) == 0


async def test_a_hold_ends_for_those_who_wait(workers: Workers) -> None:
    throttle, cap = await workers(), DailyCap("cap", 10, "UTC")
    began = time.monotonic()
    await throttle.hold("cap", 0.3)
    assert await throttle.wait([cap], 1, began + 5) == 0
    assert time.monotonic() - began == pytest.approx(0.3, abs=0.25)


async def test_a_new_rate_holds_from_the_next_take_on(workers: Workers) -> None:
    throttle = await workers()
    await throttle.take([Bucket("b", 1, 10)], 10)
    assert await throttle.take([Bucket("b", 1, 10)], 10) == pytest.approx(10, abs=0.5)
    assert await throttle.take([Bucket("b", 100, 10)], 10) == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Kolkata", "UTC"])
async def test_a_daily_cap_begins_anew_at_midnight_of_its_zone(workers: Workers, zone: str) -> None:
    one, other = await workers.team(2)
    cap = DailyCap("cap", 5, zone)
    assert await one.take([cap], 4) == 0
    until = await other.take([cap], 2)
    midnight = datetime.now(ZoneInfo(zone)).timestamp() + until
    assert datetime.fromtimestamp(midnight + 1, ZoneInfo(zone)).strftime("%H:%M") == "00:00"
    other.offset += until + 1
    assert await other.take([cap], 5) == 0
    assert await other.take([cap], 1) > 22 * 3600


@pytest.mark.parametrize("hours", [-20, 20])
async def test_a_worker_whose_clock_is_wrong_counts_the_same_day(
    workers: Workers, hours: int
) -> None:
    right, wrong = await workers.team(2)
    cap, bucket = DailyCap("cap", 5, "UTC"), Bucket("b", 1, 5)
    assert await right.take([cap, bucket], 4) == 0
    with clock.shift(timedelta(hours=hours)):
        assert await wrong.take([cap], 2) > 0
        assert await wrong.take([bucket], 4) == pytest.approx(3, abs=0.2)
        assert await wrong.take([cap], 1) == 0


def test_a_day_is_as_long_as_it_is_there() -> None:
    days = {
        day: midnights("America/Los_Angeles", datetime.fromisoformat(day).date())
        for day in ("2026-03-08", "2026-11-01", "2026-07-01")
    }
    hours = {day: (ends[2] - ends[1]) / 3600 for day, ends in days.items()}
    assert hours == {"2026-03-08": 23, "2026-11-01": 25, "2026-07-01": 24}


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (1, 0), (-1, 5)])
def test_a_bucket_that_could_never_give_is_refused(rate: float, burst: float) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        Bucket("b", rate, burst)


async def test_mistakes_of_the_caller_are_told(workers: Workers) -> None:
    throttle, bucket = await workers(), Bucket("b", 1, 1)
    with pytest.raises(ValueError, match="least is 1"):
        await throttle.take([bucket], 0)
    with pytest.raises(ValueError, match="appears twice"):
        await throttle.take([bucket, DailyCap("b", 1, "UTC")], 1)


def _limit(key: str, is_cap: bool, size: int) -> Limit:
    return DailyCap(key, size, "America/Chicago") if is_cap else Bucket(key, NEVER, size)


def _excess(grants: Sequence[Grant], rate: float, burst: float) -> float:
    """By how much the worst interval went beyond what is allowed."""
    worst = 0.0
    for began, _, _ in grants:
        for _, ended, _ in grants:
            inside = [u for b, e, u in grants if b >= began and e <= ended]
            allowed = max([burst, *inside]) + rate * max(0.0, ended - began)
            worst = max(worst, sum(inside) - allowed)
    return worst
