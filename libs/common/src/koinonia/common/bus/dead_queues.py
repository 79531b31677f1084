"""The dead queues, for operators: look into them, send events back to work, or drop them.

AMQP cannot list queues and cannot read a message without taking it. So queues are asked for by
name, and looking means: take on a channel of its own, hold, close the channel, at which RabbitMQ
puts everything back. The same happens when the process is killed in between, so looking loses
nothing; but what was taken may return in another order, and while it is held nobody else sees it.
A dead queue has practically no delivery limit (``topology.DEAD_DELIVERY_LIMIT``), so it may be
looked into again and again.

Everything here raises :class:`NoDeadQueue` for a queue that is not there, :class:`NotTaken` for an
event that could not be sent back, and :class:`BrokerAway` when RabbitMQ does not answer in time.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from typing import Self
from urllib.parse import urlsplit

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity, DeliveryError

from koinonia.common import errors
from koinonia.common.bus import dead_letters
from koinonia.common.bus.connection import BusConnection
from koinonia.common.bus.dead_letters import Letter
from koinonia.common.bus.topology import Names
from koinonia.common.events import REGISTRY

CALL_SECONDS = 10.0
AT_ONCE = 16
CHANNELS = 2000  # RabbitMQ allows 2047 on a connection
LOOK = 1000
_DEAD = ".dead"

Act = Callable[[AbstractChannel, AbstractIncomingMessage], Awaitable[None]]


class NoDeadQueue(errors.NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no queue {name}. `koinonia dead list` prints those in use.")


class NotTaken(errors.Unavailable):
    def __init__(self, queue: str, letter: Letter) -> None:
        super().__init__(
            f"RabbitMQ did not take {letter.id} for {queue}: that queue is gone or full. "
            f"The event is still in {queue}{_DEAD}. Start the service that reads the queue."
        )


class BrokerAway(errors.Unavailable):
    def __init__(self, url: str, cause: BaseException) -> None:
        address = urlsplit(url)
        super().__init__(
            f"RabbitMQ at {address.hostname}:{address.port or 5672} does not answer "
            f"({type(cause).__name__}). Check KOINONIA_RABBITMQ_URL and that it runs."
        )


@dataclass(frozen=True, slots=True)
class DeadQueue:
    """A dead queue and how many events wait in it (those somebody holds are not counted)."""

    name: str
    listener: str
    event: str
    count: int


class DeadQueues:
    """An operator's view of the dead queues at ``url``; use it as an async context manager."""

    def __init__(self, url: str, namespace: str = "") -> None:
        self._url = url
        self._names = Names(namespace)
        self._connection = BusConnection(url, "operator")
        # A number that the broker has just closed is not free until it has read our answer, and
        # aiormq would give it out again at once.
        self._numbers = cycle(range(1, CHANNELS + 1))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(AMQPError, OSError, TimeoutError):
            async with asyncio.timeout(CALL_SECONDS):
                await self._connection.close()

    def name(self, given: str) -> str:
        """The full name of a dead queue, given with or without the namespace and ``.dead``."""
        name = given if given.endswith(_DEAD) else self._names.dead(given)
        prefix = self._names.namespace
        return name if name.startswith(prefix) else prefix + name

    async def find(self, listeners: Iterable[str]) -> list[DeadQueue]:
        """The dead queues of ``listeners`` that hold something, by name.

        Asks for every pair of a listener and a known event, because a broker does not tell which
        exist; it writes each question about a queue that does not exist into its log.
        """
        pairs = [(listener, event) for listener in listeners for event in REGISTRY]
        names = [self._names.dead(self._names.queue(*pair)) for pair in pairs]
        return await self._counted(names)

    async def count(self, names: Iterable[str]) -> list[DeadQueue]:
        """Those of the named dead queues that hold something."""
        return await self._counted([self.name(name) for name in names], required=True)

    async def look(
        self, queue: str, *, limit: int, ids: Collection[str] = (), bodies: bool = False
    ) -> list[Letter]:
        """Letters in ``queue``, oldest first: those with ``ids``, or ``limit`` of all.

        Without ``ids`` at most ``max(limit, LOOK)`` are taken to find the oldest among.
        """
        found: list[Letter] = []
        with self._spoken():
            async with self._taking(queue) as (_, messages):
                async for message in messages:
                    if not ids or dead_letters.identity(message) in ids:
                        found.append(dead_letters.read(message, bodies))
                    if not ids and len(found) >= max(limit, LOOK):
                        break
        return sorted(found, key=lambda letter: letter.age)[:limit]

    async def replay(self, queue: str, ids: Collection[str] | None) -> AsyncIterator[Letter]:
        """Send letters back to the queue they died in, as if they had never failed.

        ``ids`` None means all that are there now. Each is confirmed by the broker before it
        leaves the dead queue; a crash in between leaves it in both, and the inbox of its listener
        keeps it from being applied twice. Yields each letter when that is done.
        """

        async def send_back(channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
            await self._send_back(channel, message, self.name(queue).removesuffix(_DEAD))

        async for letter in self._settle(queue, ids, send_back):
            yield letter

    async def drop(self, queue: str, ids: Collection[str] | None) -> AsyncIterator[Letter]:
        """Remove letters for good; ``ids`` None means all that are there now."""

        async def nothing(_channel: AbstractChannel, _message: AbstractIncomingMessage) -> None:
            pass

        async for letter in self._settle(queue, ids, nothing):
            yield letter

    async def _settle(
        self, queue: str, ids: Collection[str] | None, act: Act
    ) -> AsyncIterator[Letter]:
        with self._spoken():
            async with self._taking(queue) as (channel, messages):
                async for message in messages:
                    if ids is None or dead_letters.identity(message) in ids:
                        await act(channel, message)
                        await message.ack()
                        yield dead_letters.read(message)

    async def _send_back(
        self, channel: AbstractChannel, message: AbstractIncomingMessage, queue: str
    ) -> None:
        try:
            await channel.default_exchange.publish(
                dead_letters.renewed(message), queue, mandatory=True, timeout=CALL_SECONDS
            )
        except DeliveryError:
            raise NotTaken(queue, dead_letters.read(message)) from None

    @asynccontextmanager
    async def _taking(
        self, queue: str
    ) -> AsyncIterator[tuple[AbstractChannel, AsyncIterator[AbstractIncomingMessage]]]:
        """A channel and the messages now in ``queue``; on leaving, all not acknowledged return."""
        name = self.name(queue)
        channel = await self._channel()
        try:
            yield channel, _messages(channel, name)
        except ChannelNotFoundEntity:
            raise NoDeadQueue(name) from None
        finally:
            async with asyncio.timeout(CALL_SECONDS):
                await channel.close()

    async def _counted(self, names: list[str], *, required: bool = False) -> list[DeadQueue]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def ask(name: str) -> DeadQueue | None:
            async with gate:
                count = await self._count(name)
            if count is None and required:
                raise NoDeadQueue(name)
            queue = name.removeprefix(self._names.namespace).removesuffix(_DEAD)
            listener, _, event = queue.partition(".")
            return DeadQueue(name, listener, event, count) if count else None

        with self._spoken():
            found = await asyncio.gather(*(ask(name) for name in names))
        return sorted((queue for queue in found if queue), key=lambda queue: queue.name)

    async def _count(self, name: str) -> int | None:
        """How many messages are ready; None for no queue (asking for it costs the channel)."""
        channel = await self._channel()
        try:
            return await _ready(channel, name)
        except ChannelNotFoundEntity:
            return None
        finally:
            async with asyncio.timeout(CALL_SECONDS):
                await channel.close()

    async def _channel(self) -> AbstractChannel:
        connection = await self._connection.open()
        async with asyncio.timeout(CALL_SECONDS):
            return await connection.channel(
                next(self._numbers), publisher_confirms=True, on_return_raises=True
            )

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        try:
            yield
        except (AMQPError, OSError, TimeoutError) as cause:
            raise BrokerAway(self._url, cause) from cause


async def _ready(channel: AbstractChannel, name: str) -> int:
    declared = await channel.declare_queue(name, passive=True, timeout=CALL_SECONDS)
    return declared.declaration_result.message_count or 0


async def _messages(channel: AbstractChannel, name: str) -> AsyncIterator[AbstractIncomingMessage]:
    """As many messages as are there at first: what dies meanwhile is not taken again for ever."""
    queue = await channel.get_queue(name, ensure=False)
    for _ in range(await _ready(channel, name)):
        message = await queue.get(fail=False, timeout=CALL_SECONDS)
        if message is None:
            return
        yield message
