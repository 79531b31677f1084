"""What a process of integrations opens beside the shared parts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from koinonia.integrations.calls import Caller
from koinonia.integrations.running import Running


@asynccontextmanager
async def opened(running: Running) -> AsyncIterator[None]:
    async with Caller(allows_loopback=running.settings.webhook_loopback) as running.caller:
        yield
