"""Who is told what on the event stream, and from where on."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import pytest_asyncio

from koinonia.common import bus
from koinonia.common.events import Event
from koinonia.common.testing.eventually import eventually

from .conftest import Gateway
from .listening import OTHER, admin, listening, text

Publish = Callable[..., Awaitable[None]]


@pytest.fixture
def broker(rabbitmq_url: str, bus_namespace: str) -> dict[str, str]:
    return {"rabbitmq_url": rabbitmq_url, "bus_namespace": bus_namespace}


@pytest_asyncio.fixture
async def client(gateway: Gateway, broker: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(**broker) as opened:
        yield opened


@pytest_asyncio.fixture
async def publish(broker: dict[str, str]) -> AsyncIterator[Publish]:
    publisher = bus.Publisher(broker["rabbitmq_url"], "tests", broker["bus_namespace"])

    async def published(*events: Event) -> None:
        await publisher.publish([bus.Envelope.of(event) for event in events])

    yield published
    await publisher.close()


async def test_a_church_is_told_its_own_events_and_no_others(
    client: httpx.AsyncClient, publish: Publish
) -> None:
    async with listening(client) as ours, listening(client, admin(OTHER)) as theirs:
        await ours.told("hello")
        await theirs.told("hello")
        await publish(text("for us"), text("for them", OTHER), text("for us again"))
        await eventually(lambda: ours.previews() == ["for us", "for us again"])
        await eventually(lambda: theirs.previews() == ["for them"])
