"""The queues of a listener that was renamed: what waits in them goes to its new queues.

A queue cannot be renamed, so its events are moved one by one, each confirmed by the broker before
it leaves the old queue. A crash in between leaves an event in both, and its listener's inbox keeps
it from being applied twice. An old queue is deleted when it is certain that nobody holds an event
of it any more. What then still waits in the retry ladder will be sent to the old name. So a queue
of that name passes it on to the new one; it goes by itself when the ladder must be empty.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import count

from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity, ChannelPreconditionFailed

from koinonia.common import errors
from koinonia.common.bus.connection import BusConnection
from koinonia.common.bus.topology import LADDER, Names

QUIET_SECONDS = 30.0
"""Nothing arrived and nobody listened for this long, so nobody holds an event either: a process
that stops has ended by then (``KOINONIA_SHUTDOWN_SECONDS`` is 20)."""

PATIENCE_SECONDS = 120.0
"""How long to wait for the last listener to go."""

PASS_ON_SECONDS = 2 * sum(LADDER)

_LOOK_SECONDS = 0.5
_AT_ONCE = 100


class StillHeard(errors.Unavailable):
    def __init__(self, queue: str) -> None:
        super().__init__(
            f"Somebody still listens to the queue {queue}, which has another name now. Stop the "
            "workers of the last release, then run migrate again. Nothing was lost."
        )


async def move_queues(
    url: str, names: Names, former: str, listener: str, events: Iterable[str]
) -> None:
    """Move what waits for ``former`` to the queues of ``listener``, which are there already, and
    delete the old queues. Where there are none, nothing happens. Raises :class:`StillHeard`."""
    connection = BusConnection(url, f"{listener} migrate")
    channels = _Channels(connection)
    try:
        outcomes = await asyncio.gather(
            *(_move(channels, names, former, listener, event) for event in events),
            return_exceptions=True,
        )
    finally:
        await connection.close()
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


class _Channels:
    """Gives out each number once: one that the broker has just closed is not free at once, and
    aiormq would take it again."""

    def __init__(self, connection: BusConnection) -> None:
        self._connection = connection
        self._numbers = count(1)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AbstractChannel]:
        connection = await self._connection.open()
        channel = await connection.channel(next(self._numbers), on_return_raises=True)
        try:
            yield channel
        finally:
            await channel.close()


async def _move(channels: _Channels, names: Names, former: str, listener: str, event: str) -> None:
    old, new = names.queue(former, event), names.queue(listener, event)
    if await _exists(channels, old) and not await _passes_on(channels, old, new):
        async with channels.open() as channel:
            queue = await channel.get_queue(old, ensure=False)
            await queue.unbind(names.events, routing_key=event)
            await _empty(channel, queue, new)
            await channel.queue_delete(old)
            await _declare_passing_on(channel, old, new)
    if await _exists(channels, names.dead(old)):
        async with channels.open() as channel:
            dead = await channel.get_queue(names.dead(old), ensure=False)
            await _drain(channel, dead, names.dead(new))
            await channel.queue_delete(dead.name)


async def _exists(channels: _Channels, queue: str) -> bool:
    async with channels.open() as channel:
        try:
            await channel.declare_queue(queue, passive=True)
        except ChannelNotFoundEntity:
            return False
    return True


async def _passes_on(channels: _Channels, old: str, new: str) -> bool:
    """Whether the queue that is there was made by an earlier run; its time then begins again."""
    async with channels.open() as channel:
        try:
            await _declare_passing_on(channel, old, new)
        except ChannelPreconditionFailed:
            return False
    return True


async def _declare_passing_on(channel: AbstractChannel, old: str, new: str) -> None:
    await channel.declare_queue(
        old,
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-message-ttl": 0,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": new,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
            "x-expires": PASS_ON_SECONDS * 1000,
        },
    )


async def _empty(channel: AbstractChannel, queue: AbstractQueue, target: str) -> None:
    """Move everything, until it is certain that nothing comes back from a listener that stops."""
    clock = asyncio.get_running_loop().time
    began = quiet_since = clock()
    while clock() < quiet_since + QUIET_SECONDS:
        moved = await _drain(channel, queue, target)
        state = await channel.declare_queue(queue.name, passive=True)
        heard = bool(state.declaration_result.consumer_count)
        if moved or heard:
            quiet_since = clock()
        if heard and clock() > began + PATIENCE_SECONDS:
            raise StillHeard(queue.name)
        await asyncio.sleep(_LOOK_SECONDS)


async def _drain(channel: AbstractChannel, queue: AbstractQueue, target: str) -> int:
    """Move what is ready now; returns how many that were."""
    moved = 0
    while messages := await _take(queue):
        exchange = channel.default_exchange
        await asyncio.gather(
            *(exchange.publish(_copy(each), target, mandatory=True) for each in messages)
        )
        await messages[-1].ack(multiple=True)
        moved += len(messages)
    return moved


async def _take(queue: AbstractQueue) -> list[AbstractIncomingMessage]:
    messages: list[AbstractIncomingMessage] = []
    while len(messages) < _AT_ONCE and (message := await queue.get(fail=False)) is not None:
        messages.append(message)
    return messages


def _copy(message: AbstractIncomingMessage) -> Message:
    return Message(
        message.body,
        message_id=message.message_id,
        type=message.type,
        app_id=message.app_id,
        headers=message.headers,
        content_type=message.content_type,
        delivery_mode=message.delivery_mode,
        timestamp=message.timestamp,
    )
