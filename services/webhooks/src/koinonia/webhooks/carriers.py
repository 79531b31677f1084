"""The carriers that may call us, open for the life of the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from koinonia.carriers import open_all


@asynccontextmanager
async def opened(running: Any) -> AsyncIterator[None]:
    """``running.carriers``: each configured carrier by name."""
    async with open_all(running.settings) as running.carriers:
        yield
