"""What a message to 100,000 does to everybody else: replies, a small message, memory, the ingress.

Replies are timed from the request until the text is on the phone, which is a little later than the
carrier's acceptance. The floor is the same while nothing else happens. Unless the run is to be
whole, the great message is paused once the replies are out: what it does to others is the same
in its first minute and in its last.
"""

import asyncio
import statistics
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from tests.load import congregation, progress, throughput
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section, Spoiled, Spread
from tests.load.system import connected

from koinonia.common.testing.eventually import eventually
from koinonia.devkit import status
from koinonia.devkit.system import System

GREAT, SMALL = 100_000, 50
THREADS = 120  # each is answered once at rest or once during the great message
AT_REST = 20
EVERY_SECONDS = 0.25
UNDER_WAY = 500  # texts of the great message that have left before the first reply
LOOK_EVERY = 0.2
PATIENCE = 60.0
WORKER = "messaging"


@dataclass
class Memory:
    """Megabytes of the sending worker."""

    pid: int
    seen: list[float] = field(default_factory=list)

    async def watch(self) -> None:
        while True:
            self.seen.append(status.memory(self.pid) / 1e6)
            await asyncio.sleep(LOOK_EVERY)


@dataclass(frozen=True, slots=True)
class Reply:
    phone: str
    words: str
    asked_at: datetime


async def measure(system: System, church: Congregation, *, whole: bool) -> list[Section]:
    """``church`` has a group of ``GREAT``; with ``whole`` the last of them is waited for."""
    await throughput.turn(system, throughput.TELLING)
    async with (
        congregation.founded(system, "Neighbour", [SMALL]) as neighbour,
        connected(system.environment.database_url) as owner,
        httpx.AsyncClient(base_url=system.carrier_url, timeout=10, trust_env=False) as carrier,
    ):
        threads = await threads_of(church, carrier, THREADS + AT_REST)
        calm = await replied(church, carrier, threads[:AT_REST], "At rest")
        alone = await texted_few(owner, neighbour)
        before = await _reports(carrier)
        memory = _memory(system)
        watching = asyncio.create_task(memory.watch())
        began, message = await _under_way(owner, church)
        busy, small = await asyncio.gather(
            replied(church, carrier, threads[AT_REST:], "Meanwhile"), texted_few(owner, neighbour)
        )
        rate = await _rate(owner, message, began)
        await _end(owner, church, message, whole=whole)
        watching.cancel()
        repeated = await _repeated(carrier, before)
    figures = [
        Figure("a reply, to the phone", _p50(busy), "ms", [_calm(_p50(calm))], Spread.of(busy)),
        Figure(f"a message to {SMALL}, sent", 1000 * small[0], "ms", [_calm(1000 * alone[0])]),
        Figure("… delivered", 1000 * small[1], "ms", [_calm(1000 * alone[1])]),
    ]
    notes = [
        f"{len(busy)} replies, one each {EVERY_SECONDS} s, while {rate:,.0f} texts a second left.",
        f"{repeated[0]:,} reports were taken; {repeated[1]:,} times the carrier had to come again.",
        "The carrier tells of everybody's texts in one line, so what is delivered is told late.",
    ]
    return [Section(f"While {GREAT:,} are texted", figures, notes), _memory_section(memory)]


def _p50(seconds: list[float]) -> float:
    return 1000 * statistics.median(seconds)


def _calm(milliseconds: float) -> Floor:
    return Floor("nothing else going on", milliseconds)


def _memory(system: System) -> Memory:
    part = system.running(WORKER)
    if part is None:
        raise Spoiled(f"{WORKER} does not run any more.")
    return Memory(part.pid)


