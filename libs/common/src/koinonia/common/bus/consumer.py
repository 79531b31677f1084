"""Consuming: from a queue through the policies to an acknowledgement.

A consumer holds one connection and one channel per subscription. Events that fail climb the retry
ladder and end in the dead queue with the reason; either step is published with a confirm *before*
the original is acknowledged, so a crash in between repeats the event and never loses it.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Generic

import structlog
from aio_pika import Message
from aio_pika.abc import AbstractIncomingMessage

from koinonia.common import clock
from koinonia.common.bus import policies, topology
from koinonia.common.bus.acknowledgements import Acknowledging
from koinonia.common.bus.connection import LOST, BusConnection, either
from koinonia.common.bus.envelope import Delivery, Undecodable, attempt_of, taken_apart
from koinonia.common.bus.policies import R
from koinonia.common.bus.publisher import Publisher
from koinonia.common.bus.subscriptions import Reject, Subscription
from koinonia.common.events.base import Seal
from koinonia.common.logging import masked

log = structlog.get_logger()

RECONNECT_SECONDS = 1.0


class Consumer(Generic[R]):
    """Runs a service's subscriptions until told to stop.

    ``running`` is what the process holds open: it has ``database`` and whatever the reactions take
    of it. Without ``seal`` they see the texts of events as they are sealed.
    """

    def __init__(
        self,
        url: str,
        listener: str,
        subscriptions: Sequence[Subscription[R]],
        running: R,
        *,
        namespace: str = "",
        ladder: Sequence[int] = topology.LADDER,
        seal: Seal | None = None,
    ) -> None:
        self.connection = BusConnection(url, f"{listener} consumer")
        self._listener = listener
        self._subscriptions = subscriptions
        self._running = running
        self._names = topology.Names(namespace)
        self._ladder = ladder
        self._seal = seal
        self._publisher = Publisher(url, listener, namespace)
        self.is_consuming = False

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until ``stop``; a lost broker is waited for, work in hand is drained."""
        while not stop.is_set():
            try:
                await self._session(stop)
            except* LOST as group:
                log.warning("bus.connection_lost", error=repr(group.exceptions[0]))
                await self.connection.close()  # it may not know yet that it is lost
            self.is_consuming = False
            if not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RECONNECT_SECONDS)
        await self._publisher.close()
        await self.connection.close()

    async def ready(self) -> None:
        """Raise unless events are flowing; for readiness checks."""
        if not self.is_consuming:
            raise ConnectionError("not consuming from RabbitMQ")

    async def _session(self, stop: asyncio.Event) -> None:
        """One life of the connection: declare, consume, and leave when it closes or we stop."""
        connection = await self.connection.open()
        events = [subscription.event.name for subscription in self._subscriptions]
        await topology.declare_missing(connection, self._names, self._listener, events)
        over = asyncio.Event()
        connection.close_callbacks.add(lambda *_: over.set())
        async with asyncio.TaskGroup() as tasks:
            lanes = [_Lane(self, subscription) for subscription in self._subscriptions]
            for lane in lanes:
                await lane.open()
                tasks.create_task(lane.run())
            self.is_consuming = True
            await either(stop, over)
            for lane in lanes:
                await lane.close()

    async def settle(
        self, message: AbstractIncomingMessage, queue: str, error: BaseException, handler: str
    ) -> None:
        """After a failure: the next step of the ladder, or the dead queue; then acknowledge. The
        events of a bundle take that step one by one, so that the bad one ends alone."""
        attempt = attempt_of(message)
        if (events := taken_apart(message)) and attempt < len(self._ladder):
            log.warning("event.taken_apart", queue=queue, events=len(events))
            step = self._names.again(self._ladder[attempt])
            for event in events:
                alone = event.message(message.app_id or "", attempt + 1)
                await self._publisher.send(step, queue, alone)
            await message.ack()
            return
        final = isinstance(error, Reject | Undecodable) or attempt >= len(self._ladder)
        headers = {**message.headers, "attempt": attempt + 1, "listener": self._listener}
        headers["handler"] = handler
        headers["reason"] = masked(f"{type(error).__name__}: {error}")[:500]
        headers["failed_at"] = clock.now().isoformat(timespec="seconds")
        again = Message(
            message.body,
            message_id=message.message_id,
            type=message.type,
            app_id=message.app_id,
            headers=headers,
            content_type=message.content_type,
            delivery_mode=message.delivery_mode,
            timestamp=message.timestamp,
        )
        if final:
            log.error("event.buried", queue=queue, attempt=attempt, reason=type(error).__name__)
            dead = self._names.dead(queue)
            await self._publisher.send(self._names.buried, dead, again)
        else:
            log.warning("event.failed", queue=queue, attempt=attempt, reason=repr(error)[:300])
            await self._publisher.send(self._names.again(self._ladder[attempt]), queue, again)
        await message.ack()


