"""The bare driver: the very statements that a request of ours causes, asked again without us.

They are caught while the service's own application answers the request in this process, so the
floor follows the code wherever it goes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

import asyncpg
from tests.load.figures import Spoiled

from koinonia.common.runtime import Program, Running
from koinonia.common.settings import DatabaseSettings
from koinonia.common.testing import explain, service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.explain import Statement
from koinonia.devkit import layout
from koinonia.devkit.layout import SERVICES
from koinonia.devkit.system import System

PATIENCE = 10.0


@asynccontextmanager
async def running(system: System, name: str) -> AsyncIterator[Any]:
    """The service's parts in this process, on the system's own servers."""
    environment = system.environment
    urls = {
        "redis_url": environment.redis_url,
        "rabbitmq_url": environment.rabbitmq_url,
        "bus_namespace": environment.namespace,
    }
    databases = Databases(environment.database_url, frozenset(SERVICES))
    program = cast(Program[Running[DatabaseSettings]], layout.program(name))
    async with service.opened(program, databases, urls) as parts:
        yield parts


async def of_request(system: System, name: str, path: str, church_id: UUID) -> list[Statement]:
    """What the service asks the database for when an owner of the church asks for ``path``."""
    token = service.token(church_id)
    async with running(system, name) as parts:
        with explain.watched(parts.database) as found:
            async with service.client(layout.program(name), parts, token) as client:
                answer = await client.get(path)
    if answer.status_code != 200 or not found:
        raise Spoiled(f"{path} in this process answered {answer.status_code}: {answer.text[:300]}")
    return found


async def rate(
    url: str, statements: Sequence[Statement], *, connections: int, seconds: float
) -> float:
    """Transactions of these statements per second, over as many connections as a service has."""
    done, until = 0, 0.0

    async def ask(connection: "asyncpg.pool.PoolConnectionProxy[Any]") -> None:
        async with connection.transaction():
            for sql, parameters in statements:
                await connection.fetch(sql, *parameters)

    async def repeat(pool: "asyncpg.Pool[Any]") -> None:
        nonlocal done
        async with pool.acquire() as connection:
            await ask(connection)
            while time.perf_counter() < until:
                await ask(connection)
                done += 1

    async with (
        asyncio.timeout(seconds + PATIENCE),
        asyncpg.create_pool(
            url, min_size=connections, max_size=connections, timeout=PATIENCE
        ) as pool,
    ):
        began = time.perf_counter()
        until = began + seconds
        await asyncio.gather(*(repeat(pool) for _ in range(connections)))
    return done / (time.perf_counter() - began)
