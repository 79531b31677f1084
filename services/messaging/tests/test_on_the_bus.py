"""The walk over a real broker, with two workers at once."""

from collections.abc import AsyncIterator

import pytest_asyncio

from koinonia.common.events.billing import SpendApproved
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network
from koinonia.messaging.program import PROGRAM

from . import factories
from .sink import Sink
from .stage import Stage

PHONES = 230


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
    async with service.opened(PROGRAM, databases, settings) as running:
        async with running.database.transaction() as session:
            church_id = await factories.church(session)
            await factories.active_number(session, church_id)
        yield Stage(running, church_id, network, sink)
    sink.take()


async def test_a_broadcast_reaches_every_phone_once(alone: Stage) -> None:
    alone.network.behaviour.turn({"duplicate_share": 0.3, "sent_after": 0.05})
    await alone.members(PHONES)
    sent = await alone.send("Service is at ten")
    approved = SpendApproved(church_id=alone.church_id, message_id=sent.id, parts=PHONES)

    async with (
        service.listening(PROGRAM, alone.running) as publisher,
        service.listening(PROGRAM, alone.running),
    ):
        await publisher.publish_event(approved)
        await publisher.publish_event(approved)

        async def is_completed() -> bool:
            for report in alone.sink.take():
                await publisher.publish_event(report)
            return bool((await alone.message(sent.id)).status == "completed")

        await eventually(is_completed, within=30)

    assert await alone.counted(sent.id) == {"delivered": PHONES}
    received = [len(record.receipts) for record in alone.network.ledger.phones.values()]
    assert received == [1] * PHONES
    assert alone.network.ledger.calls == {"accepted": PHONES}
