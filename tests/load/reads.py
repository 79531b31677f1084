"""What staff look at all day, through the gateway."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from tests.load import processor, statements
from tests.load.bare import Bare
from tests.load.church import Church
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.load import CONNECTIONS, drive
from tests.load.system import Ground

from koinonia.common.db import default_pool_size
from koinonia.common.testing.databases import role_url
from koinonia.devkit.system import System


@dataclass(frozen=True)
class Read:
    """One request and the service that answers it."""

    what: str
    path: str
    service: str | None = None  # None: no database stands behind it


READS = {
    "health": Read("health", "/health"),
    "conversations": Read("conversation list", "/api/conversations", "conversation"),
    "messages": Read("message list", "/api/messages", "messaging"),
    "dashboard": Read("dashboard", "/api/analytics/stats", "analytics"),
}


async def measure(
    ground: Ground, system: System, church: Church, bare: Bare, names: Sequence[str]
) -> Section:
    return await measured(ground, system, church, bare, [READS[name] for name in names])


async def measured(
    ground: Ground, system: System, church: Church, bare: Bare, wanted: Sequence[Read]
) -> Section:
    """Each beside the bare framework, and beside the driver alone where a database is asked."""
    figures, work, busy = [], [], 0.0
    for read in wanted:
        before = await processor.used(system)
        url = system.gateway_url + read.path
        load = await drive(url, headers=church.headers, seconds=ground.seconds)
        spent = (await processor.used(system)).since(before)
        work.append(f"  {read.what}: {processor.shares(spent, load.requests)}")
        floors = await _floors(ground, system, church, bare, read)
        figures.append(Figure(read.what, load.per_second, "/s", floors, load.spread))
        busy = max(busy, load.own_share)
    return Section(
        f"Reads through the gateway, {CONNECTIONS} connections",
        figures,
        [
            "Processor time of one request:",
            *work,
            f"The load generator took at most {busy:.0%} of a core.",
        ],
    )


async def _floors(
    ground: Ground, system: System, church: Church, bare: Bare, read: Read
) -> list[Floor]:
    seconds = ground.seconds / 2
    body, headers = await _answer(system, church, read)
    framework = await drive(bare.serve(body, headers), seconds=seconds)
    floors = [Floor("the bare framework", framework.per_second)]
    if read.service is None:
        return floors
    await ground.redis.empty()  # or the cache would answer and nothing be asked
    asked = await statements.of_request(system, read.service, read.path, church.id)
    url = role_url(system.environment.database_url, read.service)
    connections = 2 * default_pool_size()
    driver = await statements.rate(url, asked, connections=connections, seconds=seconds)
    return [*floors, Floor("the bare driver", driver)]


async def _answer(system: System, church: Church, read: Read) -> tuple[bytes, httpx.Headers]:
    """The answer as it travels: compressed bytes stay compressed."""
    headers = church.headers | {"Accept-Encoding": "gzip"}
    url = system.gateway_url + read.path
    async with (
        httpx.AsyncClient(headers=headers, timeout=10, trust_env=False) as client,
        client.stream("GET", url) as response,
    ):
        if not response.is_success:
            raise Spoiled(f"{read.path} answered {response.status_code}")
        return b"".join([part async for part in response.aiter_raw()]), response.headers
