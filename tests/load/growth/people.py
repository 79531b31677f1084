"""Churches of a thousand, ten thousand and a hundred thousand people."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
from tests.load import congregation, fan_out, throughput
from tests.load.congregation import Congregation, json
from tests.load.growth.costs import Meter
from tests.load.growth.lines import PAGE, WORK, Cost, Growth, Line, of_costs
from tests.load.system import connected

from koinonia.devkit.system import System

SIZES = (1_000, 10_000, 100_000)
TIMES = {1_000: 20, 10_000: 8, 100_000: 3}
TEXT = "Hi {{firstName|friend}}, service on Sunday begins at ten."
APPROVES = "billing"


async def measure(meter: Meter) -> Growth:
    """Whatever is done with all people of a church, and the pages that show some of them."""
    await throughput.turn(meter.system, throughput.SILENT)
    async with _churches(meter.system) as churches:
        async with connected(meter.system.environment.database_url) as owner:
            await owner.execute("ANALYZE")
            lines = of_costs("a preview", await _previews(meter, churches), WORK)
            lines += of_costs("a send, accepted", await _sends(meter, owner, churches), WORK)
        lines += await _pages(meter, churches)
    return Growth("By people of a church", lines)


@asynccontextmanager
async def _churches(system: System) -> AsyncIterator[Mapping[int, Congregation]]:
    async with AsyncExitStack() as stack:
        yield {
            size: await stack.enter_async_context(
                congregation.founded(system, f"Growth {size}", [size])
            )
            for size in SIZES
        }


async def _previews(meter: Meter, churches: Mapping[int, Congregation]) -> dict[int, Cost]:
    async def preview(size: int) -> float:
        asked = {
            "content": TEXT,
            "targetType": "groups",
            "targetIds": [str(churches[size].groups[size])],
        }
        began = time.perf_counter()
        json(await churches[size].client.post("/api/messages/preview", json=asked))
        return time.perf_counter() - began

    return {
        size: await meter.work(lambda size=size: preview(size), TIMES[size])  # type: ignore[misc]
        for size in SIZES
    }


async def _sends(
    meter: Meter, owner: "asyncpg.Connection[Any]", churches: Mapping[int, Congregation]
) -> dict[int, Cost]:
    """Until all rows are committed; nobody approves them meanwhile."""

    async def send(size: int) -> float:
        began = time.perf_counter()
        message = await churches[size].send(size, "Service on Sunday begins at ten.")
        took = time.perf_counter() - began
        await fan_out.forget(owner, message)
        return took

    meter.system.stop([APPROVES])
    try:
        return {
            size: await meter.work(lambda size=size: send(size), TIMES[size])  # type: ignore[misc]
            for size in SIZES
        }
    finally:
        meter.system.start_part(APPROVES)
        meter.system.wait_until_ready([APPROVES])


async def _pages(meter: Meter, churches: Mapping[int, Congregation]) -> list[Line]:
    lines: list[Line] = []
    paths = {
        "a page of members": "/api/members?limit=20",
        "… further on": "/api/members?limit=20&cursor={cursor}",
        "the groups": "/api/groups",
    }
    for what, path in paths.items():
        costs = {}
        for size, church in churches.items():
            first = json(await church.client.get("/api/members?limit=100"))
            asked = path.format(cursor=first["nextCursor"])
            headers = {"Authorization": church.client.headers["Authorization"]}
            costs[size] = await meter.page(asked, headers)
        lines += of_costs(what, costs, PAGE)
    return lines
