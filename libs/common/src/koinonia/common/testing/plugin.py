"""Fixtures for every test of the project: real servers, migrated databases, a bus, settings.

Servers start at the first test that asks for one, once per run, and end with it. Each fixture that
holds state gives a test its own: a cloned database, an emptied Redis, a prefix on the bus.

Every run loads this module, so what is heavy is imported by the fixture that needs it.
"""

import signal
from collections.abc import AsyncIterator, Iterator
from types import FrameType
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from koinonia.common.testing.databases import Cluster, Databases
    from koinonia.common.testing.redis import OwnDatabase
    from koinonia.common.testing.servers import Servers


def pytest_configure(config: pytest.Config) -> None:
    from koinonia.common.testing import columns

    config.addinivalue_line(
        "markers",
        "services(*names): the services whose tables the database of this test holds "
        "(default: the service whose test it is, or all)",
    )
    columns.install()
    signal.signal(signal.SIGTERM, _as_interrupt)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a run as Ctrl-C does, with its fixtures, so that no server outlives it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as for a job in the background
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


@pytest.fixture(scope="session")
def servers() -> "Iterator[Servers]":
    """PostgreSQL, RabbitMQ and Redis; each can be stopped, killed and started by a test."""
    from koinonia.common.testing.servers.temporary import temporary_servers

    with temporary_servers() as running:
        yield running


@pytest.fixture(scope="session")
def rabbitmq_url(servers: "Servers") -> str:
    return servers.rabbitmq_url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database_cluster(servers: "Servers") -> "AsyncIterator[Cluster]":
    """Where the databases of this run are made."""
    from koinonia.common.testing.databases import Cluster

    async with Cluster.of(servers.database_url) as cluster:
        yield cluster


@pytest_asyncio.fixture(loop_scope="session", name="databases")
async def _databases(
    request: pytest.FixtureRequest, database_cluster: "Cluster"
) -> "AsyncIterator[Databases]":
    """A migrated database of this test alone: ``.admin_url`` and ``.url(service)``."""
    async with database_cluster.database(_services(request)) as own:
        yield own


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_database(servers: "Servers") -> "AsyncIterator[OwnDatabase]":
    from koinonia.common.testing import redis

    async with redis.own_database(servers.redis_url) as own:
        yield own


@pytest_asyncio.fixture(loop_scope="session")
async def redis_url(redis_database: "OwnDatabase") -> str:
    """A Redis database of this run, empty when the test begins."""
    await redis_database.empty()
    return redis_database.url


@pytest_asyncio.fixture(loop_scope="session")
async def bus_namespace(request: pytest.FixtureRequest, servers: "Servers") -> AsyncIterator[str]:
    """A prefix for every name on the broker; what was declared under it is deleted after."""
    from koinonia.common.testing import bus

    prefix = bus.namespace()
    yield prefix
    root = request.config.rootpath
    listeners = [path.name for path in root.glob("services/*") if path.is_dir()]
    await bus.clear(servers.rabbitmq_url, prefix, [*listeners, "sample"])


@pytest.fixture
def settings_env(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every secret that a service needs, in the environment and returned."""
    from koinonia.common.testing import secrets

    environment = secrets.demo_environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment


def _services(request: pytest.FixtureRequest) -> frozenset[str]:
    if marker := request.node.get_closest_marker("services"):
        return frozenset(marker.args)
    from koinonia.common.testing.databases import services_of

    root, path = request.config.rootpath, request.node.path
    known = services_of(root)
    if path.is_relative_to(root / "services"):
        return known & {path.relative_to(root).parts[1]}
    return known
