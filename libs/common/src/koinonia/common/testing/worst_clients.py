"""Clients that do their worst: ``python -m koinonia.common.testing.worst_clients PORT SECONDS``.

Fifty connections of every kind that a server must survive: heads, fields, bodies, chunks, trailers
without an end, requests that stop half way or come a letter at a time, floods of requests whose
answers nobody reads. What is cut off comes back at once. It runs in a process of its own, so that
who measures the server is not measured too. Prints how many connections it had.
"""

import asyncio
import contextlib
import itertools
import sys
from collections.abc import Awaitable, Callable

CONNECTIONS = 50
PIECE = b"a" * 65_536
MOST_PIECES = 2_400  # 150 MB
PAUSE_SECONDS = 0.05  # between two letters of who is slow
GET = b"GET /health/live HTTP/1.1\r\nHost: koinonia\r\n"
POST = b"POST /api/webhooks/telnyx/status HTTP/1.1\r\nHost: koinonia\r\n"
LOGIN = b"POST /api/auth/login HTTP/1.1\r\nHost: koinonia\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

Attack = Callable[[asyncio.StreamWriter], Awaitable[None]]


def endless(beginning: bytes, piece: bytes = PIECE) -> Attack:
    """150 MB after the beginning, as fast as they are taken."""

    async def attack(writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        for _ in range(MOST_PIECES):
            writer.write(piece)
            await writer.drain()

    return attack


def slow(beginning: bytes) -> Attack:
    """A letter at a time after the beginning."""

    async def attack(writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        while not writer.is_closing():
            writer.write(b"a")
            await asyncio.sleep(PAUSE_SECONDS)  # the pace of a client is what this is about

    return attack


def half(beginning: bytes) -> Attack:
    """The beginning, and nothing more for as long as the server waits."""

    async def attack(writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        await writer.drain()
        await asyncio.Event().wait()

    return attack


def all_at_once(request: bytes) -> Attack:
    async def attack(writer: asyncio.StreamWriter) -> None:
        writer.write(request)
        await writer.drain()

    return attack


ATTACKS: dict[str, Attack] = {
    "a header without an end": endless(GET + b"X-A: "),
    "a path without an end": endless(b"GET /"),
    "fields without an end": endless(GET, b"X-A: a\r\n" * 8_000),
    "thousands of fields": all_at_once(GET + b"X-A: a\r\n" * 2_000 + b"\r\n"),
    "chunks without an end": endless(CHUNKED, b"ffff\r\n" + PIECE[1:] + b"\r\n"),
    "chunks of one letter": endless(CHUNKED, b"1\r\na\r\n" * 10_000),
    "a trailer without an end": endless(CHUNKED + b"0\r\nX-A: "),
    "a body as long as it says": endless(POST + b"Content-Length: 157286400\r\n\r\n"),
    "a slow head": slow(GET + b"X-A: "),
    "a slow body": slow(POST + b"Content-Length: 100000\r\n\r\n"),
    "half a head": half(GET),
    "half a body": half(POST + b'Content-Length: 9\r\n\r\n{"em'),
    "a flood of requests": endless(GET + b"\r\n", (GET + b"\r\n") * 4_000),
    "heavy JSON": all_at_once(
        LOGIN + b'Content-Length: 250014\r\n\r\n{"password":"' + b"\xcc\x81" * 125_000 + b'"}'
    ),
    "no HTTP": endless(b"\x16\x03\x01\x02\x00", b"\0\xff" * 32_768),
}


async def attacked(port: int, seconds: float) -> int:
    """Attack for so long; how many connections it took."""
    counted = itertools.count()

    async def client(attack: Attack) -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                next(counted)
                sending = asyncio.ensure_future(attack(writer))
                refused = asyncio.ensure_future(_closed(reader))
                try:
                    await asyncio.wait({sending, refused}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    sending.cancel()
                    refused.cancel()
                    await asyncio.gather(sending, refused, return_exceptions=True)
                    writer.transport.abort()

    attacks = itertools.islice(itertools.cycle(ATTACKS.values()), CONNECTIONS)
    clients = [asyncio.create_task(client(attack)) for attack in attacks]
    await asyncio.sleep(seconds)  # for so long it attacks
    for each in clients:
        each.cancel()
    await asyncio.gather(*clients, return_exceptions=True)
    return next(counted)


async def _closed(reader: asyncio.StreamReader) -> None:
    """Returns when the server has closed; a client of floods reads nothing before that."""
    while await reader.read(65_536):
        pass


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(attacked(int(sys.argv[1]), float(sys.argv[2])))}\n")
