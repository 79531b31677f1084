"""The gateway as a real server, and a peer in the place of each service."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from koinonia.common import runtime
from koinonia.common.identity import TokenVerifier
from koinonia.common.testing import secrets, service
from koinonia.devkit.documents import contract
from koinonia.gateway import errors, sessions
from koinonia.gateway.program import PROGRAM
from koinonia.gateway.settings import Settings

from .factories import SIGNER
from .peers import Peer, serving

SERVICES = ("auth", "messaging", "conversation", "billing", "analytics", "ingress", "integrations")

NO_BROKER = "amqp://guest:guest@127.0.0.1:9/"  # the discard port: refused at once

Peers = dict[str, Peer]
Parts = Callable[..., AbstractAsyncContextManager[FastAPI]]
Gateway = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(autouse=True)
def _peers_may_answer_anything() -> Iterator[None]:
    """What the gateway says itself is held against the document; the peers are invented."""
    kinds = [*vars(errors).values(), *vars(sessions).values()]
    with contract.limited_to(frozenset(kind.code for kind in kinds if hasattr(kind, "code"))):
        yield


@pytest_asyncio.fixture(scope="session")
async def _served_peers() -> AsyncIterator[Peers]:
    async with AsyncExitStack() as stack:
        peers = {name: Peer(name) for name in SERVICES}
        for peer in peers.values():
            peer.url = await stack.enter_async_context(serving(peer))
        yield peers


@pytest.fixture
def peers(_served_peers: Peers) -> Peers:
    """One for each service, answering anew what it was asked."""
    for peer in _served_peers.values():
        peer.__init__(peer.name, peer.url)  # type: ignore[misc]
    return _served_peers


@pytest.fixture
def parts(redis_url: str, peers: Peers) -> Parts:
    """``async with parts(limit_admin="2/minute") as app``: a gateway with settings, not served."""

    @asynccontextmanager
    async def opened(**given: Any) -> AsyncIterator[FastAPI]:
        settings = Settings(
            **{
                "redis_url": redis_url,
                "rabbitmq_url": NO_BROKER,
                "csrf_key": secrets.demo_environment()["KOINONIA_CSRF_KEY"],
                "event_keys": secrets.demo_environment()["KOINONIA_EVENT_KEYS"],
                "trusted_proxies": "0",
                "limit_timeout_ms": 2000,  # this machine may be busy; see test_limits for 100
                **{f"{name}_url": peer.url for name, peer in peers.items()},
                **given,
            }
        )
        async with runtime.opened(PROGRAM, settings) as running:
            running.verifier = TokenVerifier(_keys)
            yield service.app(PROGRAM, running)

    return opened


@pytest.fixture
def gateway(parts: Parts) -> Gateway:
    """The same as ``parts``, served; yields a client of it."""

    @asynccontextmanager
    async def opened(**given: Any) -> AsyncIterator[httpx.AsyncClient]:
        async with (
            parts(**given) as app,
            serving(app) as url,
            httpx.AsyncClient(base_url=url) as client,
        ):
            yield client

    return opened


@pytest_asyncio.fixture
async def client(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor of a gateway with ordinary settings."""
    async with gateway() as opened:
        yield opened


async def _keys() -> dict[str, Any]:
    return {"keys": [SIGNER.jwk]}
