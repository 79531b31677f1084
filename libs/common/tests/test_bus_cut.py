"""A broker that goes away, at whatever moment, is waited for and never ends a process."""

import asyncio
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import bus, db
from koinonia.common.bus.connection import BusConnection
from koinonia.common.events.billing import SpendApproved
from koinonia.common.testing.eventually import eventually

from .cable import Cable
from .consumers import CHURCH, effects


async def _apply(session: AsyncSession, event: SpendApproved) -> None:
    await db.run(session, "INSERT INTO effects (event_id) VALUES (:id)", {"id": event.message_id})


async def test_a_cut_connection_is_laid_anew_and_every_event_has_one_effect(
    cable: Cable, rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    running, stop = SimpleNamespace(database=sample), asyncio.Event()
    row = bus.on(SpendApproved, _apply)
    consumer = bus.Consumer(cable.url, "sample", [row], running, namespace=bus_namespace)
    working = asyncio.create_task(consumer.run(stop))
    publisher = bus.Publisher(rabbitmq_url, "billing", bus_namespace)
    await eventually(lambda: consumer.is_consuming)
    ids = [uuid4() for _ in range(60)]
    for number, message_id in enumerate(ids):
        event = SpendApproved(church_id=CHURCH, message_id=message_id, parts=1)
        await publisher.publish_event(event)
        if number % 20 == 10:
            cable.cut()
            await eventually(lambda: not consumer.is_consuming)
            await eventually(lambda: consumer.is_consuming or working.done(), within=10)
    await eventually(lambda: _all_are_there(sample, ids), within=10)
    stop.set()
    await asyncio.wait_for(working, 10)
    await publisher.close()
    assert sorted(await effects(sample)) == sorted(ids)


async def test_a_lost_connection_is_closed_before_another_is_opened(cable: Cable) -> None:
    connection = BusConnection(cable.url, "tests")
    lost = await connection.open()
    cable.cut()
    await eventually(lambda: not connection.is_open)
    another = await connection.open()
    await connection.close()
    assert (another is lost, lost.is_closed, another.is_closed) == (False, True, True)


async def test_a_publisher_says_that_the_connection_is_lost_and_opens_another(
    cable: Cable, bus_namespace: str, rabbitmq_url: str, sample: db.Database
) -> None:
    publisher = bus.Publisher(cable.url, "billing", bus_namespace)
    event = SpendApproved(church_id=CHURCH, message_id=uuid4(), parts=1)
    consumer = bus.Consumer(rabbitmq_url, "sample", [], None, namespace=bus_namespace)
    stop = asyncio.Event()
    working = asyncio.create_task(consumer.run(stop))  # declares the exchange
    await eventually(lambda: consumer.is_consuming)
    await publisher.publish_event(event)
    cable.cut()
    with pytest.raises((OSError, bus.PublishError)):
        await publisher.publish_event(event)
    await eventually(lambda: _published(publisher, event))
    stop.set()
    await working
    await publisher.close()


async def _published(publisher: bus.Publisher, event: SpendApproved) -> bool:
    try:
        await publisher.publish_event(event)
    except (OSError, TimeoutError, bus.PublishError):
        return False
    return True


async def _all_are_there(database: db.Database, ids: list[UUID]) -> bool:
    return set(ids) <= set(await effects(database))
