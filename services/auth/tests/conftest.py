"""The auth service of one test, and browsers that visit it."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import pytest_asyncio

from koinonia.auth.program import PROGRAM
from koinonia.auth.running import Running
from koinonia.auth.settings import Settings
from koinonia.common import db, runtime
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases

Browser = Callable[..., httpx.AsyncClient]


@pytest.fixture
def settings(
    databases: Databases,
    redis_url: str,
    rabbitmq_url: str,
    bus_namespace: str,
    settings_env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    monkeypatch.setenv("KOINONIA_DATABASE_URL", databases.url("auth"))
    monkeypatch.setenv("KOINONIA_REDIS_URL", redis_url)
    monkeypatch.setenv("KOINONIA_RABBITMQ_URL", rabbitmq_url)
    monkeypatch.setenv("KOINONIA_BUS_NAMESPACE", bus_namespace)
    monkeypatch.setenv("KOINONIA_PUBLIC_URL", "https://koinonia.example.org")
    return Settings.load()


@pytest_asyncio.fixture
async def running(settings: Settings) -> AsyncIterator[Running]:
    """The service as the runtime opens it."""
    async with runtime.opened(PROGRAM, settings) as opened:
        yield opened


@pytest.fixture
def database(running: Running) -> db.Database:
    return running.database


@pytest_asyncio.fixture
async def browser(running: Running) -> AsyncIterator[Browser]:
    """``browser()`` is an HTTP client with cookies of its own; headers may be given."""
    app = service.app(PROGRAM, running)
    opened: list[httpx.AsyncClient] = []

    def visiting(**headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app)
        url = "https://koinonia.example.org"
        made = httpx.AsyncClient(transport=transport, base_url=url, headers=headers)
        opened.append(made)
        return made

    yield visiting
    for each in opened:
        await each.aclose()


@pytest_asyncio.fixture
async def api(browser: Browser) -> httpx.AsyncClient:
    return browser()
