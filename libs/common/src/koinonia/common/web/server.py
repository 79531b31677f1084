"""uvicorn inside an event loop that is ours."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from koinonia.common.web.connections import ConnectionLimits, Connections

BACKLOG = 2048
DEFAULT_LIMITS = ConnectionLimits()
KEEP_ALIVE_SECONDS = 75  # longer than a proxy in front keeps one, so that closes first


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # signals belong to the runtime


async def serve(
    app: ASGIApp,
    host: str,
    port: int,
    stop: asyncio.Event,
    *,
    grace_seconds: float = 20,
    limits: ConnectionLimits = DEFAULT_LIMITS,
) -> None:
    """Serve ``app`` until ``stop`` is set; then refuse new connections, let requests under way
    finish for up to ``grace_seconds`` and return. Each connection is held to ``limits``. Runs on
    the caller's loop, which should be uvloop's. Raises ``OSError`` when the address is taken."""
    config = uvicorn.Config(
        app,
        http=Connections(limits).protocol,  # type: ignore[arg-type]  # called like a class
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
