"""One whole system for the session, as real processes; each test registers a church of its own."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
import pytest_asyncio

from koinonia.common.testing import bus, redis
from koinonia.common.testing.secrets import SEED
from koinonia.common.testing.servers import Servers
from koinonia.common.testing.servers.ports import free_port
from koinonia.devkit.environment import Environment
from koinonia.devkit.layout import SERVICES, ports
from koinonia.devkit.migrations import create_database
from koinonia.devkit.system import System

from . import churches, network

ANY = "1000000/minute"
ROOMY = {
    "KOINONIA_LIMIT_SIGN_IN": ANY,
    "KOINONIA_LIMIT_STEP": ANY,
    "KOINONIA_LIMIT_REFRESH": ANY,
    "KOINONIA_LIMIT_ADMIN": ANY,
    "KOINONIA_LIMIT_ADDRESS": ANY,
    "KOINONIA_WEBHOOK_FAILURES_PER_MINUTE": "1000000",
}
"""A hundred churches sign in here from one address."""

EXPECTED = ('"info"', "health.check_failed", "KOINONIA_TELNYX_")

Founded = Callable[..., Awaitable[churches.Church]]


@asynccontextmanager
async def whole_system(
    servers: Servers,
    folder: Path,
    copies: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
) -> AsyncIterator[System]:
    """Every process of the system, on a database, a Redis number and a bus prefix of its own;
    ``given`` are further settings."""
    settings = ROOMY | {"KOINONIA_LOG_FORMAT": "json"} | dict(given or {})
    name, prefix = f"koinonia_system_{secrets.token_hex(4)}", bus.namespace()
    async with AsyncExitStack() as stack:
        own_redis = await stack.enter_async_context(redis.own_database(servers.redis_url))
        await own_redis.empty()
        stack.push_async_callback(_drop, servers.database_url, name)
        stack.push_async_callback(bus.clear, servers.rabbitmq_url, prefix, SERVICES)
        environment = Environment(
            create_database(servers.database_url, name),
            servers.rabbitmq_url,
            own_redis.url,
            SEED,
            ports={part: free_port() for part in (*ports(), *copies)},
            given=settings | {"KOINONIA_BUS_NAMESPACE": prefix},
            copies=copies,
            rabbitmq_management_url=servers.rabbitmq_management_url,
        )
        running = System(environment, folder)
        stack.callback(running.stop)
        running.start()
        yield running


async def _drop(server_url: str, name: str) -> None:
    connection = await asyncpg.connect(server_url, timeout=10)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def phones(system: System) -> AsyncIterator[network.Network]:
    """The simulated network, quiet and without failures unless a test says otherwise."""
    async with httpx.AsyncClient(base_url=system.carrier_url, timeout=10, trust_env=False) as http:
        simulated = network.Network(http)
        await simulated.turn(**network.CALM)
        yield simulated
        await simulated.turn(**network.CALM)


@pytest_asyncio.fixture(loop_scope="session")
async def found(system: System, phones: network.Network) -> AsyncIterator[Founded]:
    """Registers a church: ``await found(members=3)``."""
    async with AsyncExitStack() as stack:

        async def registered(*, members: int = 0, number: bool = True) -> churches.Church:
            church = await stack.enter_async_context(churches.registered(system.gateway_url))
            if number:
                await church.order_number()
            if members:
                await church.bring(members)
            return church

        yield registered


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(system: System) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in."""
    async with churches.visitor(system.gateway_url) as client:
        yield client


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """What the services warned of, beside a failure."""
    report = yield
    running = getattr(item, "funcargs", {}).get("system")
    if report.failed and isinstance(running, System):
        for log in sorted(running.folder.glob("logs/*.log")):
            if warned := _warnings(log):
                report.sections.append((f"{log.stem} warned", warned))
    return report


def _warnings(log: Path, most: int = 15) -> str:
    lines = log.read_text(errors="replace").splitlines()
    told = [line[:600] for line in lines if not any(word in line for word in EXPECTED)]
    return "\n".join(told[-most:])
