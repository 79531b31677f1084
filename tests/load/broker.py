"""The bus: publishing with confirms and consuming, beside aio-pika with nothing around it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage
from tests.load.figures import Figure, Floor, Section
from tests.load.system import LISTENER, Ground

from koinonia.common import bus, clock, db, migrations
from koinonia.common.bus import Consumer, Envelope, Publisher, Subscription, on, on_batch
from koinonia.common.events import Event
from koinonia.common.events.ingress import CarrierStatusReported
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing.databases import role_url
from koinonia.common.testing.secrets import role_password

EVENTS = 3000
AT_ONCE = 500  # as the outbox relay publishes
BATCH = 200
CONCURRENCY = 4  # of single events, the default of a subscription
PATIENCE = 30.0
OWNER = "ingress"  # a service with an inbox

Reaction = Callable[..., Awaitable[None]]


@dataclass
class Clocked:
    """Counts until ``wanted`` have happened."""

    wanted: int
    seen: int = 0
    first_seen: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, many: int = 1) -> None:
        self.seen += many
        self.last_at = time.perf_counter()
        if not self.first_seen:
            self.first_seen, self.first_at = many, self.last_at
        if self.seen >= self.wanted:
            self.done.set()

    async def per_second(self) -> float:
        """The first ones began before the clock did, so they are not counted."""
        async with asyncio.timeout(PATIENCE):
            await self.done.wait()
        return (self.seen - self.first_seen) / (self.last_at - self.first_at)


@dataclass
class Running:
    """All that a consumer needs of a process."""

    database: db.Database


@dataclass(frozen=True)
class Place:
    """Where the events go: an exchange and one queue, as a service would have them."""

    url: str
    namespace: str
    database: db.Database

    @property
    def queue(self) -> str:
        return bus.Names(self.namespace).queue(LISTENER, CarrierStatusReported.name)


async def measure(ground: Ground) -> Section:
    async with _place(ground) as place:
        publishing = Floor("aio-pika alone", await _published_bare(place))
        bare = await consumed_bare(place.url, place.queue, EVENTS)
        consuming = Floor("aio-pika alone", bare)
        inserting = Floor("inbox insert alone", await _inserted(place))
        published = await _published(place)
        single = await _consumed(place, _one_by_one)
        await _published(place)
        batched = await _consumed(place, _in_batches)
    figures = [
        Figure("publish with confirm", published, "/s", [publishing]),
        Figure("consume one by one", single, "/s", [consuming, inserting]),
        Figure(f"consume in batches of {BATCH}", batched, "/s", [consuming]),
    ]
    return Section("The bus, in one process", figures)


def _one_by_one(reaction: Reaction) -> Subscription[Any]:
    return on(CarrierStatusReported, reaction, concurrency=CONCURRENCY)


def _in_batches(reaction: Reaction) -> Subscription[Any]:
    return on_batch(CarrierStatusReported, reaction, size=BATCH, within=0.05)


@asynccontextmanager
async def _place(ground: Ground) -> AsyncIterator[Place]:
    url = ground.servers.rabbitmq_url
    async with ground.database("broker") as admin_url, ground.namespace("broker") as namespace:
        await migrations.upgrade(admin_url, OWNER, role_password(admin_url))
        async with channel(url) as opened:
            names = bus.Names(namespace)
            await bus.declare(opened, names, LISTENER, [CarrierStatusReported.name])
        database = db.Database(role_url(admin_url, OWNER))
        try:
            yield Place(url, namespace, database)
        finally:
            await database.close()


@asynccontextmanager
async def channel(url: str) -> AsyncIterator[aio_pika.abc.AbstractChannel]:
    async with await aio_pika.connect(url, timeout=10) as connection:
        yield await connection.channel(publisher_confirms=True)


async def _published(place: Place) -> float:
    publisher = Publisher(place.url, OWNER, place.namespace)
    try:
        return await _in_portions(publisher.publish)
    finally:
        await publisher.close()


async def _published_bare(place: Place) -> float:
    async with channel(place.url) as opened:
        exchange = await opened.get_exchange(bus.Names(place.namespace).events, ensure=False)

        async def publish(portion: Sequence[Envelope]) -> None:
            messages = (envelope.message(OWNER) for envelope in portion)
            name = CarrierStatusReported.name
            await asyncio.gather(*(exchange.publish(message, name) for message in messages))

        return await _in_portions(publish)


async def _in_portions(publish: Callable[[Sequence[Envelope]], Awaitable[object]]) -> float:
    envelopes = [Envelope.from_event(_report()) for _ in range(EVENTS)]
    await publish(envelopes[:1])  # opens the connection
    began = time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        for start in range(1, EVENTS, AT_ONCE):
            await publish(envelopes[start : start + AT_ONCE])
    return (EVENTS - 1) / (time.perf_counter() - began)


async def _consumed(place: Place, subscription: Callable[[Reaction], Subscription[Any]]) -> float:
    """Takes ``EVENTS`` that wait in the queue through the whole stack; the reaction only counts."""
    clocked, stop = Clocked(EVENTS), asyncio.Event()

    async def react(_: Any, heard: Event | list[Event]) -> None:
        clocked.note(len(heard) if isinstance(heard, list) else 1)

    consumer = Consumer(
        place.url,
        LISTENER,
        [subscription(react)],
        Running(place.database),
        namespace=place.namespace,
    )
    working = asyncio.create_task(consumer.run(stop))
    try:
        return await clocked.per_second()
    finally:
        stop.set()
        await working


async def consumed_bare(url: str, queue_name: str, events: int) -> float:
    """Events per second of a queue that are taken and acknowledged, and nothing else."""
    clocked = Clocked(events)

    async def react(message: AbstractIncomingMessage) -> None:
        await message.ack()
        clocked.note()

    async with channel(url) as opened:
        await opened.set_qos(prefetch_count=2 * BATCH)
        queue = await opened.get_queue(queue_name, ensure=False)
        tag = await queue.consume(react)
        found = await clocked.per_second()
        await queue.cancel(tag)
        return found


async def _inserted(place: Place) -> float:
    """As many transactions at a time as events are consumed."""
    clocked = Clocked(EVENTS)
    async with asyncpg.create_pool(
        place.database.url, min_size=CONCURRENCY, max_size=CONCURRENCY, timeout=10
    ) as pool:

        async def insert() -> None:
            async with pool.acquire() as connection:
                for _ in range(EVENTS // CONCURRENCY):
                    async with connection.transaction():
                        await connection.execute("INSERT INTO inbox VALUES ($1)", uuid4())
                    clocked.note()

        await asyncio.gather(*(insert() for _ in range(CONCURRENCY)))
    return await clocked.per_second()


def _report() -> CarrierStatusReported:
    return CarrierStatusReported(
        church_id=db.uuid7(),
        recipient_id=db.uuid7(),
        carrier="telnyx",
        carrier_message_id=str(uuid4()),
        sender="+12025550190",
        status=DeliveryStatus.DELIVERED,
        reported_at=clock.now(),
        parts=1,
    )
