"""A listener gets another name: nothing that waits for it is lost on the way to its new queues."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import ChannelNotFoundEntity
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import bus, cli
from koinonia.common.bus import former
from koinonia.common.bus.connection import BusConnection
from koinonia.common.events.billing import SpendApproved
from koinonia.common.runtime import Program, Running
from koinonia.common.settings import DatabaseSettings
from koinonia.common.testing.eventually import eventually

from .consumers import approved, queue_length

EVENT = SpendApproved.name
OLD, NEW = f"ingress.{EVENT}", f"sample.{EVENT}"


async def ignore(session: AsyncSession, event: SpendApproved) -> None:
    """Never called: nobody consumes here."""


PROGRAM = Program(
    "sample",
    DatabaseSettings,
    Running[DatabaseSettings],
    FastAPI,
    [bus.on(SpendApproved, ignore)],
    formerly="ingress",
)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(former, "QUIET_SECONDS", 0.3)
    monkeypatch.setattr(former, "_LOOK_SECONDS", 0.1)


@pytest.fixture
async def channel(rabbitmq_url: str, bus_namespace: str) -> AsyncIterator[AbstractChannel]:
    """A channel on a broker that has the queues of the former name."""
    connection = BusConnection(rabbitmq_url, "test")
    opened = await (await connection.open()).channel()
    await bus.declare(opened, bus.Names(bus_namespace), "ingress", [EVENT])
    yield opened
    await connection.close()


async def publish(url: str, namespace: str, count: int) -> list[str]:
    """Publish so many events; their ids."""
    publisher = bus.Publisher(url, "billing", namespace)
    events = [approved() for _ in range(count)]
    for event in events:
        await publisher.publish_event(event)
    await publisher.close()
    return [str(event.id) for event in events]


async def taken(channel: AbstractChannel, queue: str) -> list[str | None]:
    """The ids of all messages of a queue, which are gone then."""
    found = await channel.get_queue(queue, ensure=False)
    ids = []
    while (message := await found.get(no_ack=True, fail=False)) is not None:
        ids.append(message.message_id)
    return ids


async def test_what_waits_moves_to_the_new_queue_in_its_order(
    rabbitmq_url: str, bus_namespace: str, channel: AbstractChannel
) -> None:
    ids = await publish(rabbitmq_url, bus_namespace, 250)
    await cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace)
    assert await taken(channel, bus_namespace + NEW) == ids


async def test_an_event_after_that_comes_once(
    rabbitmq_url: str, bus_namespace: str, channel: AbstractChannel
) -> None:
    await cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace)
    ids = await publish(rabbitmq_url, bus_namespace, 1)
    assert await taken(channel, bus_namespace + NEW) == ids


async def test_the_dead_move_with_the_reason_of_their_death(
    rabbitmq_url: str, bus_namespace: str, channel: AbstractChannel
) -> None:
    names = bus.Names(bus_namespace)
    graves = await channel.get_exchange(names.dead_letters)
    letter = Message(b"{}", message_id="a", headers={"reason": "Reject: no such message"})
    await graves.publish(letter, names.dead(bus_namespace + OLD))
    await cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace)
    dead = await channel.get_queue(names.dead(bus_namespace + NEW), ensure=False)
    moved = await dead.get(no_ack=True)
    assert (moved.message_id, moved.headers["reason"]) == ("a", "Reject: no such message")
    assert not await exists(rabbitmq_url, names.dead(bus_namespace + OLD))


async def test_what_waits_in_the_retry_ladder_comes_to_the_new_queue(
    rabbitmq_url: str, bus_namespace: str, channel: AbstractChannel
) -> None:
    ladder = await channel.get_exchange(bus.Names(bus_namespace).again(1))
    await ladder.publish(Message(b"{}", message_id="late"), bus_namespace + OLD)
    await cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace)
    await eventually(lambda: _holds(rabbitmq_url, bus_namespace + NEW, 1), within=10)
    assert await taken(channel, bus_namespace + NEW) == ["late"]


async def test_what_a_stopping_worker_gives_back_is_moved_too(
    rabbitmq_url: str, bus_namespace: str, channel: AbstractChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(former, "QUIET_SECONDS", 1.5)
    ids = await publish(rabbitmq_url, bus_namespace, 3)
    worker = BusConnection(rabbitmq_url, "worker")
    queue = await (await (await worker.open()).channel()).get_queue(bus_namespace + OLD)
    held: list[AbstractIncomingMessage] = []
    tag = await queue.consume(_held_in(held))
    await eventually(lambda: len(held) == len(ids))
    moving = asyncio.create_task(cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace))
    await queue.cancel(tag)  # as it stops: it takes no more, and ends what it holds
    await asyncio.sleep(0.5)  # for which nobody listens and nothing waits
    await worker.close()
    await moving
    assert await taken(channel, bus_namespace + NEW) == ids


async def test_a_worker_that_does_not_stop_is_named_and_nothing_is_lost(
    rabbitmq_url: str, bus_namespace: str, channel: AbstractChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(former, "PATIENCE_SECONDS", 0.2)
    ids = await publish(rabbitmq_url, bus_namespace, 1)
    worker = BusConnection(rabbitmq_url, "worker")
    queue = await (await (await worker.open()).channel()).get_queue(bus_namespace + OLD)
    await queue.consume(_held_in([]))
    with pytest.raises(bus.StillHeard, match=f"the queue {bus_namespace}{OLD}"):
        await cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace)
    await worker.close()
    await cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace)
    assert await taken(channel, bus_namespace + NEW) == ids


async def test_to_migrate_again_changes_nothing(
    rabbitmq_url: str, bus_namespace: str, channel: AbstractChannel
) -> None:
    for _ in range(2):
        await cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace)
    ladder = await channel.get_exchange(bus.Names(bus_namespace).again(1))
    await ladder.publish(Message(b"{}", message_id="late"), bus_namespace + OLD)
    await eventually(lambda: _holds(rabbitmq_url, bus_namespace + NEW, 1), within=10)


async def test_where_the_former_name_was_never_used_it_is_not_declared(
    rabbitmq_url: str, bus_namespace: str
) -> None:
    await cli.declare_queues(PROGRAM, rabbitmq_url, bus_namespace)
    assert not await exists(rabbitmq_url, bus_namespace + OLD)


async def exists(url: str, queue: str) -> bool:
    try:
        await queue_length(url, queue)
    except ChannelNotFoundEntity:
        return False
    return True


def _held_in(
    held: list[AbstractIncomingMessage],
) -> Callable[[AbstractIncomingMessage], Awaitable[None]]:
    """Take messages and answer none."""

    async def hold(message: AbstractIncomingMessage) -> None:
        held.append(message)

    return hold


async def _holds(url: str, queue: str, count: int) -> bool:
    return await queue_length(url, queue) == count
