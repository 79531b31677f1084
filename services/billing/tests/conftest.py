"""Billing on a database of its own, with one church that is on trial."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.billing.program import PROGRAM
from koinonia.common import db
from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases

from . import factories

Open = Callable[..., AbstractAsyncContextManager[Running]]
Client = Callable[[str | None], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def running(open_service: Open, bus_namespace: str) -> AsyncIterator[Running]:
    async with open_service(bus_namespace=bus_namespace) as opened:
        yield opened


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[db.Database]:
    opened = db.Database(databases.url("billing"), pool_size=5)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def church_id(database: db.Database) -> UUID:
    """A church on trial, with an allowance of 1,000 parts."""
    return await factories.church(database, allowance=1_000)


@pytest.fixture
def client(running: Running) -> Client:
    """``client(token)`` opens a client of the service."""
    return lambda token: service.client(PROGRAM, running, token)
