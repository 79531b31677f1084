"""A small HTTP/1.1 client that only posts, over connections it keeps open.

Thousands of reports a second leave one process; a general client costs several times as much.
"""

import asyncio
import ssl
from collections import defaultdict
from typing import cast
from urllib.parse import SplitResult, urlsplit

import httptools


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self.reusable = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one by shape only

    def connection_lost(self, exc: Exception | None) -> None:
        self.reusable = False
        self._settle(exc or ConnectionError("the connection was closed"))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._settle(ConnectionError(str(error)))
            self.close()

    def on_message_complete(self) -> None:
        self.reusable = self._parser.should_keep_alive()
        status = self._parser.get_status_code()
        self._parser = httptools.HttpResponseParser(self)
        self._settle(status)

    async def ask(self, request: bytes) -> int:
        """Write a whole request; return the status of the answer."""
        assert self._transport is not None
        self.reusable = False
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    def _settle(self, outcome: int | Exception) -> None:
        if self._answer is None or self._answer.done():
            return
        if isinstance(outcome, Exception):
            self._answer.set_exception(outcome)
        else:
            self._answer.set_result(outcome)


class Poster:
    """Posts JSON to any address, reusing idle connections to its origin."""

    def __init__(self) -> None:
        self._idle: defaultdict[tuple[str, str], list[Connection]] = defaultdict(list)

    async def post(self, url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
        """The status of the answer. Raises ``OSError`` or ``TimeoutError`` when there is none."""
        address = urlsplit(url)
        request = _request(address, headers, body)
        async with asyncio.timeout(timeout):
            reused = self._reused(address)
            if reused is not None:
                try:
                    return await self._ask(reused, address, request)
                except ConnectionError:  # closed by the other side while it was idle
                    pass
            return await self._ask(await _connected(address), address, request)

    def close(self) -> None:
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()

    def _reused(self, address: SplitResult) -> Connection | None:
        idle = self._idle[address.scheme, address.netloc]
        while idle:
            if (connection := idle.pop()).reusable:
                return connection
        return None

    async def _ask(self, connection: Connection, address: SplitResult, request: bytes) -> int:
        try:
            return await connection.ask(request)
        finally:
            if connection.reusable:
                self._idle[address.scheme, address.netloc].append(connection)
            else:
                connection.close()


async def _connected(address: SplitResult) -> Connection:
    secure = address.scheme == "https"
    _, connection = await asyncio.get_running_loop().create_connection(
        Connection,
        address.hostname or "",
        address.port or (443 if secure else 80),
        ssl=ssl.create_default_context() if secure else None,
    )
    return connection


def _request(address: SplitResult, headers: dict[str, str], body: bytes) -> bytes:
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    lines = [f"POST {path} HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
