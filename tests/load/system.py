"""The ground a benchmark stands on: servers, a database, a system, all of them its own.

Servers come by the URLs in the environment or are started for the run, with the durability of
``make up``. On either, the run has a database, a Redis number and a prefix on the bus to itself,
and takes them away again however it ends.
"""

import secrets
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from koinonia.common.testing import bus, redis
from koinonia.common.testing.secrets import SEED
from koinonia.common.testing.servers import Servers
from koinonia.common.testing.servers.ports import free_port
from koinonia.common.testing.servers.temporary import temporary_servers
from koinonia.devkit.environment import Environment
from koinonia.devkit.layout import SERVICES, ports
from koinonia.devkit.migrations import create_database
from koinonia.devkit.system import System

MANY = "1000000000/minute"
SETTINGS = {
    "KOINONIA_LIMIT_SIGN_IN": MANY,
    "KOINONIA_LIMIT_STEP": MANY,
    "KOINONIA_LIMIT_REFRESH": MANY,
    "KOINONIA_LIMIT_ADMIN": MANY,
    "KOINONIA_LIMIT_ADDRESS": MANY,
    "KOINONIA_UPSTREAM_SECONDS": "120",  # for 25,000 people at once on a busy machine
    "KOINONIA_TRIAL_ALLOWANCE_PARTS": "1000000000",
    "KOINONIA_LOG_FORMAT": "json",  # as in production
}


@dataclass
class Ground:
    """What the subjects measure on. ``seconds`` is how long each load lasts."""

    servers: Servers
    folder: Path
    redis: redis.OwnDatabase
    seconds: float
    servers_took: float
    prefix: str = field(default_factory=lambda: f"bench{secrets.token_hex(4)}")

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[str]:
        """The administrator's URL of a database of this run, dropped afterwards."""
        whole = f"koinonia_{self.prefix}_{name}"
        url = create_database(self.servers.database_url, whole)
        try:
            yield url
        finally:
            async with connected(self.servers.database_url) as admin:
                await admin.execute(f'DROP DATABASE "{whole}" WITH (FORCE)')

    @asynccontextmanager
    async def namespace(self, name: str) -> AsyncIterator[str]:
        """A prefix on the bus, cleared afterwards."""
        prefix = f"{self.prefix}.{name}."
        try:
            yield prefix
        finally:
            await bus.clear(self.servers.rabbitmq_url, prefix, [*SERVICES, LISTENER])

    @asynccontextmanager
    async def system(self) -> AsyncIterator[System]:
        """A system that can be started; it ends with the block."""
        async with AsyncExitStack() as stack:
            environment = Environment(
                await stack.enter_async_context(self.database("system")),
                self.servers.rabbitmq_url,
                self.redis.url,
                SEED,
                ports={name: free_port() for name in ports()},
                given=SETTINGS
                | {
                    "KOINONIA_BUS_NAMESPACE": await stack.enter_async_context(
                        self.namespace("system")
                    )
                },
                rabbitmq_management_url=self.servers.rabbitmq_management_url,
            )
            system = System(environment, self.folder)
            stack.callback(system.stop)
            yield system


LISTENER = "bench"
"""Who hears events when no service does."""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        yield connection
    finally:
        await connection.close(timeout=5)


@asynccontextmanager
async def opened(seconds: float) -> AsyncIterator[Ground]:
    """The ground of one run. What blocks here may block: nothing is measured yet."""
    began = time.perf_counter()
    with _folder() as folder, temporary_servers(durable=True) as servers:
        took = time.perf_counter() - began
        async with redis.own_database(servers.redis_url) as own:
            await own.empty()
            yield Ground(servers, folder, own, seconds, took)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="koinonia-bench-") as folder:
        yield Path(folder)


def end_on_sigterm() -> None:
    """SIGTERM ends a run as Ctrl-C does, with everything it started."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
