"""Messaging as a process: what it opens and what it runs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from koinonia.carriers import CARRIERS
from koinonia.common import runtime
from koinonia.messaging import worker
from koinonia.messaging.app import create_app
from koinonia.messaging.broadcasts import carrying
from koinonia.messaging.settings import Settings


@asynccontextmanager
async def carriers(running: Any) -> AsyncIterator[None]:
    """Opens every carrier once: ``running.carriers["telnyx"]``; ``running.lanes`` limits calls."""
    running.lanes = carrying.lanes(running.settings)
    async with AsyncExitStack() as stack:
        running.carriers = {
            name: await stack.enter_async_context(opened(running.settings))
            for name, opened in CARRIERS.items()
        }
        yield


PROGRAM = runtime.Program(
    "messaging", Settings, create_app, worker.SUBSCRIPTIONS, worker.LOOPS, open=carriers
)
