"""An ASGI application on a free port of this machine, for as long as a block lasts."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from koinonia.devkit.carrier.calls.connections import Protocol


class _Server(uvicorn.Server):
    """Tells when it is ready, and leaves signals to the program around it."""

    def __init__(self, app: ASGIApp) -> None:
        quiet = {"log_level": "warning", "access_log": False, "timeout_graceful_shutdown": 1}
        config = uvicorn.Config(app, http=Protocol, **quiet)  # type: ignore[arg-type]
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve ``app`` over real HTTP in the running loop; yields its address without a path."""
    # The protocol is named because asyncio turns Nagle's delay (40 ms an answer) off only then.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        server = _Server(app)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        task.add_done_callback(lambda _: server.ready.set())
        try:
            await server.ready.wait()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
