"""Which HTTP client carriers should be called with: httpx or aiohttp.

    python -m tests.load.carrier_clients

One process is the simulated carrier, answering at once; this one sends texts to it and counts its
own processor time. httpx is used as it is quickest for many callers: a client of one connection
for each. Rounds alternate, so that a busy machine is busy for all; the figure that lasts is the
ratio.
"""

import asyncio
import multiprocessing
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import orjson
import uvicorn
import uvloop

from koinonia.carriers import http
from koinonia.common.testing import secrets
from koinonia.common.testing.servers import ports
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app

CALLERS = (8, 64)
SENDS = 2_000
ROUNDS = 3
HEADERS = {"Authorization": "Bearer KEY", "Content-Type": "application/json"}
SILENT = {"send_latency": 0.0, "sent_after": 3600.0}  # texts are accepted and stay where they are

Post = Callable[[bytes, str], Awaitable[None]]


def _carrier(port: int) -> None:
    network = simulated.network(secrets.carrier_key())
    network.behaviour.turn(SILENT)
    uvicorn.run(
        create_app(network), host="127.0.0.1", port=port, access_log=False, log_level="error"
    )


@asynccontextmanager
async def _httpx(url: str, callers: int) -> AsyncIterator[Post]:
    one = httpx.Limits(max_connections=1)
    async with AsyncExitStack() as stack:
        idle = [
            await stack.enter_async_context(
                httpx.AsyncClient(headers=HEADERS, limits=one, timeout=10, trust_env=False)
            )
            for _ in range(callers)
        ]

        async def post(body: bytes, key: str) -> None:
            line = idle.pop()
            answer = await line.post(url, content=body, headers={"Idempotency-Key": key})
            orjson.loads(answer.raise_for_status().content)
            idle.append(line)

        yield post


@asynccontextmanager
async def _ours(url: str, callers: int) -> AsyncIterator[Post]:
    """What carriers are called with: aiohttp."""
    async with http.Client.open(HEADERS, lines=callers) as client:

        async def post(body: bytes, key: str) -> None:
            answer = await client.call("POST", url, body=body, headers={"Idempotency-Key": key})
            assert answer.is_success

        yield post


CLIENTS = {"httpx": _httpx, "aiohttp": _ours}


async def _measured(post: Post, callers: int, prefix: str) -> tuple[float, float]:
    """Milliseconds of processor time a send, and sends a second."""
    numbers = iter(range(SENDS))

    async def call() -> None:
        for number in numbers:
            to = f"+1202555{number:04}"
            body = {"from": "+12025550190", "to": to, "text": "Sunday service is at 10am."}
            await post(orjson.dumps(body), f"{prefix}:{number}")

    began, spent = time.perf_counter(), time.process_time()
    await asyncio.gather(*(call() for _ in range(callers)))
    return (
        (time.process_time() - spent) * 1000 / SENDS,
        SENDS / (time.perf_counter() - began),
    )


async def _compared(port: int) -> None:
    url = f"http://127.0.0.1:{port}/v2/messages"
    for callers in CALLERS:
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in CLIENTS}
        async with AsyncExitStack() as stack:
            posts = {
                name: await stack.enter_async_context(opened(url, callers))
                for name, opened in CLIENTS.items()
            }
            for number in range(ROUNDS + 1):
                for name, post in posts.items():
                    prefix = f"{name}:{callers}:{number}"
                    figures[name].append(await _measured(post, callers, prefix))
        _show(callers, figures)


def _show(callers: int, figures: dict[str, list[tuple[float, float]]]) -> None:
    for name, rounds in figures.items():
        spent, rate = (statistics.median(each) for each in zip(*rounds[1:], strict=True))
        sys.stdout.write(
            f"{name:10}{callers:4} callers{spent:8.3f} ms CPU a send{rate:8.0f} sends/s\n"
        )


def main() -> None:
    port = ports.free_port()
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=_carrier, args=(port,), daemon=True)
    process.start()
    try:
        while not ports.accepts(ports.LOOPBACK, port):
            time.sleep(0.05)
        uvloop.run(_compared(port))
    finally:
        process.terminate()


if __name__ == "__main__":
    main()
