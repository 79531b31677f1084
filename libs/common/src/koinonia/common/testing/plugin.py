"""Fixtures for every test of the project: real servers, migrated databases, a bus, settings.

Servers start once per run, at the first test that asks for one (in a run of several workers at its
begin, see :mod:`koinonia.common.testing.workers`), and end with it. Each fixture that holds state
gives a test its own: a cloned database, an emptied Redis, a prefix on the bus.

``--pure`` leaves out every test that needs a server.

Every run loads this module, so what is heavy is imported by the fixture that needs it.
"""

import functools
import importlib
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from koinonia.common.running import Running
    from koinonia.common.settings import DatabaseSettings
    from koinonia.common.testing.databases import Cluster, Databases
    from koinonia.common.testing.redis import OwnDatabase
    from koinonia.common.testing.servers import Servers
    from koinonia.common.testing.workers import Controller, Scheduling, Turns

_CONTROLLER: "pytest.StashKey[Controller]" = pytest.StashKey()
_TURNS: "pytest.StashKey[Turns]" = pytest.StashKey()
_FOLDER = "koinonia_folder"
_SERVERS = "server_processes"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pure", action="store_true", help="only tests that need no server")


def pytest_configure(config: pytest.Config) -> None:
    from koinonia.common.testing import certificates, columns, json_answers

    config.addinivalue_line(
        "markers",
        "services(*names): the services whose tables the database of this test holds "
        "(default: the service whose test it is, or all)",
    )
    config.addinivalue_line(
        "markers", "alone(reason): no other worker runs a test while this one runs"
    )
    certificates.install()
    columns.install()
    json_answers.install()
    _log_plainly()
    if _is_controller(config):
        from koinonia.common.testing.workers import Controller

        config.stash[_CONTROLLER] = Controller(with_servers=not config.getoption("pure"))
    if folder := _shared_folder(config):
        from koinonia.common.testing.workers import Turns

        config.stash[_TURNS] = Turns(folder)
    if config.getoption("pure"):
        _refuse_servers()
    signal.signal(signal.SIGTERM, _as_interrupt)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a run as Ctrl-C does, with its fixtures, so that no server outlives it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as for a job in the background
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


def pytest_unconfigure(config: pytest.Config) -> None:
    if controller := config.stash.get(_CONTROLLER, None):
        controller.close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # Any: xdist has no types
    node.workerinput[_FOLDER] = str(node.config.stash[_CONTROLLER].folder)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> "Scheduling":
    from koinonia.common.testing.workers import Scheduling

    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("pure"):
        needy = [each for each in items if _SERVERS in getattr(each, "fixturenames", ())]
        config.hook.pytest_deselected(items=needy)
        items[:] = [each for each in items if each not in set(needy)]
    if _shared_folder(config):
        from koinonia.common.testing.workers import longest_first

        longest_first(items)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    turns = item.config.stash.get(_TURNS, None)
    if turns is None:
        return (yield)
    with turns.turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture(scope="session")
def server_processes() -> None:
    """Leave to start servers. Every test that does asks for it, so that ``--pure`` can tell."""


@pytest.fixture(scope="session")
def servers(server_processes: None, request: pytest.FixtureRequest) -> "Iterator[Servers]":
    """PostgreSQL, RabbitMQ and Redis; each can be stopped, killed and started by a test."""
    if folder := _shared_folder(request.config):
        from koinonia.common.testing.workers import shared_servers

        yield shared_servers(folder)
        return
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

    async with Cluster.opened(servers.database_url) as cluster:
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
def open_service(
    request: pytest.FixtureRequest, databases: "Databases", redis_url: str, rabbitmq_url: str
) -> "Callable[..., AbstractAsyncContextManager[Running[DatabaseSettings]]]":
    """``async with open_service(bus_namespace=…) as running``: the service whose test it is, on
    servers of this run; keywords are settings."""
    from koinonia.common.testing import service

    name = request.node.path.relative_to(request.config.rootpath / "services").parts[0]
    program = importlib.import_module(f"koinonia.{name}.program").PROGRAM
    servers = {"redis_url": redis_url, "rabbitmq_url": rabbitmq_url}
    return functools.partial(service.opened, program, databases, servers)


@pytest.fixture
def settings_env(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every secret that a service needs, in the environment and returned."""
    from koinonia.common.testing import secrets

    environment = secrets.demo_environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment


def _is_controller(config: pytest.Config) -> bool:
    """This process hands the tests to workers."""
    return bool(config.getoption("tx", None)) and not hasattr(config, "workerinput")


def _shared_folder(config: pytest.Config) -> Path | None:
    """In a worker: the folder of its run."""
    given = getattr(config, "workerinput", {}).get(_FOLDER)
    return Path(given) if given else None


def _log_plainly() -> None:
    """Show errors in logs without the values of all variables, which takes a second for each."""
    import structlog

    *others, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, plain])


def _refuse_servers() -> None:
    from koinonia.common.testing.servers.containers import Container
    from koinonia.common.testing.servers.local import Local

    def refuse(_self: Local | Container) -> None:
        pytest.fail(f"A test that starts a server asks for the fixture `{_SERVERS}`.")

    Local.start = refuse  # type: ignore[assignment, method-assign]
    Container.create = refuse  # type: ignore[assignment, method-assign]


def _services(request: pytest.FixtureRequest) -> frozenset[str]:
    if marker := request.node.get_closest_marker("services"):
        return frozenset(marker.args)
    from koinonia.common.testing.databases import services_of

    root, path = request.config.rootpath, request.node.path
    known = services_of(root)
    if path.is_relative_to(root / "services"):
        return known & {path.relative_to(root).parts[1]}
    return known
