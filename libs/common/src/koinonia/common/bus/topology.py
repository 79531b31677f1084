"""Exchanges, queues and the retry ladder.

* ``koinonia.events``, a durable topic exchange: an event's name is its routing key.
* ``<listener>.<event>``, one quorum queue per listener and event, so that one slow reaction
  never holds another.
* ``<listener>.<event>.dead``, where an event ends that cannot be applied; operators replay.
* ``koinonia.retry.<seconds>s``, one delay queue per step of the ladder, shared by all listeners.
  A message waits out the queue's TTL and dead-letters through the default exchange, where its
  routing key is the name of the queue that failed. One queue per *delay*, not per listener: with
  several delays in one queue, a long one at its head would hold up the short ones behind it.
* ``koinonia.<stream>``, what the gateways show as it happens; see :mod:`.streams`.

Everything is declared before anything is published (``migrate`` does it for each service), so an
event never meets an exchange whose queue does not exist yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractQueue

LADDER = (1, 5, 30, 300, 1800)
"""Seconds an event waits before its next attempt; after the last step it is dead."""

DELIVERY_LIMIT = 20
"""Unacknowledged deliveries of one event before the broker itself buries it: a handler that
kills its process every time must not do so for ever."""

DEAD_DELIVERY_LIMIT = 1_000_000
"""Of a dead queue: as good as none, because operators look into it by taking and returning.

RabbitMQ 4 drops a message after 20 returns unless the queue says otherwise. Its own word for "no
limit", -1, is not used: RabbitMQ 3.10 accepts it too and then drops at the first return."""


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
        return f"{self.namespace}koinonia.dead"

    def queue(self, listener: str, event: str) -> str:
        return f"{self.namespace}{listener}.{event}"

    def dead(self, queue: str) -> str:
        return f"{queue}.dead"

    def retry(self, seconds: int) -> str:
        return f"{self.namespace}koinonia.retry.{seconds}s"

    def stream(self, stream: str) -> str:
        return f"{self.namespace}koinonia.{stream}"


async def declare_exchanges(channel: AbstractChannel, names: Names) -> None:
    """The shared part: both exchanges and the delay queues of the ladder."""
    await channel.declare_exchange(names.events, ExchangeType.TOPIC, durable=True)
    await channel.declare_exchange(names.dead_letters, ExchangeType.DIRECT, durable=True)
    for seconds in LADDER:
        delay = names.retry(seconds)
        exchange = await channel.declare_exchange(delay, ExchangeType.FANOUT, durable=True)
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
        await queue.bind(exchange)


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
    await dead.bind(names.dead_letters, routing_key=names.dead(name))
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
        await channel.exchange_delete(names.retry(seconds))
    for stream in STREAMS:
        await channel.queue_delete(names.stream(stream), nowait=True)
    await channel.exchange_delete(names.events)
    await channel.exchange_delete(names.dead_letters)
