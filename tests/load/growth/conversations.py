"""Inboxes of a thousand, ten thousand and a hundred thousand threads of ten lines."""

from collections.abc import Mapping, Sequence

import httpx
from tests.load import cold_reads, inbox_church
from tests.load.congregation import json
from tests.load.growth.costs import Meter
from tests.load.growth.lines import PAGE, Growth, Line, of_costs
from tests.load.inbox_church import Inbox
from tests.load.system import connected

from koinonia.devkit.system import System

SIZES = (1_000, 10_000, 100_000)
LONGEST = 1_000  # lines of the newest thread of each, whose page is always full
MESSAGES = 20  # for each thousand threads a church has so many broadcasts behind it
LIST = "/api/conversations?limit=20"
PATHS = {
    "a page of the inbox": LIST,
    "… of another hour": f"{LIST}&cursor={{cursor}}",
    "… of unread threads": f"{LIST}&unread=true",
    "counts": "/api/conversations/counts",
    "a thread": "/api/conversations/{thread}",
    "a search": "/api/conversations/search?q=picnic",
    "a page of broadcasts": "/api/messages?limit=20",
    "the dashboard": "/api/analytics/stats",
}
READ = {
    "… of another hour": "a page of another hour, read",
    "a page of broadcasts": "a page of broadcasts, read",
}
BROADCASTS = """
    INSERT INTO messaging.messages
           (id, church_id, kind, content, target_type, sender, carrier, status, total_recipients,
            pending_count, delivered_count, failed_count, parts_estimated, parts_billed,
            created_by, created_at, started_at, completed_at)
    SELECT gen_random_uuid(), $1, 'broadcast', 'Service on Sunday begins at ten. ' || n, 'all',
           $3, 'telnyx', 'completed', 500, 0, 490, 10, 500, 490, gen_random_uuid(), at, at, at
      FROM (SELECT n, now() - n * interval '3 hours' AS at
              FROM generate_series(1, $2::int) AS n) AS sent
"""


async def measure(meter: Meter) -> Growth:
    churches = {size: await _founded(meter.system, size) for size in SIZES}
    lines = [line for what in PATHS for line in await _lines(meter, churches, what, what)]
    async with cold_reads.keeping_nothing(meter.system):
        for what, shown in READ.items():
            lines += await _lines(meter, churches, what, shown)
    notes = [
        f"Each thread has ten lines, and each thousand of them {MESSAGES} broadcasts.",
        "Lists, counts and the dashboard are asked again and again, so the gateway gives them; a "
        "thread and a search are read each time, and so are the last two, for a gateway that keeps "
        "nothing.",
    ]
    return Growth("By threads of an inbox", lines, notes)


async def _lines(
    meter: Meter, churches: Mapping[int, Inbox], what: str, shown: str
) -> Sequence[Line]:
    costs = {
        size: await meter.page(await _address(meter.system, church, PATHS[what]), church.headers)
        for size, church in churches.items()
    }
    return of_costs(shown, costs, PAGE)


async def _founded(system: System, threads: int) -> Inbox:
    church = await inbox_church.founded(system, f"Inbox{threads}", threads, LONGEST)
    async with connected(system.environment.database_url) as owner:
        await owner.execute(BROADCASTS, church.id, MESSAGES * threads // 1000, church.number)
        await owner.execute("ANALYZE messaging.messages")
    return church


async def _address(system: System, church: Inbox, path: str) -> str:
    if "{" not in path:
        return path
    headers: Mapping[str, str] = church.headers
    async with httpx.AsyncClient(
        base_url=system.gateway_url, headers=headers, timeout=30, trust_env=False
    ) as client:
        found = json(await client.get("/api/conversations?limit=100"))
    return path.format(cursor=found["nextCursor"], thread=church.long)
