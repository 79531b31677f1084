"""One address cannot hold all connections of a gateway, as it runs."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack

import httpx
import pytest

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.secrets import demo_environment
from koinonia.common.testing.servers import ports
from koinonia.gateway.addresses import Proxies
from koinonia.gateway.settings import Settings

from .conftest import NO_BROKER
from .peers import free_port


async def test_an_address_may_open_so_many_connections_and_no_more(redis_url: str) -> None:
    port = free_port()
    settings = {"PORT": str(port), "REDIS_URL": redis_url, "RABBITMQ_URL": NO_BROKER}
    settings |= {"CONNECTIONS_PER_ADDRESS": "2", "HOST": "127.0.0.1"}
    given = {f"KOINONIA_{name}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "koinonia.gateway", "run"),
        env={**os.environ, **demo_environment("gateway"), **given},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await eventually(lambda: ports.accepts("127.0.0.1", port), within=20)
        async with AsyncExitStack() as stack:
            held = [await connected(stack, port) for _ in range(2)]
            for client in held:
                assert (await client.get("/health/live")).status_code == 200
            third = await connected(stack, port)
            assert (await third.get("/health/live")).status_code == 429
    finally:
        process.terminate()
        await process.wait()


async def connected(stack: AsyncExitStack, port: int) -> httpx.AsyncClient:
    """A client whose connection stays open once it was used."""
    url = f"http://127.0.0.1:{port}"
    return await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))


@pytest.mark.parametrize(
    ("given", "trusted", "limit"),
    [(None, "0", 100), (None, "1", None), (None, "10.0.0.0/8", None), (0, "0", None), (7, "1", 7)],
)
def test_behind_proxies_connections_are_theirs_to_limit(
    given: int | None, trusted: str, limit: int | None
) -> None:
    settings = Settings.model_construct(
        connections_per_address=given, trusted_proxies=Proxies.parse(trusted)
    )
    assert settings.connection_limit == limit
