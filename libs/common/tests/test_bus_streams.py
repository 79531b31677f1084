"""A stream is followed from wherever one was, through every loss of the connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID, uuid4

import pytest
from aio_pika import Message

from koinonia.common import bus
from koinonia.common.bus import streams
from koinonia.common.bus.connection import BusConnection
from koinonia.common.events import Event
from koinonia.common.events.billing import SpendApproved
from koinonia.common.testing.eventually import eventually

from .cable import Cable
from .consumers import CHURCH

EVENTS = ("spend.approved",)


class Notes:
    """What a reader told."""

    def __init__(self) -> None:
        self.offsets: list[int] = []
        self.ids: list[UUID] = []
        self.said: list[str] = []

    def heard(self, offset: int, event: Event) -> None:
        assert isinstance(event, SpendApproved)
        self.offsets.append(offset)
        self.ids.append(event.message_id)

    def current(self, offset: int) -> None:
        self.said.append("current")

    def away(self) -> None:
        self.said.append("away")

    def broken(self) -> None:
        self.said.append("broken")


Follow = Callable[..., AbstractAsyncContextManager[Notes]]


@pytest.fixture
def follow(rabbitmq_url: str, bus_namespace: str) -> Follow:
    @asynccontextmanager
    async def following(url: str = rabbitmq_url) -> AsyncIterator[Notes]:
        notes, stop = Notes(), asyncio.Event()
        reader = bus.StreamReader(url, "test", "live", EVENTS, notes, namespace=bus_namespace)
        reading = asyncio.create_task(reader.run(stop))
        await eventually(lambda: notes.said)
        yield notes
        stop.set()
        await asyncio.wait_for(reading, 5)

    return following


@pytest.fixture
async def publisher(rabbitmq_url: str, bus_namespace: str) -> AsyncIterator[bus.Publisher]:
    opened = bus.Publisher(rabbitmq_url, "billing", bus_namespace)
    yield opened
    await opened.close()


async def publish(publisher: bus.Publisher, count: int) -> list[UUID]:
    events = [SpendApproved(church_id=CHURCH, message_id=uuid4(), parts=1) for _ in range(count)]
    await publisher.publish([bus.Envelope.from_event(event) for event in events])
    return [event.message_id for event in events]


async def test_all_who_follow_read_the_same_under_the_same_offsets(
    follow: Follow, publisher: bus.Publisher
) -> None:
    async with follow() as first:
        ids = await publish(publisher, 30)
        async with follow() as second:  # what was published before is still there for it
            ids += await publish(publisher, 30)
            await eventually(lambda: len(first.ids) == len(second.ids) == 60)
    assert first.ids == second.ids == ids
    assert first.offsets == second.offsets


async def test_a_cut_connection_costs_no_event_and_doubles_none(
    cable: Cable, follow: Follow, publisher: bus.Publisher
) -> None:
    async with follow(cable.url) as notes:
        ids = await publish(publisher, 150)
        await eventually(lambda: len(notes.ids) > 20)
        cable.cut()
        ids += await publish(publisher, 20)
        await eventually(lambda: notes.ids == ids)
    assert notes.said == ["current", "away", "current"]


async def test_what_cannot_be_read_is_passed_over(
    follow: Follow, publisher: bus.Publisher, bus_namespace: str
) -> None:
    async with follow() as notes:
        ids = await publish(publisher, 1)
        exchange = bus.Names(bus_namespace).events
        for kind, body in (("spend.approved", b"{}"), ("spend.unheard", b"?"), (None, b"")):
            await publisher.send(exchange, "spend.approved", Message(body, type=kind))
        ids += await publish(publisher, 1)
        await eventually(lambda: notes.ids == ids)


async def test_a_stream_that_begins_anew_is_told_from_the_one_before(
    follow: Follow,
    publisher: bus.Publisher,
    rabbitmq_url: str,
    bus_namespace: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "MARK_SECONDS", 0.3)
    async with follow() as notes:
        ids = await publish(publisher, 50)
        await eventually(lambda: notes.ids == ids)
        connection = BusConnection(rabbitmq_url, "tests")
        channel = await (await connection.open()).channel()
        await channel.queue_delete(bus.Names(bus_namespace).stream("live"))
        await connection.close()
        await eventually(lambda: notes.said[-2:] == ["away", "current"])
        ids += await publish(publisher, 3)
        await eventually(lambda: notes.ids == ids)
    assert "broken" in notes.said
