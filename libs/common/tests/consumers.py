"""A consumer at work, what it did, and what waits for it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from uuid import UUID, uuid4

import aio_pika

from koinonia.common import bus, db
from koinonia.common.events.billing import SpendApproved
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually

CHURCH = UUID("01900000-0000-7000-8000-000000000001")


def approved() -> SpendApproved:
    return SpendApproved(church_id=CHURCH, message_id=uuid4(), parts=1)


@asynccontextmanager
async def consuming(
    url: str,
    namespace: str,
    database: db.Database,
    *subscriptions: bus.Subscription,
    ladder: Sequence[int] = (1, 1, 1, 1, 1),
) -> AsyncIterator[bus.Publisher]:
    """A consumer at work, and a publisher for what it consumes."""
    stop = asyncio.Event()
    consumer = bus.Consumer(
        url,
        "sample",
        subscriptions,
        SimpleNamespace(database=database),
        namespace=namespace,
        ladder=ladder,
    )
    running = asyncio.create_task(consumer.run(stop))
    publisher = bus.Publisher(url, "billing", namespace)
    try:
        await eventually(lambda: consumer.is_consuming)
        yield publisher
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)
        await publisher.close()


async def effects(database: db.Database) -> list[UUID]:
    async with database.transaction() as session:
        return [row.event_id for row in await probe.rows(session, "SELECT event_id FROM effects")]


async def queue_length(url: str, queue: str) -> int:
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        declared = await channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0
