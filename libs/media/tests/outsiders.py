"""Servers outside, some of them ill-willed, as raw as HTTP gets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Answer = Callable[[str, asyncio.StreamWriter], Awaitable[None]]
"""The path that was asked for, and where to write."""


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[int]:
    """One that answers so; yields its port on 127.0.0.1."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = await reader.readuntil(b"\r\n\r\n")
            await answer(asked.split()[1].decode(), writer)
            writer.close()

    running = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1]
    finally:
        running.close()


def head(status: int, **headers: object) -> bytes:
    lines = [f"HTTP/1.1 {status} So", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def with_status(status: int, **headers: object) -> Answer:
    async def answer(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, Content_Length=0, **headers))

    return answer


def with_content(content: bytes, **headers: object) -> Answer:
    async def answer(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, **headers) + content)
        await writer.drain()

    return answer


async def drip(_: str, writer: asyncio.StreamWriter) -> None:
    """A byte at a time, for as long as anybody listens."""
    writer.write(head(200))
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)  # slow is what it is
