"""One church, its database, and clients that sign in as its admins."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db, runtime
from koinonia.common.identity import Identity, Role, TokenSigner, TokenVerifier
from koinonia.common.testing.databases import Databases
from koinonia.messaging.program import PROGRAM
from koinonia.messaging.settings import Settings

from . import factories

SIGNER = TokenSigner(bytes(range(32)), "test")

Client = Callable[..., httpx.AsyncClient]


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[db.Database]:
    """This test's schema, as the service itself signs in to it."""
    opened = db.Database(databases.url("messaging"), pool_size=5)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def church_id(database: db.Database) -> UUID:
    async with database.transaction() as session:
        return await factories.church(session)


@pytest_asyncio.fixture
async def other_church_id(database: db.Database) -> UUID:
    async with database.transaction() as session:
        return await factories.church(session, "Hope Hall")


@pytest_asyncio.fixture
async def running(
    databases: Databases,
    redis_url: str,
    rabbitmq_url: str,
    bus_namespace: str,
    settings_env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Any]:
    """The whole service, opened as the runtime opens it; only the keys of tokens are ours."""
    monkeypatch.setenv("KOINONIA_DATABASE_URL", databases.url("messaging"))
    monkeypatch.setenv("KOINONIA_REDIS_URL", redis_url)
    monkeypatch.setenv("KOINONIA_RABBITMQ_URL", rabbitmq_url)
    monkeypatch.setenv("KOINONIA_BUS_NAMESPACE", bus_namespace)
    async with runtime.opened(PROGRAM, Settings.load()) as opened:
        opened.verifier = TokenVerifier(_keys)
        yield opened


@pytest_asyncio.fixture
async def client(running: Any) -> AsyncIterator[Client]:
    """``client(church_id, role=...)`` is a signed-in HTTP client of the service."""
    app = PROGRAM.create_app()
    app.state.running = running
    opened: list[httpx.AsyncClient] = []

    def signed_in(church_id: UUID, role: Role = Role.OWNER) -> httpx.AsyncClient:
        identity = Identity(db.uuid7(), church_id, role, db.uuid7())
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://messaging",
            headers={"Authorization": f"Bearer {SIGNER.sign(identity)}"},
        )
        opened.append(made)
        return made

    yield signed_in
    for each in opened:
        await each.aclose()


@pytest_asyncio.fixture
async def api(client: Client, church_id: UUID) -> httpx.AsyncClient:
    """The owner of ``church_id``."""
    return client(church_id)


async def _keys() -> dict[str, Any]:
    return {"keys": [SIGNER.jwk]}
