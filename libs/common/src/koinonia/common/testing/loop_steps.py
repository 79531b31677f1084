"""How long the event loop is held: the processor time of each of its steps.

A step is what runs between two turns of the loop: nobody else gets an answer meanwhile. Processor
time of the loop's own thread is what a step needs, however busy the machine is.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

LIMIT_SECONDS = 0.1


@dataclass
class Steps:
    """The longest step since the last ``reset()``, in seconds of processor time."""

    longest: float = 0.0
    turns: int = 0

    async def reset(self) -> None:
        await asyncio.sleep(0)  # or what this task did until now would count too
        self.longest = 0.0


@contextmanager
def measured() -> Iterator[Steps]:
    """Measure every step of asyncio's own loop, which tests run on, until the block ends."""
    steps = Steps()
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> Any:  # Any: as asyncio declares it
        began = time.thread_time()
        try:
            return run(handle)
        finally:
            steps.longest = max(steps.longest, time.thread_time() - began)
            steps.turns += 1

    gc.collect()
    gc.disable()  # a collection falls on whoever is at work, and what tests left takes longest
    asyncio.Handle._run = timed  # type: ignore[assignment, method-assign]
    try:
        yield steps
        assert steps.turns, "no step was measured: is this another loop than asyncio's?"
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]
        gc.enable()


@asynccontextmanager
async def held_briefly(limit: float = LIMIT_SECONDS) -> AsyncIterator[None]:
    """Fails when the block holds the loop for longer than ``limit`` seconds at once."""
    with measured() as steps:
        await steps.reset()
        yield
        await asyncio.sleep(0)  # ends the last step
        longest = steps.longest
    assert longest < limit, f"The loop was held for {longest * 1000:.0f} ms."
