"""Another church that goes on with its work, and notices how long it waits."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.integration.churches import Church

LONGEST_SECONDS = 1.0
"""On two shared cores with a whole system on them; figures are in docs/performance.md. Before the
findings were mended the longest wait was 1.8 to 12 s."""

PAUSE_SECONDS = 0.05


@dataclass
class Waits:
    """Seconds of each request, in order."""

    seconds: list[float] = field(default_factory=list)

    @property
    def longest(self) -> float:
        return max(self.seconds)


@asynccontextmanager
async def working(church: Church) -> AsyncIterator[Waits]:
    """Ask for the church's groups again and again until the block ends, the last answer included.

    An answer other than 200 ends it with an error."""
    waits, over = Waits(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_work(church, waits, over))
        try:
            yield waits
        finally:
            over.set()


async def _work(church: Church, waits: Waits, over: asyncio.Event) -> None:
    while not over.is_set() or not waits.seconds:
        began = time.monotonic()
        answer = await church.api.get("/api/branches")
        waits.seconds.append(time.monotonic() - began)
        answer.raise_for_status()
        await asyncio.sleep(PAUSE_SECONDS)  # people do not ask without a pause
