"""What no client of good will sends: bytes on a connection of one's own. What a process keeps."""

import asyncio
import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ANSWER_SECONDS = 10.0
QUIET_SECONDS = 1.0
MB = 1024 * 1024
GET = b"GET /health HTTP/1.1\r\nHost: koinonia\r\n"
POST = b"POST /api/webhooks/telnyx/status HTTP/1.1\r\nHost: koinonia\r\n"
HALVES = (GET, POST + b"Content-Length: 9\r\n\r\n", POST + b'Content-Length: 9\r\n\r\n{"em')


@dataclass(frozen=True, slots=True)
class Half:
    """The connection of a request that never ends."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


async def half(url: str, beginning: bytes) -> Half:
    reader, writer = await _connected(url)
    writer.write(beginning)
    return Half(reader, writer)


async def say(url: str, pieces: Iterable[bytes]) -> int:
    """Send the pieces one by one until the server answers, closes, or they end. The status; 0 where
    the connection was cut."""
    reader, writer = await _connected(url)
    answer = asyncio.create_task(reader.readline())
    try:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                if answer.done():
                    break
        return await _status(answer)
    finally:
        answer.cancel()
        writer.close()


async def said(url: str, request: bytes) -> bytes:
    """All that is answered to these bytes until nothing more comes."""
    reader, writer = await _connected(url)
    answered = b""
    try:
        writer.write(request)
        with contextlib.suppress(TimeoutError, ConnectionError):
            while piece := await asyncio.wait_for(reader.read(MB), QUIET_SECONDS):
                answered += piece
        return answered
    finally:
        writer.close()


async def _connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = urlsplit(url)
    assert address.hostname
    return await asyncio.open_connection(address.hostname, address.port)


async def _status(answer: asyncio.Task[bytes]) -> int:
    async with asyncio.timeout(ANSWER_SECONDS):
        try:
            line = await answer
        except ConnectionError:
            return 0
    return int(line.split()[1]) if line.startswith(b"HTTP/1.1 ") else 0


def resident_bytes(pid: int) -> int:
    """What a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
