"""The shared inbox on a database of its own, with one church that has a number."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import clock, db
from koinonia.common.cache import Cache
from koinonia.common.identity import Identity, Role
from koinonia.common.runtime import Running
from koinonia.common.testing import secrets, service
from koinonia.common.testing.databases import Databases
from koinonia.conversation.program import PROGRAM

from . import factories

Open = Callable[..., AbstractAsyncContextManager[Running]]
Client = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
SignedIn = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def running(open_service: Open, tmp_path: Path) -> AsyncIterator[Running]:
    """The service, opened. What it says stays in its outbox: only ``test_bus.py`` listens, under
    a namespace that is cleared after each test."""
    async with open_service(bus_namespace="unused.", media_folder=tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture
async def database(databases: Databases, redis_url: str) -> AsyncIterator[db.Database]:
    """With the cache of the service, so that what is heard makes its lists old, and its keys."""
    cache = Cache(redis_url, PROGRAM.name)
    opened = db.Database(databases.url("conversation"), pool_size=5)
    opened.carry(cache=cache, seal=secrets.event_texts())
    yield opened
    await opened.close()
    await cache.close()


@pytest_asyncio.fixture
async def church_id(database: db.Database) -> UUID:
    """A church that has had ``factories.OURS`` for a year."""
    return await factories.church(database)


@pytest.fixture
def client(running: Running) -> Client:
    """``client(church_id, role)`` opens a client of the service, signed in."""
    return lambda church_id, role=Role.OWNER: service.client(
        PROGRAM, running, service.token(church_id, role)
    )


@pytest.fixture
def signed_in(running: Running) -> SignedIn:
    """``signed_in(church_id, admin_id, role)`` opens a client of this person."""

    def opened(
        church_id: UUID, admin_id: UUID, role: Role = Role.STAFF
    ) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        until = (clock.now() + timedelta(minutes=15)).replace(microsecond=0)
        who = Identity(admin_id, church_id, role, db.uuid7(), expires_at=until)
        return service.client(PROGRAM, running, service.SIGNER.sign(who))

    return opened


@pytest_asyncio.fixture
async def api(client: Client, church_id: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """The owner of ``church_id``."""
    async with client(church_id) as http:
        yield http


@pytest_asyncio.fixture
async def thread_id(database: db.Database, church_id: UUID) -> UUID:
    """A thread with one unread text, "Hello"."""
    await factories.hear(database, factories.text())
    [thread] = await factories.threads(database, church_id)
    found: UUID = thread.id
    return found
