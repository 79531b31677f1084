"""Fixtures of the sending path: a simulated carrier over real HTTP, and a church that may send."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from koinonia.carriers import open_all
from koinonia.common import db
from koinonia.common.testing import secrets, service
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.common.testing.redis import OwnDatabase
from koinonia.common.throttle import Throttle
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.unlimited import UNLIMITED
from koinonia.messaging.messages import batches
from koinonia.messaging.program import PROGRAM

from . import factories
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
async def sink() -> AsyncIterator[Sink]:
    """Where reports arrive; a test takes them from here."""
    opened = Sink()
    async with serving(opened.app) as opened.url:
        yield opened


@pytest_asyncio.fixture(scope="session")
async def carrier() -> AsyncIterator[tuple[Network, str]]:
    network = simulated.network(secrets.carrier_key(), seed=7)
    async with serving(create_app(network)) as url:
        yield network, f"{url}/v2"


@pytest_asyncio.fixture(scope="session")
async def theatre(
    database_cluster: Cluster,
    redis_database: OwnDatabase,
    rabbitmq_url: str,
    carrier: tuple[Network, str],
    sink: Sink,
) -> AsyncIterator[Any]:
    """The service, opened once, with the simulated carrier behind it."""
    settings = {
        "redis_url": redis_database.url,
        "rabbitmq_url": rabbitmq_url,
        "telnyx_api_url": carrier[1],
        "public_url": sink.url,
    }
    async with (
        database_cluster.database(frozenset({"messaging"})) as databases,
        service.opened(PROGRAM, databases, settings, **UNLIMITED) as running,
    ):
        yield running


@pytest.fixture
def network(carrier: tuple[Network, str]) -> Iterator[Network]:
    """A mobile network that is quick and never fails by chance."""
    network, _ = carrier
    network.behaviour.turn(CALM)
    yield network
    network.forget()


@pytest_asyncio.fixture
async def stage(theatre: Any, network: Network, sink: Sink) -> AsyncIterator[Stage]:
    """A new church. What is due across churches, and who may send how fast, is its alone."""
    redis_url = theatre.settings.redis_url.get_secret_value()
    theatre.throttle = Throttle(redis_url, str(db.uuid7()))
    async with theatre.database.transaction() as session:
        church_id = await factories.church(session)
        await factories.active_number(session, church_id)
    yield (stage := Stage(theatre, church_id, network, sink))
    await stage.run("DELETE FROM dispatch_batches")
    await stage.run("DELETE FROM open_messages")
    await stage.run("DELETE FROM parked_reports")
    await stage.run("DELETE FROM wanted_records")
    await stage.run("DELETE FROM due_stop_questions")
    await theatre.throttle.close()
    sink.take()


@pytest_asyncio.fixture
async def twilio(stage: Stage) -> AsyncIterator[Stage]:
    """A church whose number is at Twilio."""
    running = stage.running
    before = running.settings, running.carriers
    url = running.settings.telnyx_api_url.removesuffix("/v2")
    running.settings = running.settings.model_copy(update={"twilio_api_url": url})
    await stage.run("UPDATE phone_numbers SET carrier = 'twilio'")
    async with open_all(running.settings) as running.carriers:
        yield stage
    running.settings, running.carriers = before


@pytest_asyncio.fixture
async def alone(
    databases: Databases,
    redis_url: str,
    rabbitmq_url: str,
    bus_namespace: str,
    carrier: tuple[Network, str],
    network: Network,
    sink: Sink,
) -> AsyncIterator[Stage]:
    """A stage whose database and queues no other test shares."""
    settings = {
        "redis_url": redis_url,
        "rabbitmq_url": rabbitmq_url,
        "bus_namespace": bus_namespace,
        "telnyx_api_url": carrier[1],
        "public_url": sink.url,
    }
    async with service.opened(PROGRAM, databases, settings, **UNLIMITED) as running:
        async with running.database.transaction() as session:
            church_id = await factories.church(session)
            await factories.active_number(session, church_id)
        yield Stage(running, church_id, network, sink)
    sink.take()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SIZE", 10)
