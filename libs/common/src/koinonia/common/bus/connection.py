"""One AMQP connection, opened with a deadline and opened anew by whoever needs it next.

aio-pika's robust connection restores channels behind one's back; here a lost connection is an
error that the publisher reports and the consumer's loop answers by starting over, which leaves a
single path to reason about.
"""

import asyncio
import contextlib
from collections.abc import Iterator

import aio_pika
from aio_pika.abc import AbstractConnection, TimeoutType
from aio_pika.exceptions import AMQPError
from typing_extensions import override

CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 5.0  # for a broker that does not answer; the socket is gone then anyway
HEARTBEAT_SECONDS = 30

# Of what has closed in this very moment aio-pika tells by a bare RuntimeError.
LOST = (AMQPError, OSError, TimeoutError, RuntimeError)
"""What using a connection raises when it is lost."""


@contextlib.contextmanager
def closed_is_lost() -> Iterator[None]:
    """Raise ConnectionError where aio-pika raises RuntimeError."""
    try:
        yield
    except RuntimeError as error:
        raise ConnectionError(str(error)) from error


class BusConnection:
    """Holds at most one open connection to ``url``; ``name`` is shown in the broker's list."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._lock = asyncio.Lock()
        self._connection: AbstractConnection | None = None

    @property
    def is_open(self) -> bool:
        return self._connection is not None and _lives(self._connection)

    async def open(self) -> AbstractConnection:
        """The open connection, opened now if there is none. Raises OSError or AMQPError."""
        async with self._lock:
            if self._connection is None or not _lives(self._connection):
                await self._drop()  # left to its finaliser, it would be closed where nothing runs
                self._connection = await aio_pika.connect(
                    self._url,
                    connection_class=_Connection,
                    timeout=CONNECT_SECONDS,
                    heartbeat=HEARTBEAT_SECONDS,
                    client_properties={"connection_name": self._name},
                )
            return self._connection

    async def ping(self) -> None:
        """Raise when the broker cannot be reached."""
        connection = await self.open()
        if not _lives(connection):
            raise ConnectionError("the connection to RabbitMQ is closed")

    async def close(self) -> None:
        async with self._lock:
            await self._drop()

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*LOST):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await connection.close()


class _Connection(aio_pika.Connection):
    """Closed at once if it could not be opened: else aio-pika's finaliser tries to, at a time when
    perhaps nothing runs that could wait for it."""

    @override
    async def connect(self, timeout: TimeoutType = None) -> None:
        try:
            await super().connect(timeout)
        except BaseException:
            await self.close()
            raise


def _lives(connection: AbstractConnection) -> bool:
    """``is_closed`` tells only of connections that we closed, not of lost ones."""
    return connection.connected.is_set() and not connection.is_closed


async def either(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
