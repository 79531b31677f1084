"""Integrations on a database of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.integrations.program import PROGRAM
from koinonia.integrations.running import Running

Open = Callable[..., AbstractAsyncContextManager[Running]]
Client = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def running(open_service: Open) -> AsyncIterator[Running]:
    """The service, opened, on a machine for development: receivers are on it too."""
    async with open_service(bus_namespace="unused.", webhook_loopback=True) as opened:
        yield opened


@pytest.fixture
def church_id() -> UUID:
    return db.uuid7()


@pytest.fixture
def client(running: Running) -> Client:
    """``client(church_id, role)`` opens a client of the service, signed in."""
    return lambda church_id, role=Role.OWNER: service.client(
        PROGRAM, running, service.token(church_id, role)
    )


@pytest_asyncio.fixture
async def owner(client: Client, church_id: UUID) -> AsyncIterator[httpx.AsyncClient]:
    async with client(church_id) as opened:
        yield opened
