"""A house of ten, a hundred and a thousand churches: what one of them waits for, and what all of
them take while nobody does anything."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx
from tests.load import congregation, throughput
from tests.load.congregation import PASSWORD, PATIENCE, Congregation, json
from tests.load.growth import costs
from tests.load.growth.costs import Meter
from tests.load.growth.lines import PAGE, WORK, Cost, Growth, Line, of_costs
from tests.load.system import connected

from koinonia.devkit.system import System

SIZES = (10, 100, 1_000)
FOUNDED_AT_ONCE = 8
TEXTED = 500
SENDS = 5
QUIET_SECONDS = 10.0
PAGES = {
    "a page of the inbox": "/api/conversations?limit=20&unread=true",
    "a page of broadcasts": "/api/messages?limit=20",
    "the dashboard": "/api/analytics/stats",
}
# Fifty threads and broadcasts of each; the phones are not those of anybody.
PAST = (
    """
    INSERT INTO conversation.conversations
           (id, church_id, our_number, phone_index, phone_sealed, status, unread_count,
            last_message_at, last_message_id, last_message_direction, last_message_content,
            last_message_status)
    SELECT gen_random_uuid(), church_id, '+12025550190', 'phone ' || n,
           (SELECT phone_sealed FROM conversation.contacts LIMIT 1), 'open', n % 2,
           now() - n * interval '1 hour', gen_random_uuid(), 'inbound', 'Thank you', 'received'
      FROM unnest($1::uuid[]) AS church_id, generate_series(1, 50) AS n
    """,
    """
    INSERT INTO messaging.messages
           (id, church_id, kind, content, target_type, sender, carrier, status, total_recipients,
            pending_count, delivered_count, failed_count, parts_estimated, parts_billed,
            created_by, created_at, started_at, completed_at)
    SELECT gen_random_uuid(), church_id, 'broadcast', 'Service begins at ten. ' || n, 'all',
           '+12025550190', 'telnyx', 'completed', 500, 0, 490, 10, 500, 490, gen_random_uuid(),
           at, at, at
      FROM unnest($1::uuid[]) AS church_id,
           (SELECT n, now() - n * interval '3 hours' AS at
              FROM generate_series(1, 50) AS n) AS sent
    """,
)


@dataclass(frozen=True)
class Known:
    """A church of the house and the token of its owner."""

    id: UUID
    token: str


async def measure(meter: Meter) -> tuple[Growth, Sequence[Known]]:
    """With the churches, on which others may measure further."""
    known: list[Known] = []
    pages: dict[str, dict[int, Cost]] = {what: {} for what in PAGES}
    sends: dict[int, Cost] = {}
    quiet: dict[int, float] = {}
    await throughput.turn(meter.system, throughput.SILENT)
    async with congregation.founded(meter.system, "Growth of one", [TEXTED]) as church:
        known.append(Known(church.id, church.client.headers["Authorization"].split()[1]))
        for size in SIZES:
            await _grow(meter.system, known, size)
            for what, path in PAGES.items():
                headers = {"Authorization": f"Bearer {known[0].token}"}
                pages[what][size] = await meter.page(path, headers)
            sends[size] = await meter.work(lambda: _send(church), SENDS)
            quiet[size] = 1000 * await costs.idle(meter.system, QUIET_SECONDS)
    lines = of_costs(f"a send to {TEXTED}, accepted", sends, PAGE)
    for what, found in pages.items():
        lines += of_costs(what, found, PAGE)
    lines.append(Line("a second of quiet", "ms of processor", quiet, WORK))
    return Growth("By churches of the house", lines), known


async def _send(church: Congregation) -> float:
    began = time.perf_counter()
    await church.send(TEXTED, "Service on Sunday begins at ten.")
    return time.perf_counter() - began


async def _grow(system: System, known: list[Known], size: int) -> None:
    """Register churches until there are ``size``, and give the new ones a past."""
    room = asyncio.Semaphore(FOUNDED_AT_ONCE)

    async def registered(n: int, client: httpx.AsyncClient) -> Known:
        registration = {
            "churchName": f"House {n}",
            "email": f"house{n}@bench.example",
            "password": PASSWORD,
            "tokens": True,
        }
        async with room:
            account = json(await client.post("/api/auth/register", json=registration))
        return Known(UUID(account["church"]["id"]), account["tokens"]["accessToken"])

    async with httpx.AsyncClient(
        base_url=system.gateway_url, timeout=PATIENCE, trust_env=False
    ) as client:
        numbers = range(len(known), size)
        fresh = await asyncio.gather(*(registered(n, client) for n in numbers))
    known += fresh
    ids = [each.id for each in (known if size == SIZES[0] else fresh)]
    async with connected(system.environment.database_url) as owner:
        for statement in PAST:
            await owner.execute(statement, ids)
        await owner.execute("ANALYZE")
