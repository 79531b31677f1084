"""A receiver of webhooks on this machine, as a church would run one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from standardwebhooks import Webhook

from koinonia.common.testing.eventually import eventually


@dataclass
class Receiver:
    """``answers`` are statuses, one after the other; the last one goes on. ``hangs`` never answers.
    ``requests`` are headers and bodies as they came."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [200])
    body: bytes = b"ok"
    hangs: bool = False
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?church=1"

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """What came, each verified by the library that receivers use."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.requests]

    async def got(self, count: int, within: float = 10) -> None:
        async def has() -> bool:
            return len(self.requests) >= count

        await eventually(has, within=within)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().splitlines()[1:]
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in lines if line)
                }
                body = await reader.readexactly(int(headers["content-length"]))
                self.requests.append((headers, body))
                await self._answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        head = f"HTTP/1.1 {status} Said\r\nlocation: /elsewhere\r\ncontent-length: {len(self.body)}"
        writer.write(f"{head}\r\n\r\n".encode() + self.body)
        await writer.drain()


Receive = Callable[..., Awaitable[Receiver]]


@asynccontextmanager
async def listening() -> AsyncIterator[Receive]:
    """``await receive(answers=[…])`` begins to receive; all ends with the block."""
    servers: list[asyncio.Server] = []
    tasks: set[asyncio.Task[None]] = set()

    async def receive(**behaviour: Any) -> Receiver:
        receiver = Receiver(**behaviour)

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tasks.add(asyncio.ensure_future(receiver.serve(reader, writer)))

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        servers.append(server)
        receiver.port = server.sockets[0].getsockname()[1]
        return receiver

    yield receive
    for server in servers:
        server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def content(request: tuple[dict[str, str], bytes]) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(request[1])
    return found
