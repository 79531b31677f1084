"""Reports per second that one worker persists, beside consuming the very same events and no more.

All reports of a message wait in the queue before the worker starts; a second queue got the same.
They come as from a carrier: those of a few hundred texts mixed, each text's in order.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from tests.load import broker, congregation, processor, progress
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section
from tests.load.system import LISTENER, connected

from koinonia.common import bus, clock
from koinonia.common.bus import Envelope, Publisher
from koinonia.common.events.ingress import CarrierStatusesReported, CarrierStatusReported
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.devkit.system import System

TEXTS = 5_000
MIXED = 200  # texts whose reports come in turns
TOGETHER = 10  # reports in one event, as the ingress sends them when they come by the hundred
AT_ONCE = 500
WORKER, APPROVES = "messaging", "billing"
NAME = CarrierStatusesReported.name


async def measure(system: System) -> Section:
    async with (
        congregation.founded(system, "Reporting", [TEXTS]) as church,
        connected(system.environment.database_url) as owner,
    ):
        message = await _unsent(system, church)
        waiting = await _reports(owner, church, message)
        alone = await _published(system, waiting)
        rate, work = await _persisted(system, owner, message, len(waiting))
        system.start_part(APPROVES)
        system.wait_until_ready([APPROVES])
    figure = Figure("reports persisted", rate, "/s", [Floor("aio-pika alone", alone)])
    notes = ["Processor time of one report:", f"  {work}"]
    return Section(f"One worker and {len(waiting):,} waiting reports", [figure], notes)


async def _unsent(system: System, church: Congregation) -> UUID:
    """A message that nobody sends, and neither of the two who would."""
    system.stop([APPROVES])
    message = await church.send(TEXTS, "Service on Sunday begins at ten. See you there!")
    system.stop([WORKER])
    return message


async def _reports(
    owner: "asyncpg.Connection[Any]", church: Congregation, message: UUID
) -> list[CarrierStatusReported]:
    rows = await owner.fetch(
        "SELECT id FROM messaging.message_recipients WHERE message_id = $1 ORDER BY batch, id",
        message,
    )
    texts = [row["id"] for row in rows]
    return [
        _report(church, text, status)
        for start in range(0, len(texts), MIXED)
        for status in (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)
        for text in texts[start : start + MIXED]
    ]


def _report(church: Congregation, text: UUID, status: DeliveryStatus) -> CarrierStatusReported:
    return CarrierStatusReported(
        church_id=church.id,
        recipient_id=text,
        carrier="telnyx",
        carrier_message_id=f"bench-{text}",
        sender=church.number,
        status=status,
        reported_at=clock.now(),
        parts=1,
        cost=Decimal("0.0051"),
    )


async def _published(system: System, waiting: Sequence[CarrierStatusReported]) -> float:
    """Put them into the worker's queue and into one like it; how fast that one is emptied bare."""
    url, namespace = system.environment.rabbitmq_url, system.environment.namespace
    names = bus.Names(namespace)
    bundles = [
        CarrierStatusesReported(events=tuple(waiting[start : start + TOGETHER]))
        for start in range(0, len(waiting), TOGETHER)
    ]
    async with broker.channel(url) as channel:
        await bus.declare(channel, names, LISTENER, [NAME])
        publisher = Publisher(url, "ingress", namespace)
        try:
            for start in range(0, len(bundles), AT_ONCE):
                await publisher.publish(
                    [Envelope.from_event(event) for event in bundles[start : start + AT_ONCE]]
                )
        finally:
            await publisher.close()
        queue = names.queue(LISTENER, NAME)
        alone = await broker.consumed_bare(url, queue, len(bundles))
        await channel.queue_delete(queue)
        return alone * TOGETHER


async def _persisted(
    system: System, owner: "asyncpg.Connection[Any]", message: UUID, reports: int
) -> tuple[float, str]:
    """Reports per second between the first and the last that were committed, and their cost."""
    system.start_part(WORKER)
    began = await progress.until(owner, message, lambda row: bool(row["pending"] < row["total"]))
    row = await owner.fetchrow(progress.COUNTS, message)
    assert row is not None
    earlier = 2 * row["delivered"] + row["sent"]
    before = await processor.used(system)
    ended = await progress.until(owner, message, progress.is_delivered)
    spent = (await processor.used(system)).since(before)
    system.wait_until_ready([WORKER])
    return (reports - earlier) / (ended - began), processor.shares(spent, reports - earlier)
