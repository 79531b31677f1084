"""What one thing costs: the time until it is done, and the processor time that it takes."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tests.load import processor
from tests.load.growth.lines import Cost
from tests.load.load import drive
from tests.load.system import Ground

from koinonia.devkit.system import System

IDLE_SECONDS = 5.0
LEAST_MS = 0.001  # a cost below what can be measured still has a logarithm


@dataclass(frozen=True)
class Meter:
    """Measures a system, whose parts take ``idle`` of a core when nothing is asked of them."""

    ground: Ground
    system: System
    idle: float

    async def work(
        self, work: Callable[[], Awaitable[float]], times: int, *, warms_up: bool = True
    ) -> Cost:
        """Of ``work``, which says how many seconds it took: the median, and the mean processor
        time, of so many times after one that warms up."""
        if warms_up:
            await work()
        before, began = await processor.used(self.system), time.perf_counter()
        took = [await work() for _ in range(times)]
        spent = await self._spent(before, time.perf_counter() - began)
        return Cost(1000 * statistics.median(took), max(LEAST_MS, 1000 * spent / times))

    async def page(self, path: str, headers: Mapping[str, str]) -> Cost:
        """Of a request, asked again and again by two readers for as long as each load lasts."""
        before, began = await processor.used(self.system), time.perf_counter()
        load = await drive(
            self.system.gateway_url + path,
            headers=headers,
            connections=2,
            seconds=self.ground.seconds,
        )
        spent = await self._spent(before, time.perf_counter() - began)
        return Cost(load.spread.p50, max(LEAST_MS, 1000 * spent / load.requests))

    async def _spent(self, before: processor.Used, seconds: float) -> float:
        used = (await processor.used(self.system)).since(before)
        return sum(used.values()) - self.idle * seconds


async def meter(ground: Ground, system: System) -> Meter:
    return Meter(ground, system, await idle(system))


async def idle(system: System, seconds: float = IDLE_SECONDS) -> float:
    """The share of a core that all parts take together while nobody asks them anything."""
    before = await processor.used(system)
    await asyncio.sleep(seconds)
    used = (await processor.used(system)).since(before)
    return sum(used.values()) / seconds
