"""Pages that have the event stream open: a thousand in one process, read by a callback each."""

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

from tests.load.figures import Spoiled

from koinonia.common.testing.eventually import eventually

OPENED_AT_ONCE = 50
OPEN_SECONDS = 60.0
TEXT = re.compile(rb"live (\d{6})")
RECEIVED = b'"reason":"received"'


def marked(n: int) -> str:
    """The words of the ``n``-th text, by which it is known again."""
    return f"live {n:06} Is there child care during the service?"


@dataclass
class Ledger:
    """When each text was sent, and how long it took to every page that showed it."""

    sent_at: dict[int, float] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    open: int = 0
    lost: int = 0
    beats: int = 0
    byes: int = 0
    refused: int = 0  # calls, not pages


class _Page(asyncio.Protocol):
    def __init__(self, ledger: Ledger, request: bytes) -> None:
        self._ledger = ledger
        self._request = request
        self._rest = b""
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            if RECEIVED in block and (found := TEXT.search(block)):
                self._ledger.seconds.append(now - self._ledger.sent_at[int(found[1])])
            elif b"event: hello" in block:
                self._is_open = True
                self._ledger.open += 1
            elif b"event: bye" in block:
                self._ledger.byes += 1
            elif b": beat" in block:
                self._ledger.beats += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._ledger.open -= self._is_open
        self._ledger.lost += 1


def request_of(url: str, token: str) -> bytes:
    address = urlsplit(url)
    path = f"{address.path}?{address.query}" if address.query else address.path
    head = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}"
    return f"{head}\r\n\r\n".encode()


@asynccontextmanager
async def opened(url: str, requests: Sequence[bytes]) -> AsyncIterator[Ledger]:
    """A page for each of ``requests``, all of them open."""
    ledger, loop, address = Ledger(), asyncio.get_running_loop(), urlsplit(url)
    transports: list[asyncio.BaseTransport] = []

    async def page(request: bytes) -> None:
        transport, _ = await loop.create_connection(
            lambda: _Page(ledger, request), address.hostname or "", address.port or 80
        )
        transports.append(transport)

    try:
        for start in range(0, len(requests), OPENED_AT_ONCE):
            some = requests[start : start + OPENED_AT_ONCE]
            await asyncio.gather(*(page(request) for request in some))
            await eventually(lambda n=start + len(some): ledger.open >= n, OPEN_SECONDS)  # type: ignore[misc]
        yield ledger
        if ledger.lost:
            raise Spoiled(f"{ledger.lost} streams were lost.")
    finally:
        for transport in transports:
            cast(asyncio.Transport, transport).abort()


@asynccontextmanager
async def reading_nothing(url: str, requests: Sequence[bytes]) -> AsyncIterator[None]:
    """Clients that open a stream and never read it."""
    address, loop = urlsplit(url), asyncio.get_running_loop()
    connections = []
    try:
        for request in requests:
            connection = socket.socket()
            connection.setblocking(False)
            connections.append(connection)
            await loop.sock_connect(connection, (address.hostname, address.port))
            await loop.sock_sendall(connection, request)
        yield
    finally:
        for connection in connections:
            connection.close()
