"""The carriers that may call us, open for the life of the process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from koinonia.carriers import CARRIERS


@asynccontextmanager
async def opened(running: Any) -> AsyncIterator[None]:
    """``running.carriers``: each carrier by name."""
    async with AsyncExitStack() as stack:
        running.carriers = {
            name: await stack.enter_async_context(open_carrier(running.settings))
            for name, open_carrier in CARRIERS.items()
        }
        yield
