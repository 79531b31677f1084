"""The promises of the bus on a real broker: nothing lost, nothing applied twice."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from math import ceil
from typing import Any
from uuid import UUID

import aio_pika
import pytest
from aio_pika import Message
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import bus, db, outbox
from koinonia.common.bus.connection import BusConnection
from koinonia.common.events.billing import SpendApproved
from koinonia.common.outbox import Relay
from koinonia.common.testing.eventually import eventually

from .consumers import approved, consuming, effects, queue_length


class Ledger:
    """Effects in a table of the sample schema, so that a test can count what was applied."""

    def __init__(self) -> None:
        self.failures_left: dict[UUID, int] = {}
        self.batches: list[int] = []

    async def apply(self, session: AsyncSession, event: SpendApproved) -> None:
        await self._write(session, event)

    async def apply_batch(self, session: AsyncSession, events: Sequence[SpendApproved]) -> None:
        self.batches.append(len(events))
        for event in events:
            await self._write(session, event)

    async def _write(self, session: AsyncSession, event: SpendApproved) -> None:
        await db.run(
            session, "INSERT INTO effects (event_id) VALUES (:id)", {"id": event.message_id}
        )
        if self.failures_left.get(event.message_id, 0) > 0:
            self.failures_left[event.message_id] -= 1
            raise RuntimeError("the reaction failed after writing")


async def test_an_event_delivered_twice_has_one_effect(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    event = approved()
    reaction = bus.on(SpendApproved, Ledger().apply)
    async with consuming(rabbitmq_url, bus_namespace, sample, reaction) as publisher:
        for _ in range(5):
            await publisher.publish_event(event)
        last = approved()
        await publisher.publish_event(last)
        await eventually(lambda: _has(sample, last.message_id))
        await eventually(lambda: _is_empty(rabbitmq_url, f"{bus_namespace}sample.spend.approved"))
    assert sorted(await effects(sample)) == sorted([event.message_id, last.message_id])


async def test_a_failed_reaction_leaves_nothing_and_is_repeated_until_it_succeeds(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    ledger, event = Ledger(), approved()
    ledger.failures_left[event.message_id] = 2
    reaction = bus.on(SpendApproved, ledger.apply)
    async with consuming(rabbitmq_url, bus_namespace, sample, reaction) as publisher:
        await publisher.publish_event(event)
        await eventually(lambda: _has(sample, event.message_id), within=15)
    assert await effects(sample) == [event.message_id]


async def test_a_handler_that_keeps_failing_climbs_the_ladder_and_ends_in_the_dead_queue(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    ledger, event = Ledger(), approved()
    ledger.failures_left[event.message_id] = 99
    dead = f"{bus_namespace}sample.spend.approved.dead"
    async with consuming(
        rabbitmq_url, bus_namespace, sample, bus.on(SpendApproved, ledger.apply), ladder=(1, 1)
    ) as publisher:
        await publisher.publish_event(event)
        await eventually(lambda: _holds(rabbitmq_url, dead, 1), within=15)
    buried = await _take(rabbitmq_url, dead)
    assert buried.message_id == str(event.id)
    assert buried.headers["attempt"] == 3
    assert "the reaction failed" in str(buried.headers["reason"])
    assert await effects(sample) == []


async def test_a_rejected_event_is_buried_at_once_with_its_reason(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    async def refuse(session: AsyncSession, event: SpendApproved) -> None:
        raise bus.Reject("no such message")

    dead = f"{bus_namespace}sample.spend.approved.dead"
    subscription = bus.on(SpendApproved, refuse)
    async with consuming(rabbitmq_url, bus_namespace, sample, subscription) as publisher:
        await publisher.publish_event(approved())
        await eventually(lambda: _holds(rabbitmq_url, dead, 1))
    assert (await _take(rabbitmq_url, dead)).headers["reason"] == "Reject: no such message"


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"churchId": 7}'])
async def test_what_cannot_be_decoded_is_buried_and_the_queue_goes_on(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database, body: bytes
) -> None:
    queue = f"{bus_namespace}sample.spend.approved"
    reaction = bus.on(SpendApproved, Ledger().apply)
    async with consuming(rabbitmq_url, bus_namespace, sample, reaction) as publisher:
        async with await aio_pika.connect(rabbitmq_url) as raw, raw.channel() as channel:
            await channel.default_exchange.publish(Message(body, type="spend.approved"), queue)
        good = approved()
        await publisher.publish_event(good)
        await eventually(lambda: _has(sample, good.message_id))
        await eventually(lambda: _holds(rabbitmq_url, f"{queue}.dead", 1))


async def test_a_batch_takes_many_events_in_one_transaction_and_a_bad_one_does_not_sink_it(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    ledger, events = Ledger(), [approved() for _ in range(50)]
    ledger.failures_left[events[7].message_id] = 3
    reaction = bus.on_batch(SpendApproved, ledger.apply_batch, size=25, within=0.2)
    async with consuming(rabbitmq_url, bus_namespace, sample, reaction) as publisher:
        await publisher.publish([_envelope(event) for event in events])
        await eventually(lambda: _has(sample, events[7].message_id), within=15)
        await eventually(lambda: _counted(sample, 50), within=15)
    assert sorted(await effects(sample)) == sorted(event.message_id for event in events)
    assert max(ledger.batches) > 1


async def test_a_batch_that_waits_for_none_takes_what_is_there_and_passes_work_in_bulk(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    sizes: list[int] = []
    first_may_end = asyncio.Event()

    async def apply(session: AsyncSession, events: Sequence[SpendApproved]) -> None:
        sizes.append(len(events))
        await first_may_end.wait()

    reaction = bus.on_batch(SpendApproved, apply, size=100, within=0.0)
    async with (
        AsyncExitStack() as work,
        consuming(rabbitmq_url, bus_namespace, sample, reaction) as publisher,
    ):
        connections = sample.engine.pool.size()
        for _ in range(connections - ceil(connections / 3)):  # all that work in bulk may have
            await work.enter_async_context(sample.transaction(bulk=True))
        await publisher.publish([_envelope(approved())])
        await eventually(lambda: sizes == [1])
        await publisher.publish([_envelope(approved()) for _ in range(20)])
        first_may_end.set()
        await eventually(lambda: sum(sizes) == 21)
    assert len(sizes) < 6


async def test_the_outbox_publishes_what_was_committed_and_nothing_that_was_rolled_back(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    kept, lost = approved(), approved()
    async with consuming(
        rabbitmq_url, bus_namespace, sample, bus.on(SpendApproved, Ledger().apply)
    ) as publisher:
        with pytest.raises(ZeroDivisionError):
            await _add_and_fail(sample, lost)
        async with sample.transaction() as session:
            await outbox.add(session, kept)
        assert await Relay(sample, publisher.publish).drain() == 1
        await eventually(lambda: _has(sample, kept.message_id))
    assert await effects(sample) == [kept.message_id]


async def test_a_relay_killed_between_publish_and_delete_repeats_itself_without_a_second_effect(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    event = approved()
    async with consuming(
        rabbitmq_url, bus_namespace, sample, bus.on(SpendApproved, Ledger().apply)
    ) as publisher:
        async with sample.transaction() as session:
            await outbox.add(session, event)

        async def publish_and_die(rows: Sequence[Any]) -> list[UUID]:
            await publisher.publish(rows)
            raise SystemError("killed after the confirm")

        with pytest.raises(SystemError):
            await Relay(sample, publish_and_die).drain()
        await eventually(lambda: _has(sample, event.message_id))
        assert await Relay(sample, publisher.publish).drain() == 1
        await eventually(lambda: _is_empty(rabbitmq_url, f"{bus_namespace}sample.spend.approved"))
    assert await effects(sample) == [event.message_id]


async def test_a_sleeping_relay_is_woken_by_a_commit_and_keeps_the_order(
    sample: db.Database,
) -> None:
    seen: list[UUID] = []

    async def remember(rows: Sequence[Any]) -> list[UUID]:
        seen.extend(row.event_id for row in rows)
        return [row.event_id for row in rows]

    stop = asyncio.Event()
    relay = asyncio.create_task(Relay(sample, remember).run(stop))
    events = [approved() for _ in range(20)]
    async with sample.transaction() as session:
        await outbox.add(session, *events[:10])
        await outbox.add(session, *events[10:])
    await eventually(lambda: len(seen) == 20)
    stop.set()
    await asyncio.wait_for(relay, 5)
    assert seen == [event.id for event in events]


async def test_two_relays_never_publish_the_same_row_at_the_same_time(sample: db.Database) -> None:
    held, second = asyncio.Event(), []

    async def slow(rows: Sequence[Any]) -> list[UUID]:
        second.append(await Relay(sample, _forbidden).drain())
        held.set()
        return [row.event_id for row in rows]

    async with sample.transaction() as session:
        await outbox.add(session, approved())
    assert await Relay(sample, slow).drain() == 1
    assert held.is_set()
    assert second == [0]


async def test_a_lost_connection_is_opened_again(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    async with consuming(
        rabbitmq_url, bus_namespace, sample, bus.on(SpendApproved, Ledger().apply)
    ) as publisher:
        await publisher.publish_event(approved())
        await (await publisher.connection.open()).close()
        event = approved()
        await publisher.publish_event(event)
        await eventually(lambda: _has(sample, event.message_id))


async def test_an_unreachable_broker_is_an_error_not_a_hang() -> None:
    with pytest.raises((OSError, aio_pika.exceptions.AMQPError)):
        await BusConnection("amqp://guest:guest@127.0.0.1:1/", "nobody").open()


async def _add_and_fail(database: db.Database, event: SpendApproved) -> None:
    async with database.transaction() as session:
        await outbox.add(session, event)
        raise ZeroDivisionError


async def _forbidden(rows: Sequence[Any]) -> list[UUID]:
    raise AssertionError("two relays published at once")


def _envelope(event: SpendApproved) -> Any:
    from koinonia.common.bus.envelope import Envelope

    return Envelope.from_event(event)


async def _has(database: db.Database, message_id: UUID) -> bool:
    return message_id in await effects(database)


async def _counted(database: db.Database, expected: int) -> bool:
    return len(await effects(database)) == expected


async def _is_empty(url: str, queue: str) -> bool:
    return await queue_length(url, queue) == 0


async def _holds(url: str, queue: str, count: int) -> bool:
    return await queue_length(url, queue) == count


async def _take(url: str, queue: str) -> Any:
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        declared = await channel.get_queue(queue)
        message = await declared.get(timeout=5)
        await message.ack()
        return message
