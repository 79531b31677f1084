"""One address cannot hold all connections of a gateway, as it runs."""

from contextlib import AsyncExitStack

import httpx
import pytest

from koinonia.common.web.addresses import Proxies
from koinonia.gateway.settings import Settings

from . import gateway_process


async def test_an_address_may_open_so_many_connections_and_no_more(redis_url: str) -> None:
    async with (
        gateway_process.running(redis_url, connections_per_address=2) as gateway,
        AsyncExitStack() as stack,
    ):
        held = [await connected(stack, gateway.url) for _ in range(2)]
        for client in held:
            assert (await client.get("/health/live")).status_code == 200
        third = await connected(stack, gateway.url)
        assert (await third.get("/health/live")).status_code == 429


async def connected(stack: AsyncExitStack, url: str) -> httpx.AsyncClient:
    """A client whose connection stays open once it was used."""
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
