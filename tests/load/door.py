"""What others wait while fifty connections do their worst at the gateway."""

import asyncio
import sys
from urllib.parse import urlsplit

from tests.load import congregation, footprint
from tests.load.figures import Figure, Floor, Section
from tests.load.load import Load, drive
from tests.load.system import Ground

from koinonia.common.testing import worst_clients
from koinonia.devkit.system import System

CONNECTIONS = 4  # of those who mean well
READS = {"/health": "/health", "dashboard": "/api/analytics/stats"}
START_SECONDS = 1.0  # until the attack is under way


async def measure(ground: Ground, system: System) -> Section:
    async with congregation.founded(system, "Door", [1]) as church:
        headers = {"Authorization": church.client.headers["Authorization"]}
        figures: list[Figure] = []
        for what, path in READS.items():
            quiet = await _read(ground, system, path, headers)
            before = footprint.taken(system)["gateway"].resident
            attack = asyncio.create_task(_attack(system, ground.seconds + 2 * START_SECONDS))
            await asyncio.sleep(START_SECONDS)  # it begins
            load = await _read(ground, system, path, headers)
            connections = await attack
            grown = footprint.taken(system)["gateway"].resident - before
            floor = Floor("p99 without them", quiet.spread.p99)
            figures += [
                Figure(f"{what}, p99", load.spread.p99, "ms", [floor], load.spread),
                Figure("… connections they had", connections, ""),
                Figure("… memory of the gateway grew by", grown, "MB"),
            ]
    kinds = ", ".join(worst_clients.ATTACKS)
    return Section(
        f"While {worst_clients.CONNECTIONS} connections do their worst",
        figures,
        [f"They send {kinds}. They take a share of the processors themselves."],
    )


async def _read(ground: Ground, system: System, path: str, headers: dict[str, str]) -> Load:
    return await drive(
        system.gateway_url + path,
        headers=headers,
        connections=CONNECTIONS,
        seconds=ground.seconds,
    )


async def _attack(system: System, seconds: float) -> int:
    port = urlsplit(system.gateway_url).port
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "koinonia.common.testing.worst_clients", str(port), str(seconds)),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    return int(output)