def _memory_section(memory: Memory) -> Section:
    first = Floor("before", memory.seen[0])
    tenth = max(1, len(memory.seen) // 10)
    figures = [
        Figure("at most", max(memory.seen), "MB", [first]),
        Figure("in the last tenth", statistics.median(memory.seen[-tenth:]), "MB", [first]),
    ]
    return Section(f"Memory of {WORKER} while {GREAT:,} are texted (resident)", figures)


async def threads_of(
    church: Congregation, carrier: httpx.AsyncClient, count: int
) -> list[dict[str, Any]]:
    """A conversation with each of the first members, who all wrote to us."""
    for n in range(count):
        text = {"from": congregation.phone(n), "to": church.number, "text": "When is it?"}
        congregation.json(await carrier.post("/_control/inbound", json=text))

    async def known() -> list[dict[str, Any]] | None:
        threads: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            params = {"limit": "100", **cursor}
            page = congregation.json(await church.client.get("/api/conversations", params=params))
            threads += page["data"]
            if not page["hasMore"]:
                return threads if len(threads) == count else None
            cursor = {"cursor": page["nextCursor"]}

    return await eventually(known, PATIENCE) or []


async def _under_way(owner: "asyncpg.Connection[Any]", church: Congregation) -> tuple[float, UUID]:
    """When the first texts of the great message left, and its id."""
    message = await church.send(GREAT, "Service on Sunday begins at ten. See you there!")
    began = await progress.until(owner, message, lambda row: bool(row["pending"] < row["total"]))
    await progress.until(owner, message, lambda row: bool(row["delivered"] >= UNDER_WAY))
    return began, message


async def replied(
    church: Congregation, carrier: httpx.AsyncClient, threads: list[dict[str, Any]], words: str
) -> list[float]:
    """Seconds of each reply. They are asked for at fixed times, however long the others take."""
    return [await _took(carrier, reply) for reply in await ask_each(church, threads, words)]


async def ask_each(church: Congregation, threads: list[dict[str, Any]], words: str) -> list[Reply]:
    asked: list[asyncio.Task[Reply]] = []
    async with asyncio.TaskGroup() as tasks:
        for number, thread in enumerate(threads):
            asked.append(tasks.create_task(_ask(church, thread, f"{words}, {number}: at ten.")))
            await asyncio.sleep(EVERY_SECONDS)
    return [each.result() for each in asked]


async def _ask(church: Congregation, thread: dict[str, Any], words: str) -> Reply:
    at = datetime.now(UTC)
    path = f"/api/conversations/{thread['id']}/reply"
    congregation.json(await church.client.post(path, json={"content": words}))
    return Reply(thread["phone"], words, at)


async def _took(carrier: httpx.AsyncClient, reply: Reply) -> float:
    """By the ledger of the simulated carrier, which is on the same clock."""

    async def arrived() -> datetime | None:
        record = congregation.json(await carrier.get(f"/_control/ledger/{reply.phone}"))
        at = [each["at"] for each in record["receipts"] if each["text"] == reply.words]
        return datetime.fromisoformat(at[0]) if at else None

    found = await eventually(arrived, PATIENCE)
    if found is None:
        raise Spoiled("A reply never came.")
    return (found - reply.asked_at).total_seconds()


async def texted_few(owner: "asyncpg.Connection[Any]", church: Congregation) -> tuple[float, float]:
    """Seconds from the request until all are with the carrier, and until all are delivered."""
    began = time.perf_counter()
    message = await church.send(SMALL, "The choir meets at seven.")
    sent = await progress.until(owner, message, progress.is_handed_over) - began
    return sent, await progress.until(owner, message, progress.is_delivered) - began


async def _rate(owner: "asyncpg.Connection[Any]", message: UUID, began: float) -> float:
    """Texts of the message that are delivered a second; it must not be over yet."""
    row = await owner.fetchrow(progress.COUNTS, message)
    if row is None or row["pending"] == 0:
        raise Spoiled(f"The message to {GREAT:,} was over before the replies were.")
    return float(row["delivered"] / (time.perf_counter() - began))


async def _end(
    owner: "asyncpg.Connection[Any]", church: Congregation, message: UUID, *, whole: bool
) -> None:
    if whole:
        await progress.until(owner, message, progress.is_delivered, patience=3600)
    else:
        await church.pause(message)
        await progress.until(owner, message, lambda row: bool(row["sending"] + row["sent"] == 0))


async def _reports(carrier: httpx.AsyncClient) -> tuple[int, int]:
    """How many reports were taken, and how often the carrier told."""
    reports = congregation.json(await carrier.get("/_control/ledger"))["reports"]
    return reports.get("delivered", 0), reports.get("attempts", 0)


async def _repeated(carrier: httpx.AsyncClient, before: tuple[int, int]) -> tuple[int, int]:
    taken, attempts = await _reports(carrier)
    return taken - before[0], attempts - before[1] - (taken - before[0])
