"""Whether others get their turn while a process works."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LONGEST = 0.1  # seconds of work between two turns of the loop


@asynccontextmanager
async def watched() -> AsyncIterator[None]:
    """Fails when the process works longer than ``LONGEST`` while the loop gets no turn. Work is
    measured, not time, so that other processes of a busy machine do not count."""
    held: list[float] = []

    async def watch() -> None:
        before = time.process_time()
        while True:
            await asyncio.sleep(0)
            held.append(time.process_time() - before)
            before = time.process_time()
            await asyncio.sleep(0.001)  # gives a thread its turn
            held.append(time.process_time() - before)
            before = time.process_time()

    gc.collect()
    gc.freeze()  # as a process of ours does when it starts; what tests left is not its work
    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        gc.unfreeze()
    assert max(held) < LONGEST
