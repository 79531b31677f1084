"""uvicorn inside an event loop that is ours."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

BACKLOG = 2048
CONNECTION = "koinonia.connection"
AT_ONCE = struct.pack("ii", 1, 0)  # linger for no second
KEEP_ALIVE_SECONDS = 75  # longer than a proxy in front keeps one, so that closes first


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # signals belong to the runtime


class _Protocol(HttpToolsProtocol):
    """Lets an application say more of its connection than ASGI has words for, by what is in
    ``scope["extensions"][CONNECTION]``.

    ``cut()`` ends it now; closing would wait until a client that does not read has read all.
    ``bound(size, seconds)``: how many bytes the system keeps for such a client, and after how long
    one that acknowledges nothing is gone.
    """

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"cut": self._cut, "bound": self._bound}}

    def _cut(self) -> None:
        if self not in self.connections:  # it is closed, and its number may be another's by now
            return
        if connection := self.transport.get_extra_info("socket"):
            # Or the kernel would keep what was not read, and try for minutes.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()

    def _bound(self, size: int, seconds: float) -> None:
        if connection := self.transport.get_extra_info("socket"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)
            if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
                milliseconds = round(seconds * 1000)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


async def serve(
    app: ASGIApp, host: str, port: int, stop: asyncio.Event, *, grace_seconds: float = 20
) -> None:
    """Serve ``app`` until ``stop`` is set; then refuse new connections, let requests under way
    finish for up to ``grace_seconds`` and return. Runs on the loop of the caller (start that
    with uvloop). Raises ``OSError`` when the address is taken."""
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=max(1, round(grace_seconds)),
    )
    server = _Server(config)
    with _listener(host, port) as listener:  # uvicorn would end the process if it failed to bind
        ending = asyncio.create_task(_end(server, stop), name="web-stop")
        try:
            await server.serve(sockets=[listener])
        finally:
            ending.cancel()


async def _end(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Connections inherit it. asyncio sets it only on sockets made for IPPROTO_TCP by name, and
    # with Nagle's algorithm on an answer in two writes waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
