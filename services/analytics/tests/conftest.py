"""Analytics on a database of its own, with one church in Chicago."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.analytics.program import PROGRAM
from koinonia.common.runtime import Running
from koinonia.common.testing import service

from . import factories

Open = Callable[..., AbstractAsyncContextManager[Running]]
Client = Callable[[str | None], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def running(open_service: Open, bus_namespace: str) -> AsyncIterator[Running]:
    async with open_service(bus_namespace=bus_namespace) as opened:
        yield opened


@pytest_asyncio.fixture
async def church_id(running: Running) -> UUID:
    return await factories.church(running)


@pytest.fixture
def client(running: Running) -> Client:
    """``client(token)`` opens a client of the service."""
    return lambda token: service.client(PROGRAM, running, token)
