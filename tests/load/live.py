"""The event stream: a person's text, from the carrier's call until every open page shows it.

A hundred churches have ten pages open each, on one gateway.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from tests.load import congregation, live_texts, processor
from tests.load.congregation import json
from tests.load.figures import Figure, Floor, Section, Spoiled, Spread
from tests.load.live_pages import Ledger, marked, opened, reading_nothing, request_of
from tests.load.live_texts import PATIENCE, Call, Church, pour
from tests.load.system import Ground

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import ports
from koinonia.common.testing.servers.process import spawn
from koinonia.devkit import status
from koinonia.devkit.layout import ROOT
from koinonia.devkit.system import System

CHURCHES = 100
PAGES = 10  # of each
RATES = (20, 100)  # texts a second
FOUNDED_AT_ONCE = 8
AREAS = ("808", "907", "406")  # a carrier has so many numbers in each
SLOW = 100  # clients that never read, of ten more churches
SLOW_CHURCHES = 10
LONG = "x" * 4000  # what they are sent, until they are let go
ENOUGH = 400  # such events for each of their churches
WHAT = "from the carrier's call to a page"


@dataclass
class Stage:
    """The open pages, and what was found out about them so far."""

    ground: Ground
    system: System
    churches: Sequence[Church]
    ledger: Ledger
    sent: int = 0
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note_memory(self, when: str) -> None:
        self.figures.append(Figure(f"gateway {when}", memory(self.system), "MB"))

    def numbers(self, per_second: int) -> range:
        """Those of the next texts."""
        start, self.sent = self.sent, self.sent + int(per_second * self.ground.seconds)
        return range(start, self.sent)


async def measure(ground: Ground, system: System) -> Section:
    alone = await _alone(ground)
    at_rest = Figure("gateway at rest", memory(system), "MB")
    churches = await founded(system, CHURCHES + SLOW_CHURCHES)
    url = f"{system.gateway_url}/api/events"
    pages = [request_of(url, each.token) for each in churches[:CHURCHES] for _ in range(PAGES)]
    async with opened(url, pages) as ledger:
        stage = Stage(ground, system, churches[:CHURCHES], ledger)
        stage.figures.append(at_rest)
        stage.note_memory(f"with {len(pages):,} streams")
        await _from_the_bus(stage, alone)
        idle = await _rested(stage)
        for per_second in RATES:
            await _from_people(stage, per_second, alone, idle)
        stage.note_memory("after the texts")
        await _shed(stage, churches[CHURCHES:])
        await _stopped(stage)
    title = f"Texts shown live on {len(pages):,} pages"
    return Section(title, stage.figures, stage.notes)


def memory(system: System) -> float:
    gateway = system.running("gateway")
    if gateway is None:
        raise Spoiled("The gateway does not run any more.")
    return status.memory(gateway.pid) / 1e6


async def _from_the_bus(stage: Stage, alone: Spread) -> None:
    rate = RATES[-1]
    numbers = stage.numbers(rate)
    environment = stage.system.environment
    before = await processor.used(stage.system)
    async with live_texts.published(environment, stage.churches, numbers[0]) as texts:
        spread = await pour(stage.ledger, texts, len(numbers), per_second=rate, pages=PAGES)
    used = (await processor.used(stage.system)).since(before)
    _shown(stage, f"from the bus to a page, {rate}/s", spread, alone)
    own = 1000 * used["gateway"] / len(numbers)
    stage.notes.append(f"An event from the bus on {PAGES} pages: {own:.2f} ms of the gateway.")


async def _from_people(
    stage: Stage, per_second: int, alone: Spread, idle: dict[str, float]
) -> None:
    numbers, url = stage.numbers(per_second), stage.system.gateway_url
    calls = live_texts.from_people(url, stage.churches, numbers)
    before, began = await processor.used(stage.system), time.perf_counter()
    async with live_texts.posted(
        f"{url}/api/webhooks/telnyx/mms", iter(calls), stage.ledger
    ) as texts:
        spread = await pour(stage.ledger, texts, len(numbers), per_second=per_second, pages=PAGES)
    took = time.perf_counter() - began
    used = (await processor.used(stage.system)).since(before)
    spent = {part: seconds - took * idle.get(part, 0) for part, seconds in used.items()}
    _shown(stage, f"{WHAT}, {per_second}/s", spread, alone)
    stage.notes.append(
        f"{per_second}/s: {len(numbers):,} texts on {PAGES} pages each in {took:.1f} s, "
        f"{stage.ledger.refused:,} calls refused and repeated so far. Processor time of a text, "
        f"less what idling takes: {processor.shares(spent, len(numbers))}."
    )


def _shown(stage: Stage, what: str, spread: Spread, alone: Spread) -> None:
    floor = Floor("bare fan-out of a POST (p99)", alone.p99)
    stage.figures.append(Figure(what, spread.p99, "ms", [floor], spread))


async def _rested(stage: Stage) -> dict[str, float]:
    """Two times as long of nothing but heart-beats; what each part takes of a core meanwhile."""
    seconds = 2 * stage.ground.seconds
    idle = await processor.idling(stage.system, seconds)
    stage.note_memory(f"after {seconds:.0f} s of quiet")
    return idle


async def _shed(stage: Stage, churches: Sequence[Church]) -> None:
    """The gateway's memory at its most while slow clients are written to, and after."""
    url, log = f"{stage.system.gateway_url}/api/events", stage.system.log("gateway")
    clients = [request_of(url, church.token) for church in churches] * (SLOW // len(churches))
    most = 0.0
    async with reading_nothing(url, clients):
        async for _ in live_texts.flood(stage.system.environment, churches, ENOUGH, LONG):
            most = max(most, memory(stage.system))
        await eventually(lambda: log.read_text().count("stream.shed") >= SLOW, PATIENCE)
    stage.figures.append(Figure(f"most, while {SLOW} clients read nothing", most, "MB"))
    stage.note_memory("when they have been let go")
    kept = ENOUGH * len(churches) * len(LONG) / 1e6
    stage.notes.append(f"Of the last two, {kept:.0f} MB are the window, which keeps all of it.")


async def _stopped(stage: Stage) -> None:
    """How long the gateway takes to end in order; then it is started again."""
    gateway = stage.system.running("gateway")
    assert gateway is not None
    began = time.perf_counter()
    await asyncio.to_thread(gateway.process.end, signal.SIGTERM, PATIENCE)
    took = time.perf_counter() - began
    await eventually(lambda: stage.ledger.byes >= CHURCHES * PAGES, PATIENCE)
    stage.ledger.lost = 0
    stage.figures.append(Figure(f"to end with {CHURCHES * PAGES:,} streams open", took, "s"))
    await asyncio.to_thread(stage.system.start)


async def founded(system: System, count: int) -> list[Church]:
    room = asyncio.Semaphore(FOUNDED_AT_ONCE)

    async def founded(n: int) -> Church:
        async with (
            room,
            httpx.AsyncClient(
                base_url=system.gateway_url, timeout=PATIENCE, trust_env=False
            ) as client,
        ):
            registration = {
                "churchName": f"Live {n}",
                "email": f"live{n}@bench.example",
                "password": congregation.PASSWORD,
                "tokens": True,
            }
            account = json(await client.post("/api/auth/register", json=registration))
            token = account["tokens"]["accessToken"]
            client.headers["Authorization"] = f"Bearer {token}"
            number = await congregation.first_number(client, AREAS[n % len(AREAS)])
            return Church(UUID(account["church"]["id"]), token, number)

    return list(await asyncio.gather(*(founded(n) for n in range(count))))


async def _alone(ground: Ground) -> Spread:
    """The same of bare ASGI, which is told each text by the call that brings it."""
    port = ports.free_port()
    url = f"http://{ports.LOOPBACK}:{port}"
    process = spawn(
        [sys.executable, "-m", "tests.load.live_alone", str(port)],
        log=ground.folder / "live-alone.log",
        env=os.environ,
        cwd=ROOT,
    )
    count = int(ground.seconds * RATES[-1])
    pages = [
        request_of(f"{url}/events?church={n}", "-") for n in range(CHURCHES) for _ in range(PAGES)
    ]
    calls: Iterator[Call] = ((n, f"?church={n % CHURCHES}", {}, _block(n)) for n in range(count))
    try:
        await eventually(lambda: ports.accepts(ports.LOOPBACK, port), PATIENCE)
        async with AsyncExitStack() as stack:
            ledger = await stack.enter_async_context(opened(url, pages))
            posted = live_texts.posted(f"{url}/publish", calls, ledger)
            texts = await stack.enter_async_context(posted)
            return await pour(ledger, texts, count, per_second=RATES[-1], pages=PAGES)
    finally:
        process.end(signal.SIGTERM, 5)


def _block(n: int) -> bytes:
    data = f'{{"reason":"received","preview":"{marked(n)}"}}'
    return f"event: conversation.updated\ndata: {data}\n\n".encode()
