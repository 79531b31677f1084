"""One system for all attacks, as an operator runs it: the product's own limits, behind one proxy.

No attack may be answered by a fault of ours, and none may leave a phone or a text in a log.
"""

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import httpx
import pytest
import pytest_asyncio
from tests.integration import churches
from tests.integration.conftest import phones, pytest_runtest_makereport, whole_system
from tests.integration.network import Network

from koinonia.common.testing.servers import Servers
from koinonia.devkit.layout import CARRIER
from koinonia.devkit.system import System

from .wires import HALVES, Half, half

__all__ = ["phones", "pytest_runtest_makereport"]

AS_OPERATED = {
    "KOINONIA_LIMIT_SIGN_IN": "5/15minutes",
    "KOINONIA_LIMIT_STEP": "60/15minutes",
    "KOINONIA_LIMIT_REFRESH": "60/15minutes",
    "KOINONIA_LIMIT_ADMIN": "600/minute",
    "KOINONIA_LIMIT_ADDRESS": "1200/minute",
    "KOINONIA_WEBHOOK_FAILURES_PER_MINUTE": "30",
    "KOINONIA_TRUSTED_PROXIES": "1",
    "KOINONIA_CONNECTIONS_PER_ADDRESS": "0",  # everybody here is this machine
    "KOINONIA_ADDRESSES_VERIFIED_BY": "operator",
    "KOINONIA_TRIAL_ALLOWANCE_PARTS": "",  # what the plan says
}

Founded = Callable[..., Awaitable[churches.Church]]
Visit = Callable[[], httpx.AsyncClient]

_addresses = (f"198.18.{n // 250}.{n % 250 + 1}" for n in itertools.count())


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def system(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    folder = tmp_path_factory.mktemp("attacked")
    async with whole_system(servers, folder, given=AS_OPERATED) as running:
        yield running


@pytest_asyncio.fixture(scope="package", loop_scope="session", autouse=True)
async def halves(system: System) -> AsyncIterator[list[Half]]:
    """Halves of requests, begun before the first attack: the others run beside them."""
    doors = (system.gateway_url, system.environment.url("ingress"))
    begun = [await half(doors[n % 2], HALVES[n % len(HALVES)]) for n in range(200)]
    yield begun
    for each in begun:
        each.writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def found(system: System, phones: Network) -> AsyncIterator[Founded]:
    """Registers a church at an address of its own: ``await found(members=3)``."""
    async with AsyncExitStack() as stack:

        async def registered(*, members: int = 0, number: bool = False) -> churches.Church:
            church = await stack.enter_async_context(
                churches.registered(system.gateway_url, next(_addresses))
            )
            if number:
                await verify(system, church.email)
                await church.order_number()
            if members:
                await church.bring(members)
            return church

        yield registered


async def verify(system: System, email: str) -> None:
    """What an operator does who wrote to the address and was answered."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "koinonia.common.operators", "churches", "verify", email),
        env=system.environment.variables("auth"),
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0


@pytest.fixture
def address() -> str:
    """Where nobody else in this run comes from."""
    return next(_addresses)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(system: System) -> AsyncIterator[Visit]:
    """Makes clients that have not signed in, each at an address of its own."""
    async with AsyncExitStack() as stack:

        def visitor() -> httpx.AsyncClient:
            client = churches.visitor(system.gateway_url, next(_addresses))
            stack.push_async_callback(client.aclose)
            return client

        yield visitor


@pytest.fixture(autouse=True)
def no_fault_of_ours(system: System) -> Iterator[None]:
    """Whatever a test did, no service logged an error meanwhile."""
    logs = [path for path in system.folder.glob("logs/*.log") if path.stem != CARRIER]
    before = {path: path.stat().st_size for path in logs}
    yield
    written = "".join(path.read_bytes()[before[path] :].decode(errors="replace") for path in logs)
    assert [line for line in written.splitlines() if '"level":"error"' in line] == []
