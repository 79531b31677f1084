"""Messaging as a process: what it opens and what it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from koinonia.carriers import open_all
from koinonia.common import runtime
from koinonia.messaging import worker
from koinonia.messaging.app import create_app
from koinonia.messaging.broadcasts import carrying
from koinonia.messaging.settings import Settings


@asynccontextmanager
async def carriers(running: Any) -> AsyncIterator[None]:
    """Opens every configured carrier once, ``running.carriers["telnyx"]``, and the lanes that
    limit calls to them."""
    running.lanes = carrying.lanes(running.settings)
    async with open_all(running.settings) as running.carriers:
        yield


PROGRAM = runtime.Program(
    "messaging", Settings, create_app, worker.SUBSCRIPTIONS, worker.LOOPS, open=carriers
)
