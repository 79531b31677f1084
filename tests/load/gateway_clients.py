"""Which HTTP client the gateway should call its services with: httpx or aiohttp.

    python -m tests.load.gateway_clients

Each proxies for the same upstream in the same way: one process serves a trivial application, one
proxies to it with the client under test, and one asks over 32 connections. The floor asks the
upstream directly. Rounds alternate, so that a busy machine is busy for all; the figure that lasts
is the ratio.
"""

import asyncio
import multiprocessing
import socket
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import aiohttp
import httpx
import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

CONNECTIONS = 32
SECONDS = 2.0
ROUNDS = 3
BODY = b'{"data":[' + b",".join([b'{"id":1,"content":"hello"}'] * 30) + b"]}"
UPSTREAM_HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", str(len(BODY)).encode()),
]
HEADERS = {"X-Request-Id": "a" * 32, "Authorization": "Bearer " + "x" * 500}

App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def upstream(scope: Scope, receive: Receive, send: Send) -> None:
    """The trivial application."""
    await _answer(send, UPSTREAM_HEADERS, BODY)


class HttpxProxy:
    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        self.client = httpx.AsyncClient(limits=limits, timeout=30, trust_env=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self.client.build_request("GET", self.url + scope["path"], headers=HEADERS)
        response = await self.client.send(request, stream=True)
        body = b"".join([chunk async for chunk in response.aiter_raw()])
        await response.aclose()
        await _answer(send, response.headers.raw, body)


class AiohttpProxy:
    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.client: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.client is None:
            connector = aiohttp.TCPConnector(limit=0, limit_per_host=100)
            timeout = aiohttp.ClientTimeout(total=30)
            self.client = aiohttp.ClientSession(
                connector=connector, timeout=timeout, auto_decompress=False
            )
        async with self.client.get(self.url + scope["path"], headers=HEADERS) as response:
            body = await response.content.read()
        await _answer(send, response.raw_headers, body)


async def _answer(send: Send, headers: object, body: bytes) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _serve(name: str, port: int, upstream_port: int) -> None:
    made: dict[str, Callable[[int], App]] = {"aiohttp": AiohttpProxy, "httpx": HttpxProxy}
    app = made[name](upstream_port) if name in made else upstream
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", lifespan="off",
        log_level="error", date_header=False, server_header=False,
    )  # fmt: skip


async def _measured(port: int) -> tuple[float, float]:
    """Requests per second and the 95th percentile in ms, by a client that costs little itself."""
    request = b"GET /api/messages HTTP/1.1\r\nHost: x\r\n\r\n"
    times: list[float] = []
    end = time.perf_counter() + SECONDS

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (started := time.perf_counter()) < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().split(b"content-length:")[1].split()[0]))
            times.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return len(times) / SECONDS, statistics.quantiles(times, n=20)[18] * 1000


async def _compared(ports: dict[str, int]) -> None:
    for port in ports.values():
        await _reachable(port)
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in ports}
    for _ in range(ROUNDS):
        for name, port in ports.items():
            figures[name].append(await _measured(port))
    floor = statistics.median(rate for rate, _ in figures["upstream"])
    for name, each in figures.items():
        rate = statistics.median(rate for rate, _ in each)
        p95 = statistics.median(p95 for _, p95 in each)
        sys.stdout.write(f"{name:10}{rate:8.0f} req/s {rate / floor:6.2f} of floor{p95:8.1f} ms\n")


async def _reachable(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def main() -> None:
    ports = {name: _free_port() for name in ("upstream", "httpx", "aiohttp")}
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=_serve, args=(name, port, ports["upstream"]), daemon=True)
        for name, port in ports.items()
    ]
    for process in processes:
        process.start()
    try:
        uvloop.run(_compared(ports))
    finally:
        for process in processes:
            process.terminate()


if __name__ == "__main__":
    main()