class _Lane(Generic[R]):
    """One subscription at work: a channel, a buffer of arrivals, ``concurrency`` workers."""

    def __init__(self, consumer: Consumer[R], subscription: Subscription[R]) -> None:
        self._consumer = consumer
        self._subscription = subscription
        self._queue_name = consumer._names.queue(consumer._listener, subscription.event.name)
        self._handle = policies.stack(subscription, consumer._running, consumer._listener)
        self._arrivals: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()
        self._acknowledging = Acknowledging(together=subscription.size > 1)
        self._gathering = asyncio.Lock()
        self._began_at = 0.0  # the last call, on the clock of the loop

    async def open(self) -> None:
        connection = await self._consumer.connection.open()
        self._channel = await connection.channel()
        wanted = self._subscription
        await self._channel.set_qos(prefetch_count=2 * wanted.size * wanted.concurrency)
        self._queue = await self._channel.get_queue(self._queue_name, ensure=False)
        self._tag = await self._queue.consume(self._arrive)

    async def close(self) -> None:
        """Take no more; the workers finish what they hold. The rest goes back to the queue."""
        with contextlib.suppress(*LOST, asyncio.CancelledError):
            await self._queue.cancel(self._tag, timeout=5)
        while not self._arrivals.empty():
            self._arrivals.get_nowait()
        for _ in range(self._subscription.concurrency):
            self._arrivals.put_nowait(None)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._subscription.concurrency):
                tasks.create_task(self._work())
        with contextlib.suppress(*LOST):
            await self._channel.close()

    async def _arrive(self, message: AbstractIncomingMessage) -> None:
        self._acknowledging.expect(message)
        self._arrivals.put_nowait(message)

    async def _work(self) -> None:
        while messages := await self._gather():
            deliveries = [d for m in messages if (d := await self._decode(m)) is not None]
            if deliveries:
                await self._apply(deliveries)

    async def _gather(self) -> list[AbstractIncomingMessage]:
        """The next message and, for a batch, what else arrives in time. Empty: we are closing."""
        async with self._gathering:  # two at a time would share what arrives, and get half each
            head = await self._arrivals.get()
            if head is None:
                return []
            messages = [head]
            if self._subscription.size > 1:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(self._gather_until()):
                        while len(messages) < self._subscription.size:
                            item = await self._arrivals.get()
                            if item is None:
                                self._arrivals.put_nowait(None)
                                break
                            messages.append(item)
            self._began_at = asyncio.get_running_loop().time()
            return messages

    def _gather_until(self) -> float:
        """On the clock of the loop; in the past where only what is there already is taken."""
        wanted, now = self._subscription, asyncio.get_running_loop().time()
        return (self._began_at if wanted.is_urgent else now) + wanted.within

    async def _decode(self, message: AbstractIncomingMessage) -> Delivery | None:
        try:
            return Delivery.decode(message, self._consumer._seal)
        except Undecodable as error:
            await self._settle(message, error)
            return None

    async def _apply(self, deliveries: Sequence[Delivery]) -> None:
        try:
            await self._handle(deliveries)
        except Exception as error:
            if len(deliveries) == 1:
                await self._settle(deliveries[0].message, error)
                return
            for delivery in deliveries:
                await self._apply([delivery])
            return
        with contextlib.suppress(*LOST):  # unacknowledged, it comes again: inbox
            await self._acknowledging.done([delivery.message for delivery in deliveries])

    async def _settle(self, message: AbstractIncomingMessage, error: BaseException) -> None:
        try:
            await self._consumer.settle(
                message, self._queue_name, error, self._subscription.handler
            )
            await self._acknowledging.settled(message)
        except LOST as lost:
            log.warning("event.settle_failed", queue=self._queue_name, error=repr(lost))
            with contextlib.suppress(*LOST):
                await message.nack(requeue=True)
