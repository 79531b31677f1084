"""Following a stream: a queue that keeps what it was sent for a while and is read by many at once.

A RabbitMQ stream numbers its messages; a number, the offset, means the same message to whoever
reads. Reading takes nothing away, so every process may read all of it, from any point that is
still kept. Use it where an event is *shown* to whoever is there. Where it must have an effect
exactly once, a queue of one's own with its dead letters is right (:mod:`.consumer`).

A reader begins some seconds back in time, and after a lost connection with the message that it
read last, by which it knows that nothing is missing between. On every connection it publishes a
mark of its own, through an exchange of the stream's name, and is *current* once it reads that: up
to there it has seen everything. A mark that does not arrive means that the stream is not the one it
was (a broker that lost its disk numbers from 0 again), so the reader starts over and says that its
thread is broken.

Works on RabbitMQ 3.10 and later over AMQP 0.9.1; the stream plugin is not needed.
"""

import asyncio
import contextlib
import random
import secrets
from collections.abc import AsyncIterator, Collection, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from aio_pika import ExchangeType, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

from koinonia.common import clock
from koinonia.common.bus.connection import LOST, BusConnection, either
from koinonia.common.bus.envelope import Delivery, Undecodable
from koinonia.common.bus.topology import Names, declare_missing
from koinonia.common.events import Event
from koinonia.common.events.base import Seal

log = structlog.get_logger()

KEPT_SECONDS = 600
KEPT_BYTES = 256 * 1024 * 1024
SEGMENT_BYTES = 4 * 1024 * 1024  # whole segments are dropped, so they must be small
PREFETCH = 1000
ACKNOWLEDGED_AT_ONCE = 100  # far below PREFETCH, or the broker would wait for us and we for it
RECONNECT_SECONDS = (0.5, 10.0)  # at first, and at most
MARK = "stream.mark"
MARK_SECONDS = 15.0  # to read what was missed up to our own mark, without a single message


class Listener(Protocol):
    """The callbacks of a reader. None of these may wait: they are called between two messages."""

    def heard(self, offset: int, event: Event) -> None:
        """An event; offsets only ever grow, with gaps where a message was no event."""

    def current(self, offset: int) -> None:
        """Everything up to ``offset`` has been heard, and what follows will be as it comes."""

    def away(self) -> None:
        """The broker is lost. What is published now is heard later."""

    def broken(self) -> None:
        """What is heard from here on does not continue what was heard before."""


class _Restarted(ConnectionError):
    """The stream goes on elsewhere than where we left it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The last message that was read."""

    offset: int
    message_id: str | None


async def declare_stream(
    channel: AbstractChannel,
    names: Names,
    stream: str,
    events: Collection[str],
    kept_seconds: float = KEPT_SECONDS,
) -> AbstractQueue:
    """The stream, bound to ``events``. May be run again and again.

    Its arguments cannot be changed once it exists; a change here needs a new name.
    """
    own = await channel.declare_exchange(names.stream(stream), ExchangeType.DIRECT, durable=True)
    queue = await channel.declare_queue(
        names.stream(stream),
        durable=True,
        arguments={
            "x-queue-type": "stream",
            "x-max-age": f"{kept_seconds:.0f}s",
            "x-max-length-bytes": KEPT_BYTES,
            "x-stream-max-segment-size-bytes": SEGMENT_BYTES,
        },
    )
    await queue.bind(own, routing_key=MARK)
    for event in events:
        await queue.bind(names.events, routing_key=event)
    return queue


