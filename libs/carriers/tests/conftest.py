"""Telnyx as published (vectors), and as simulated over real HTTP."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import Carrier, OutgoingText
from koinonia.carriers.settings import CarrierSettings
from koinonia.carriers.telnyx import Telnyx
from koinonia.carriers.telnyx_api import Api
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.serving import serving

VECTORS = Path(__file__).parent / "vectors"
CHURCH = UUID("0190a000-0000-7000-8000-000000000001")


@pytest.fixture
def vector() -> Callable[[str], Any]:
    return lambda name: json.loads((VECTORS / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="session")
async def telnyx(signing_key: Ed25519PrivateKey) -> AsyncIterator[Telnyx]:
    """Telnyx without a network behind it: for what reaches us, not for what we ask."""
    async with Api.open("http://127.0.0.1:9", "unused") as api:
        yield Telnyx(api, [signing_key.public_key().public_bytes_raw()])


@pytest.fixture(scope="session")
async def simulated(signing_key: Ed25519PrivateKey) -> AsyncIterator[tuple[Network, Carrier]]:
    network = Network(signing_key, seed=7, api_key="KEY0123")
    async with (
        serving(create_app(network)) as url,
        CARRIERS["telnyx"](settings(f"{url}/v2", network)) as carrier,
    ):
        yield network, carrier


@pytest.fixture
def network(simulated: tuple[Network, Carrier]) -> Iterator[Network]:
    """A mobile network that is quick and never fails by chance."""
    times = ("send_latency", "sent_after", "final_after", "answer_after", "order_seconds")
    simulated[0].behaviour.turn(dict.fromkeys((*times, "fail_share", "answer_share"), 0.0))
    yield simulated[0]
    simulated[0].forget()


@pytest.fixture
def carrier(simulated: tuple[Network, Carrier], network: Network) -> Carrier:
    """Telnyx with the simulated network behind it."""
    return simulated[1]


@pytest.fixture
async def answering(network: Network) -> AsyncIterator[Callable[..., Awaitable[Carrier]]]:
    """Telnyx with something else behind it, which answers every call in one way."""
    async with AsyncExitStack() as stack:

        async def behind(status: int, body: bytes = b"", **headers: str) -> Carrier:
            async def endpoint(request: Request) -> Response:
                return Response(body, status, headers)

            url = await stack.enter_async_context(serving(endpoint_for_all(endpoint)))
            return await stack.enter_async_context(CARRIERS["telnyx"](settings(url, network)))

        yield behind


@pytest.fixture
def outgoing() -> Callable[..., OutgoingText]:
    def make(**given: Any) -> OutgoingText:
        usual: dict[str, Any] = {
            "recipient_id": uuid4(),
            "church_id": CHURCH,
            "sender": "+12025550190",
            "to": "+12025550142",
            "text": "Sunday service is at 10am.",
            "report_url": "",
        }
        return OutgoingText(**usual | given)

    return make


def endpoint_for_all(endpoint: Callable[[Request], Awaitable[Response]]) -> Starlette:
    return Starlette(routes=[Route("/{path:path}", endpoint, methods=["GET", "POST", "PATCH"])])


def settings(url: str, network: Network) -> CarrierSettings:
    return CarrierSettings(
        redis_url="redis://127.0.0.1",
        telnyx_api_url=url,
        telnyx_api_key=network.api_key or "any",
        telnyx_public_keys=network.telnyx.public_key,
    )
