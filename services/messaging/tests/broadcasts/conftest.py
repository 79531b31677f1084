"""A simulated carrier over real HTTP, and a church that may send through it."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from koinonia.common.testing import secrets, service
from koinonia.common.testing.databases import Databases
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.serving import serving
from koinonia.messaging.broadcasts import batches
from koinonia.messaging.program import PROGRAM

from .. import factories
from .sink import Sink
from .stage import Stage

CALM = {
    "send_latency": 0.0,
    "sent_after": 0.0,
    "final_after": 0.0,
    "fail_share": 0.0,
    "answer_share": 0.0,
    "webhook_backoff": 0.01,
}


@pytest_asyncio.fixture(scope="session")
async def sink_served() -> AsyncIterator[Sink]:
    sink = Sink()
    async with serving(sink.app) as sink.url:
        yield sink


@pytest_asyncio.fixture(scope="session")
async def carrier_served() -> AsyncIterator[tuple[Network, str]]:
    network = Network(secrets.carrier_key(), seed=7)
    async with serving(create_app(network)) as url:
        yield network, f"{url}/v2"


@pytest.fixture
def sink(sink_served: Sink) -> Iterator[Sink]:
    """Where reports arrive; a test takes them from here."""
    yield sink_served
    sink_served.take()


@pytest.fixture
def network(carrier_served: tuple[Network, str]) -> Iterator[Network]:
    """A mobile network that is quick and never fails by chance."""
    network, _ = carrier_served
    network.behaviour.turn(CALM)
    yield network
    network.forget()


@pytest_asyncio.fixture
async def stage(
    databases: Databases,
    redis_url: str,
    rabbitmq_url: str,
    bus_namespace: str,
    carrier_served: tuple[Network, str],
    network: Network,
    sink: Sink,
) -> AsyncIterator[Stage]:
    servers = {
        "redis_url": redis_url,
        "rabbitmq_url": rabbitmq_url,
        "bus_namespace": bus_namespace,
        "telnyx_api_url": carrier_served[1],
        "public_url": sink.url,
    }
    async with service.opened(PROGRAM, databases, servers) as running:
        async with running.database.transaction() as session:
            church_id = await factories.church(session)
            await factories.active_number(session, church_id)
        yield Stage(running, church_id, network, sink)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SIZE", 10)