class StreamReader:
    """Reads ``stream`` of the broker at ``url`` for ``listener``, beginning ``since`` seconds ago.

    The stream keeps its messages for ``kept`` seconds. ``name`` is shown in the broker's list
    of connections.
    """

    def __init__(
        self,
        url: str,
        name: str,
        stream: str,
        events: Collection[str],
        listener: Listener,
        *,
        namespace: str = "",
        since: float = KEPT_SECONDS,
        kept: float = KEPT_SECONDS,
        seal: Seal | None = None,
    ) -> None:
        self.connection = BusConnection(url, f"{name} {stream}")
        self._stream = stream
        self._events = events
        self._seal = seal
        self._listener = listener
        self._names = Names(namespace)
        self._kept = kept
        self._since = timedelta(seconds=since)
        self._last: _Place | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Read until ``stop``; a lost broker is waited for, longer each time it stays away."""
        shortest, pause = RECONNECT_SECONDS[0], RECONNECT_SECONDS[0]
        while not stop.is_set():
            reading = _Reading(self._listener, self._last, self._seal)
            try:
                await self._session(reading, stop)
            except LOST as error:
                log.warning("stream.connection_lost", stream=self._stream, error=repr(error)[:300])
            self._last = reading.last
            pause = shortest if reading.is_current else min(2 * pause, RECONNECT_SECONDS[1])
            await self.connection.close()
            if not stop.is_set():
                self._listener.away()
                wait = pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait)

    async def _session(self, reading: "_Reading", stop: asyncio.Event) -> None:
        """One life of the connection; ends when it closes, when we stop, or by an error."""
        connection = await self.connection.open()
        connection.close_callbacks.add(reading.end)
        await declare_missing(connection, self._names, "", ())
        channel = await connection.channel()
        channel.close_callbacks.add(reading.end)
        queue = await declare_stream(channel, self._names, self._stream, self._events, self._kept)
        underlay = await channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(reading.end)  # the stream was deleted
        await channel.set_qos(prefetch_count=PREFETCH)
        await queue.consume(reading.take, arguments={"x-stream-offset": self._from(reading)})
        mark = Message(b"", message_id=reading.mark, type=MARK)
        marks = await channel.get_exchange(self._names.stream(self._stream), ensure=False)
        await marks.publish(mark, MARK, timeout=MARK_SECONDS)
        async with _alongside(reading.watch()):
            await either(stop, reading.over)
        if reading.failure:
            raise reading.failure

    def _from(self, reading: "_Reading") -> int | datetime:
        return reading.last.offset if reading.last else clock.now() - self._since


class _Reading:
    """What one connection reads, from ``last`` on, which is read a second time."""

    def __init__(self, listener: Listener, last: _Place | None, seal: Seal | None) -> None:
        self.mark = secrets.token_hex(8)
        self.last = last
        self.over = asyncio.Event()
        self.failure: Exception | None = None
        self.is_current = False
        self._listener = listener
        self._seal = seal
        self._anchor = last
        self._read = 0

    def end(self, *_: object) -> None:
        self.over.set()

    async def take(self, message: AbstractIncomingMessage) -> None:
        if self.over.is_set():
            return
        offset = message.headers["x-stream-offset"]
        assert isinstance(offset, int)
        if self._anchor is None or self._continues(_Place(offset, message.message_id)):
            self._hear(offset, message)
            self.last = _Place(offset, message.message_id)
        self._read += 1
        if self._read % ACKNOWLEDGED_AT_ONCE == 0:
            with contextlib.suppress(*LOST):
                await message.ack(multiple=True)

    async def watch(self) -> None:
        """End the reading when it stands still before it has come to its own mark."""
        seen = -1
        while not self.is_current and seen != self._read:
            seen = self._read
            await asyncio.sleep(MARK_SECONDS)
        if not self.is_current:
            self._start_over()

    def _continues(self, place: _Place) -> bool:
        """Whether this message, the first one, is the one that was read last; not to be heard."""
        if place == self._anchor:
            self._anchor = None
        else:
            self._start_over()
        return False

    def _hear(self, offset: int, message: AbstractIncomingMessage) -> None:
        if message.type == MARK:
            if message.message_id == self.mark:
                self.is_current = True
                self._listener.current(offset)
            return
        try:
            event = Delivery.decode(message, self._seal).event
        except Undecodable as error:
            log.warning("stream.undecodable", offset=offset, reason=str(error))
            return
        self._listener.heard(offset, event)

    def _start_over(self) -> None:
        if self.last is not None:
            self._listener.broken()
        self.last = None
        self.failure = _Restarted("the stream does not go on where it was left")
        self.end()


@contextlib.asynccontextmanager
async def _alongside(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
