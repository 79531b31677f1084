"""A system with two workers of every service, on servers that a test may end."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from tests.integration.conftest import (
    Founded,
    found,
    phones,
    pytest_runtest_makereport,
    whole_system,
)
from tests.integration.network import Network

from koinonia.common.testing.servers import Servers
from koinonia.common.testing.servers.temporary import temporary_servers
from koinonia.devkit.layout import with_schema
from koinonia.devkit.system import System

from .broadcast import Broadcast, begun
from .healing import heal

__all__ = ["found", "phones", "pytest_runtest_makereport"]

GIVEN = ("KOINONIA_DATABASE_URL", "KOINONIA_RABBITMQ_URL", "KOINONIA_REDIS_URL")


@pytest.fixture(scope="session", name="servers")
def _servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Those of the run, unless they came by URL: somebody else's are not ours to end."""
    if not any(name in os.environ for name in GIVEN):
        yield request.getfixturevalue("servers")
        return
    with temporary_servers(_without_urls()) as own:
        yield own


def _without_urls() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if name not in GIVEN}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    folder: Path = tmp_path_factory.mktemp("broken")
    copies = [f"{service}@2" for service in with_schema()]
    async with whole_system(servers, folder, copies) as running:
        yield running


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def whole_again(servers: Servers, system: System) -> AsyncIterator[None]:
    """Whatever a test broke runs again afterwards."""
    yield
    heal(servers, system)


@pytest_asyncio.fixture(loop_scope="session")
async def broadcast(system: System, found: Founded, phones: Network) -> Broadcast:
    """Under way: some of its texts have left, most have not."""
    return await begun(system, await found(), phones)
