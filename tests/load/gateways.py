"""One gateway and two: what a request costs each of them, Redis, and the load generator.

Gateways share nothing but Redis and the services. Whether two do twice the work shows in processor
time: on a machine with two cores the generator and Redis take a share of the second one, so the
rate of both together says as much of them.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import redis.asyncio
from tests.load import congregation, processor
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.load import CONNECTIONS, Load, drive
from tests.load.system import Ground

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import ports
from koinonia.common.testing.servers.process import spawn
from koinonia.devkit.system import System

READS = {
    "/health": "/health",
    "kept list": "/api/labels",
    "passed on": "/api/members?limit=1",
}
ROUNDS = 2
US = 1_000_000


@dataclass(frozen=True, slots=True)
class Gateway:
    url: str
    pid: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request, in µs of processor."""

    per_second: float
    p99: float
    gateways: float
    redis: float
    generator: float

    def __str__(self) -> str:
        return (
            f"gateway {self.gateways:.0f} + Redis {self.redis:.0f} + generator "
            f"{self.generator:.0f} µs a request, p99 {self.p99:.0f} ms"
        )


async def measure(ground: Ground, system: System) -> Section:
    async with congregation.founded(system, "Gateways", [1]) as church, _two(system) as gateways:
        headers = {"Authorization": church.client.headers["Authorization"]}
        figures, notes = [], []
        for what, path in READS.items():
            one, two = await _turns(ground, gateways, path, headers)
            figures += [
                Figure(f"{what}: one gateway", one.per_second, "/s"),
                Figure("… two", two.per_second, "/s", [Floor("twice one", 2 * one.per_second)]),
                Figure("… a request at two", two.gateways, "µs", [Floor("at one", one.gateways)]),
            ]
            notes += [f"{what}, one: {one}", f"{what}, two: {two}"]
    return Section(f"One gateway and two, {CONNECTIONS} connections each", figures, notes)


async def _turns(
    ground: Ground, gateways: Sequence[Gateway], path: str, headers: Mapping[str, str]
) -> tuple[Cost, Cost]:
    """Of one gateway and of all, in turns, the least of each."""
    costs: tuple[list[Cost], list[Cost]] = [], []
    for _ in range(ROUNDS):
        for asked, taken in zip((gateways[:1], gateways), costs, strict=True):
            taken.append(await _cost(ground, asked, path, headers))
    one, two = [min(taken, key=lambda cost: cost.gateways) for taken in costs]
    return one, two


@asynccontextmanager
async def _two(system: System) -> AsyncIterator[Sequence[Gateway]]:
    """That of the system, and another beside it with the same settings."""
    first = system.running("gateway")
    if first is None:
        raise Spoiled("The gateway does not run.")
    port = ports.free_port()
    process = spawn(
        [sys.executable, "-m", "koinonia.gateway", "run"],
        log=system.log("gateway-2"),
        env={**system.environment.variables("gateway"), "KOINONIA_PORT": str(port)},
        cwd=system.folder,
    )
    try:
        await eventually(lambda: _is_open(port), within=30)
        yield (
            Gateway(system.gateway_url, first.pid),
            Gateway(f"http://127.0.0.1:{port}", process.pid),
        )
    finally:
        process.end(signal.SIGTERM, 5)


async def _is_open(port: int) -> bool:
    return ports.accepts(ports.LOOPBACK, port)


async def _cost(
    ground: Ground, gateways: Sequence[Gateway], path: str, headers: Mapping[str, str]
) -> Cost:
    async with redis.asyncio.Redis.from_url(ground.redis.url) as client:
        before = sum(processor.seconds(each.pid) for each in gateways), await _redis(client)
        loads: list[Load] = await asyncio.gather(
            *(drive(each.url + path, headers=headers, seconds=ground.seconds) for each in gateways)
        )
        after = sum(processor.seconds(each.pid) for each in gateways), await _redis(client)
    requests = sum(load.requests for load in loads)
    (
        mine,
        redis_,
    ) = (US * (now - then) / requests for now, then in zip(after, before, strict=True))
    rate = sum(load.per_second for load in loads)
    # One process drives both, so each of its loads counts all that it took.
    generator = US * max(load.own_share for load in loads) / rate
    return Cost(rate, max(load.spread.p99 for load in loads), mine, redis_, generator)


async def _redis(client: "redis.asyncio.Redis") -> float:
    """Seconds of processor that Redis has used."""
    used = await client.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])
