"""The service opened once for the whole run; each test has churches of its own in it.

A test that looks across churches, at due work or the outbox, takes ``databases`` instead, which
is a database of its own.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.common.testing.databases import Cluster
from koinonia.common.testing.redis import OwnDatabase
from koinonia.messaging.program import PROGRAM

from . import factories
from .desk import Desk
from .people_volume import people_at_volume
from .person import person
from .theatre import alone, carrier, network, sink, small_batches, stage, theatre, twilio

__all__ = [
    "alone",
    "carrier",
    "network",
    "people_at_volume",
    "person",
    "sink",
    "small_batches",
    "stage",
    "theatre",
    "twilio",
]

Client = Callable[..., httpx.AsyncClient]


@pytest_asyncio.fixture(scope="session")
async def house(
    database_cluster: Cluster, redis_database: OwnDatabase, rabbitmq_url: str
) -> AsyncIterator[Any]:
    """The running parts, as the runtime opens them."""
    servers = {"redis_url": redis_database.url, "rabbitmq_url": rabbitmq_url}
    async with (
        database_cluster.database(frozenset({"messaging"})) as databases,
        service.opened(PROGRAM, databases, servers) as running,
    ):
        yield running


@pytest_asyncio.fixture
async def database(house: Any) -> db.Database:
    """The schema, as the service itself signs in to it."""
    opened: db.Database = house.database
    return opened


@pytest_asyncio.fixture
async def church_id(database: db.Database) -> UUID:
    async with database.transaction() as session:
        return await factories.church(session)


@pytest_asyncio.fixture
async def other_church_id(database: db.Database) -> UUID:
    async with database.transaction() as session:
        return await factories.church(session, "Hope Hall")


@pytest_asyncio.fixture
async def client(house: Any) -> AsyncIterator[Client]:
    """``client(church_id, role)`` is a signed-in HTTP client of the service."""
    app = service.app(PROGRAM, house)
    async with AsyncExitStack() as stack:

        def signed_in(church_id: UUID, role: Role = Role.OWNER) -> httpx.AsyncClient:
            made = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://messaging",
                headers={"Authorization": f"Bearer {service.token(church_id, role)}"},
            )
            stack.push_async_callback(made.aclose)
            return made

        yield signed_in


@pytest_asyncio.fixture
async def api(client: Client, church_id: UUID) -> httpx.AsyncClient:
    """The owner of ``church_id``."""
    return client(church_id)


@pytest_asyncio.fixture
async def desk(house: Any, church_id: UUID, api: httpx.AsyncClient) -> Desk:
    """The owner of ``church_id``, which may send."""
    async with house.database.transaction(church_id) as session:
        await factories.active_number(session, church_id)
    return Desk(house, church_id, api)
