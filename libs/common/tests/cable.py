"""A way to the broker that a test can cut."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import pytest


class Cable:
    """A way to the broker that can be cut."""

    def __init__(self, broker_url: str) -> None:
        self._far = urlsplit(broker_url)
        self._writers: set[asyncio.StreamWriter] = set()

    async def lay(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        user = self._far.netloc.rpartition("@")[0]
        self.url = urlunsplit(self._far._replace(netloc=f"{user}@127.0.0.1:{port}"))

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def take_up(self) -> None:
        self._server.close()
        self.cut()

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, forth = await asyncio.open_connection(self._far.hostname, self._far.port)
        self._writers |= {back, forth}
        await asyncio.gather(_pump(near, forth), _pump(far, back))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
    except ConnectionError:
        pass
    sink.close()


@pytest.fixture
async def cable(rabbitmq_url: str) -> AsyncIterator[Cable]:
    laid = Cable(rabbitmq_url)
    await laid.lay()
    yield laid
    await laid.take_up()
