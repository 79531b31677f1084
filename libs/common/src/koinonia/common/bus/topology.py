"""Exchanges, queues and the retry ladder.

* ``koinonia.events``, a durable topic exchange: an event's name is its routing key.
* ``<listener>.<event>``, one quorum queue per listener and event, so that one slow reaction
  never holds another.
* ``<listener>.<event>.dead``, where an event ends that cannot be applied; operators replay.
  Listeners bury through ``koinonia.buried``, the broker itself through ``koinonia.dead``.
* ``koinonia.retry.<seconds>s``, one delay queue per step of the ladder, shared by all listeners
  and reached through ``koinonia.again.<seconds>s``. A message waits out the queue's TTL and
  dead-letters through the default exchange, where its routing key is the name of the queue that
  failed. One queue per *delay*, not per listener: with several delays in one queue, a long one at
  its head would hold up the short ones behind it.
* ``koinonia.<stream>``, what the gateways show as it happens; see :mod:`.streams`.

Whatever a service publishes to is a topic exchange, because RabbitMQ can hold a user to routing
keys on those alone (:mod:`.permissions`).

Everything is declared before anything is published (``migrate`` does it for each service), so an
event never meets an exchange whose queue does not exist yet. A service that finds it all there
declares nothing, which its own user may not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

LADDER = (1, 5, 30, 300, 1800)
"""Seconds an event waits before its next attempt; after the last step it is dead."""

DELIVERY_LIMIT = 20
"""Unacknowledged deliveries of one event before the broker itself buries it: a handler that
kills its process every time must not do so for ever."""

DEAD_DELIVERY_LIMIT = 1_000_000
"""Of a dead queue: as good as none, because operators look into it by taking and returning.

RabbitMQ 4 drops a message after 20 returns unless the queue says otherwise. Its own word for "no
limit", -1, is not used: RabbitMQ 3.10 accepts it too and then drops at the first return."""


_SECOND = 2  # a channel's number

STREAMS = ("live", "sessions")
"""Everything that :mod:`.streams` reads; for tests, which remove what they declared."""


@dataclass(frozen=True, slots=True)
class Names:
    """All names on the broker; ``namespace`` prefixes them so that systems can share one."""

    namespace: str = ""

    @property
    def events(self) -> str:
        return f"{self.namespace}koinonia.events"

    @property
    def dead_letters(self) -> str:
        """Where the broker buries."""
        return f"{self.namespace}koinonia.dead"

    @property
    def buried(self) -> str:
        """Where a listener buries."""
        return f"{self.namespace}koinonia.buried"

    def queue(self, listener: str, event: str) -> str:
        return f"{self.namespace}{listener}.{event}"

    def dead(self, queue: str) -> str:
        return f"{queue}.dead"

    def again(self, seconds: int) -> str:
        """The exchange of that step of the ladder."""
        return f"{self.namespace}koinonia.again.{seconds}s"

    def retry(self, seconds: int) -> str:
        """Its queue."""
        return f"{self.namespace}koinonia.retry.{seconds}s"

    def stream(self, stream: str) -> str:
        return f"{self.namespace}koinonia.{stream}"


async def declare_exchanges(channel: AbstractChannel, names: Names) -> None:
    """The shared part: the exchanges and the delay queues of the ladder."""
    for topic in (names.events, names.buried):
        await channel.declare_exchange(topic, ExchangeType.TOPIC, durable=True)
    await channel.declare_exchange(names.dead_letters, ExchangeType.DIRECT, durable=True)
    for seconds in LADDER:
        delay = names.retry(seconds)
        exchange = await channel.declare_exchange(
            names.again(seconds), ExchangeType.TOPIC, durable=True
        )
        queue = await channel.declare_queue(
            delay,
            durable=True,
            arguments={
                "x-queue-type": "quorum",
                "x-message-ttl": seconds * 1000,
                "x-dead-letter-exchange": "",
                # The broker keeps the message until the target queue has confirmed it.
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            },
        )
        await queue.bind(exchange, routing_key="#")


async def declare_queue(
    channel: AbstractChannel, names: Names, listener: str, event: str
) -> AbstractQueue:
    """A listener's queue for one event, bound, with its dead queue."""
    name = names.queue(listener, event)
    dead = await channel.declare_queue(
        names.dead(name),
        durable=True,
        arguments={"x-queue-type": "quorum", "x-delivery-limit": DEAD_DELIVERY_LIMIT},
    )
    for exchange in (names.dead_letters, names.buried):
        await dead.bind(exchange, routing_key=names.dead(name))
    queue = await channel.declare_queue(
        name,
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-dead-letter-exchange": names.dead_letters,
            "x-dead-letter-routing-key": names.dead(name),
            "x-delivery-limit": DELIVERY_LIMIT,
        },
    )
    await queue.bind(names.events, routing_key=event)
    return queue


async def declare(
    channel: AbstractChannel, names: Names, listener: str, events: Iterable[str]
) -> None:
    """Everything that ``listener`` needs for ``events``. May be run again and again."""
    await declare_exchanges(channel, names)
    for event in events:
        await declare_queue(channel, names, listener, event)


async def declare_missing(
    connection: AbstractConnection, names: Names, listener: str, events: Iterable[str]
) -> None:
    """As :func:`declare`, unless all is there: then it is only looked at."""
    wanted = list(events)
    try:
        async with await connection.channel() as channel:
            await _look(channel, names, listener, wanted)
    except ChannelNotFoundEntity:
        # Of another number: the one that the broker has just closed may not be free yet.
        async with await connection.channel(channel_number=_SECOND) as channel:
            await declare(channel, names, listener, wanted)


async def _look(
    channel: AbstractChannel, names: Names, listener: str, events: Iterable[str]
) -> None:
    """Raise ChannelNotFoundEntity unless everything exists."""
    for exchange in (names.events, names.buried, *map(names.again, LADDER)):
        await channel.get_exchange(exchange)
    for event in events:
        await channel.get_queue(names.queue(listener, event))


async def delete(
    channel: AbstractChannel, names: Names, listeners: Iterable[tuple[str, str]]
) -> None:
    """Remove what :func:`declare` made for the given ``(listener, event)`` pairs; for tests.

    Only the last answer is waited for: what is asked of one channel is done in order.
    """
    for listener, event in listeners:
        queue = names.queue(listener, event)
        await channel.queue_delete(queue, nowait=True)
        await channel.queue_delete(names.dead(queue), nowait=True)
    for seconds in LADDER:
        await channel.queue_delete(names.retry(seconds), nowait=True)
        await channel.exchange_delete(names.again(seconds), nowait=True)
    for stream in STREAMS:
        await channel.queue_delete(names.stream(stream), nowait=True)
        await channel.exchange_delete(names.stream(stream), nowait=True)
    for exchange in (names.events, names.buried):
        await channel.exchange_delete(exchange, nowait=True)
    await channel.exchange_delete(names.dead_letters)
