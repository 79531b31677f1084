"""One AMQP connection, opened with a deadline and opened anew by whoever needs it next.

aio-pika's robust connection restores channels behind one's back; here a lost connection is an
error that the publisher reports and the consumer's loop answers by starting over, which leaves a
single path to reason about.
"""

import asyncio

import aio_pika
from aio_pika.abc import AbstractConnection

CONNECT_SECONDS = 10.0
HEARTBEAT_SECONDS = 30


class BusConnection:
    """Holds at most one open connection to ``url``; ``name`` is shown in the broker's list."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._lock = asyncio.Lock()
        self._connection: AbstractConnection | None = None

    @property
    def is_open(self) -> bool:
        return self._connection is not None and not self._connection.is_closed

    async def open(self) -> AbstractConnection:
        """The open connection, opened now if there is none. Raises OSError or AMQPError."""
        async with self._lock:
            if self._connection is None or self._connection.is_closed:
                self._connection = await aio_pika.connect(
                    self._url,
                    timeout=CONNECT_SECONDS,
                    heartbeat=HEARTBEAT_SECONDS,
                    client_properties={"connection_name": self._name},
                )
            return self._connection

    async def ping(self) -> None:
        """Raise when the broker cannot be reached."""
        connection = await self.open()
        if connection.is_closed:
            raise ConnectionError("the connection to RabbitMQ is closed")

    async def close(self) -> None:
        async with self._lock:
            if self._connection is not None:
                await self._connection.close()
                self._connection = None
