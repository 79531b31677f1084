"""A system with two workers of every service, on servers that a test may end.

The servers are always its own: somebody else's are not ours to kill, and PostgreSQL keeps what it
confirmed over ``kill -9`` only if it is asked to, which the servers of other tests are not.
"""

import os
from collections.abc import AsyncIterator, Iterator
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
from tests.web.conftest import browser, person

from koinonia.common.testing.servers import Servers
from koinonia.common.testing.servers.temporary import temporary_servers
from koinonia.devkit.layout import with_schema
from koinonia.devkit.system import System

from .broadcast import PARTS, Broadcast, begun
from .healing import heal
from .sizes import RECIPIENTS

__all__ = ["browser", "found", "person", "phones", "pytest_runtest_makereport"]

GIVEN = ("KOINONIA_DATABASE_URL", "KOINONIA_RABBITMQ_URL", "KOINONIA_REDIS_URL")
ALLOWANCE = {"KOINONIA_TRIAL_ALLOWANCE_PARTS": str(PARTS * RECIPIENTS)}


@pytest.fixture(scope="session", name="servers")
def _servers() -> Iterator[Servers]:
    own = {name: value for name, value in os.environ.items() if name not in GIVEN}
    with temporary_servers(own, durable=True) as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    folder: Path = tmp_path_factory.mktemp("broken")
    copies = [f"{service}@2" for service in with_schema()]
    async with whole_system(servers, folder, copies, ALLOWANCE) as running:
        yield running


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def whole_again(servers: Servers, system: System) -> AsyncIterator[None]:
    """Whatever a test broke runs again afterwards."""
    yield
    heal(servers, system)


@pytest_asyncio.fixture(loop_scope="session")
async def broadcast(
    servers: Servers, system: System, found: Founded, phones: Network
) -> AsyncIterator[Broadcast]:
    """Under way: some of its texts have left, most have not."""
    await phones.forget()
    under_way = await begun(system, await found(), phones)
    yield under_way
    heal(servers, system)
    await under_way.give_up()
