"""Carriers as published (vectors), and as simulated over real HTTP."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.requests import Request
from starlette.responses import Response

from koinonia.carriers import CARRIERS, open_all
from koinonia.carriers.contract import Carrier, OrderStatus, OutgoingText, Profile
from koinonia.carriers.settings import CarrierSettings
from koinonia.carriers.telnyx.api import Api
from koinonia.carriers.telnyx.carrier import Telnyx
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.telnyx.dialect import telnyx_of
from koinonia.devkit.carrier.twilio.dialect import Account

from .listener import Listener, endpoint_for_all
from .shared import CHURCH, OURS, PERSON, Answering, At, Bought, Outgoing

VECTORS = Path(__file__).parent / "vectors"

API_KEY = "KEY0123"
ACCOUNT = Account("AC00000000000000000000000000000001", "token0123")


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
async def served(
    signing_key: Ed25519PrivateKey,
) -> AsyncIterator[tuple[Network, Mapping[str, Carrier]]]:
    network = simulated.network(signing_key, seed=7, api_key=API_KEY, account=ACCOUNT)
    async with (
        serving(create_app(network)) as url,
        open_all(settings(url, network)) as carriers,
    ):
        yield network, carriers


@pytest.fixture(scope="session")
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    async with serving(endpoint_for_all(listener.hear)) as listener.url:
        yield listener


@pytest.fixture
def listener(listening: Listener) -> Iterator[Listener]:
    """Hears what carriers report."""
    yield listening
    listening.calls.clear()


@pytest.fixture
def network(served: tuple[Network, Any]) -> Iterator[Network]:
    """A mobile network that is quick and never fails by chance."""
    times = ("send_latency", "sent_after", "final_after", "answer_after", "order_seconds")
    served[0].behaviour.turn(dict.fromkeys((*times, "fail_share", "answer_share"), 0.0))
    yield served[0]
    served[0].forget()


@pytest.fixture
def carrier_name() -> str:
    """Which carrier a test is about; those of the contract are about each."""
    return "telnyx"


@pytest.fixture
def carrier(
    served: tuple[Network, Mapping[str, Carrier]], network: Network, carrier_name: str
) -> Carrier:
    """A carrier with the simulated network behind it."""
    return served[1][carrier_name]


@pytest.fixture
async def at(network: Network, carrier_name: str) -> AsyncIterator[At]:
    """The carrier at another address."""
    async with AsyncExitStack() as stack:

        async def opened(url: str) -> Carrier:
            return await stack.enter_async_context(
                CARRIERS[carrier_name].open(settings(url, network))
            )

        yield opened


@pytest.fixture
async def answering(
    at: At,
) -> AsyncIterator[Answering]:
    """The carrier with something else behind it, which answers every call in one way."""
    async with AsyncExitStack() as stack:

        async def behind(status: int, body: bytes = b"", **headers: str) -> Carrier:
            async def endpoint(request: Request) -> Response:
                return Response(body, status, headers)

            return await at(await stack.enter_async_context(serving(endpoint_for_all(endpoint))))

        yield behind


@pytest.fixture
def bought(carrier: Carrier) -> Bought:
    """``await bought(church, url)``: a number that a church owns, ready to be used."""

    async def number(church_id: UUID, webhook_url: str) -> tuple[Profile, str]:
        profile = await carrier.ensure_profile(church_id, "Grace Chapel", webhook_url)
        (offer,) = await carrier.search("202", 1)
        order = await carrier.order(offer.phone_number, profile.profile_id, str(uuid4()))

        async def is_active() -> bool:
            return (await carrier.order_status(order.order_id)).status is OrderStatus.ACTIVE

        await eventually(is_active)
        return profile, offer.phone_number

    return number


@pytest.fixture
def outgoing() -> Outgoing:
    def make(**given: Any) -> OutgoingText:
        usual: dict[str, Any] = {
            "recipient_id": uuid4(),
            "church_id": CHURCH,
            "sender": OURS,
            "to": PERSON,
            "text": "Sunday service is at 10am.",
            "report_url": "",
        }
        return OutgoingText(**usual | given)

    return make


def settings(url: str, network: Network) -> CarrierSettings:
    return CarrierSettings(
        redis_url="redis://127.0.0.1",
        telnyx_api_url=f"{url}/v2",
        telnyx_api_key=API_KEY,
        telnyx_public_keys=telnyx_of(network).public_key,
        twilio_api_url=url,
        twilio_account_sid=ACCOUNT.sid,
        twilio_auth_token=f"{ACCOUNT.token},older",
    )
