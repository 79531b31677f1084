"""A broker that goes away, at whatever moment, is waited for and never ends a process."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import bus, db
from koinonia.common.events.billing import SpendApproved
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually

CHURCH = UUID("01900000-0000-7000-8000-000000000001")


class Cable:
    """A way to the broker that can be cut."""

    def __init__(self, broker_url: str) -> None:
        self._far = urlsplit(broker_url)
        self._writers: set[asyncio.StreamWriter] = set()

    async def lay(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        user = self._far.netloc.rpartition("@")[0]
        self.url = urlunsplit(self._far._replace(netloc=f"{user}@127.0.0.1:{port}"))

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def take_up(self) -> None:
        self._server.close()
        self.cut()

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, forth = await asyncio.open_connection(self._far.hostname, self._far.port)
        self._writers |= {back, forth}
        await asyncio.gather(_pump(near, forth), _pump(far, back))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
    except ConnectionError:
        pass
    sink.close()


@pytest.fixture
async def cable(rabbitmq_url: str) -> AsyncIterator[Cable]:
    laid = Cable(rabbitmq_url)
    await laid.lay()
    yield laid
    await laid.take_up()


async def _apply(session: AsyncSession, event: SpendApproved) -> None:
    await db.run(session, "INSERT INTO effects (event_id) VALUES (:id)", {"id": event.message_id})


async def _effects(database: db.Database) -> list[UUID]:
    async with database.transaction() as session:
        return [row.event_id for row in await probe.rows(session, "SELECT event_id FROM effects")]


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
    assert sorted(await _effects(sample)) == sorted(ids)


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
    return set(ids) <= set(await _effects(database))
