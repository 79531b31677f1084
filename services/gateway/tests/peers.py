"""Network peers: small real HTTP servers that stand where the services would."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from koinonia.common import web
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import ports

Answer = Callable[["Seen"], Awaitable[Any]]


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


async def _echo(seen: Seen) -> Response:
    return JSONResponse({"path": seen.path, "bytes": len(seen.body)})


@dataclass
class Peer:
    """Records what it is asked and answers with ``answer``, any ASGI application."""

    name: str
    url: str = ""
    arrived: int = 0  # requests whose head was read
    seen: list[Seen] = field(default_factory=list)  # those that were read to their end
    answer: Answer = _echo

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.arrived += 1
        seen = Seen(
            scope["method"],
            scope["raw_path"].decode(),
            scope["query_string"].decode(),
            {name.decode(): value.decode() for name, value in scope["headers"]},
            await _body(receive),
        )
        self.seen.append(seen)
        await (await self.answer(seen))(scope, receive, send)

    @property
    def last(self) -> Seen:
        return self.seen[-1]


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Serve an ASGI application on a free port, as our services do; yields its address."""
    port = free_port()
    stop = asyncio.Event()
    task = asyncio.create_task(web.serve(app, "127.0.0.1", port, stop, grace_seconds=1))
    try:
        await _reachable(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop.set()
        await task


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _reachable(port: int) -> None:
    await eventually(lambda: ports.accepts("127.0.0.1", port))
