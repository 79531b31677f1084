"""A whole system for the tests of the interface, and one for those of the pages: one per worker."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.integration.conftest import whole_system
from tests.integration.shelf import Shelf

from koinonia.common.testing.servers import Servers
from koinonia.devkit import status
from koinonia.devkit.system import System


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shelf() -> AsyncIterator[Shelf]:
    async with Shelf().open() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(
    servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
    shelf: Shelf,
    memory_at_start: dict[str, int],
) -> AsyncIterator[System]:
    folder, given = tmp_path_factory.mktemp("system"), {"KOINONIA_MEDIA_ALLOWED_HOSTS": shelf.host}
    async with whole_system(servers, folder, given=given) as running:
        memory_at_start.update(status.shares(running))
        yield running


@pytest.fixture(scope="session")
def memory_at_start() -> dict[str, int]:
    """Bytes of each process of ``system`` before anybody asked it for anything."""
    return {}
