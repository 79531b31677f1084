"""Events that travel together are applied, remembered, retried and buried one by one."""

from collections.abc import Sequence
from datetime import UTC, datetime

import aio_pika
import orjson
from aio_pika import Message
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import bus, db
from koinonia.common.events.ingress import CarrierStatusesReported, CarrierStatusReported
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing.eventually import eventually

from .consumers import consuming, effects, queue_length

REFUSED = "refused"


def report(carrier_message_id: str = "1") -> CarrierStatusReported:
    return CarrierStatusReported(
        carrier="acme",
        carrier_message_id=carrier_message_id,
        status=DeliveryStatus.SENT,
        reported_at=datetime.now(UTC),
    )


async def apply(session: AsyncSession, events: Sequence[CarrierStatusReported]) -> None:
    for event in events:
        await db.run(session, "INSERT INTO effects (event_id) VALUES (:id)", {"id": event.id})
    if any(event.carrier_message_id == REFUSED for event in events):
        raise RuntimeError("the reaction failed after writing")


SUBSCRIPTION = bus.on_bundles(CarrierStatusesReported, apply, size=4, within=0.05)
QUEUE = "sample.carrier.statuses_reported"


async def test_an_event_of_two_bundles_is_applied_once(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    first, second, third = report(), report(), report()
    async with consuming(rabbitmq_url, bus_namespace, sample, SUBSCRIPTION) as publisher:
        for events in ((first, second), (second, third), (first, first)):
            assert await publisher.publish_heard(CarrierStatusesReported(events=events))
        await eventually(lambda: _is_empty(rabbitmq_url, f"{bus_namespace}{QUEUE}"))
    assert sorted(await effects(sample)) == sorted([first.id, second.id, third.id])


async def test_of_a_bundle_only_what_is_bad_is_buried(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    """One event makes the reaction fail, of another bundle one cannot be read, as when a newer
    release said it."""
    good, queue = [report(f"{n}") for n in range(6)], f"{bus_namespace}{QUEUE}"
    refused, strange = report(REFUSED), report("strange")
    unread = CarrierStatusesReported(events=(*good[3:], strange))
    fields = orjson.loads(unread.to_wire())
    fields["events"][-1]["status"] = "teleported"
    async with consuming(
        rabbitmq_url, bus_namespace, sample, SUBSCRIPTION, ladder=(1, 1)
    ) as publisher:
        await publisher.publish_heard(CarrierStatusesReported(events=(*good[:3], refused)))
        async with await aio_pika.connect(rabbitmq_url) as raw, raw.channel() as channel:
            body = Message(orjson.dumps(fields), type=unread.name)
            await channel.default_exchange.publish(body, queue)
        await eventually(lambda: _holds(rabbitmq_url, f"{queue}.dead", 2), within=15)
    assert sorted(await effects(sample)) == sorted(event.id for event in good)
    buried = [await _take(rabbitmq_url, f"{queue}.dead") for _ in range(2)]
    assert {each.message_id for each in buried} == {str(refused.id), str(strange.id)}
    assert {each.type for each in buried} == {CarrierStatusReported.name}


async def test_a_publisher_is_told_when_nobody_hears(rabbitmq_url: str, bus_namespace: str) -> None:
    publisher = bus.Publisher(rabbitmq_url, "ingress", bus_namespace)
    try:
        async with await aio_pika.connect(rabbitmq_url) as raw, raw.channel() as channel:
            names = bus.Names(bus_namespace)
            await bus.declare(channel, names, "sample", [CarrierStatusReported.name])
        assert not await publisher.publish_heard(CarrierStatusesReported(events=(report(),)))
        assert await publisher.publish_heard(report())
    finally:
        await publisher.close()


async def _is_empty(url: str, queue: str) -> bool:
    return await queue_length(url, queue) == 0


async def _holds(url: str, queue: str, count: int) -> bool:
    return await queue_length(url, queue) == count


async def _take(url: str, name: str) -> aio_pika.abc.AbstractIncomingMessage:
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        message = await (await channel.get_queue(name, ensure=False)).get()
        assert message is not None
        await message.ack()
        return message
