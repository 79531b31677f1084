"""The event stream: a person's text, from the carrier's call until every open page shows it.

A hundred churches have ten pages open each, on one gateway. Texts come at a steady rate, whether
or not the last one was taken, so that a pause in the system is seen for what it costs.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
import httpx
from tests.load import congregation, processor
from tests.load.congregation import json
from tests.load.figures import Figure, Floor, Section, Spoiled, Spread
from tests.load.live_pages import Ledger, marked, opened, reading_nothing, request_of
from tests.load.load import Call
from tests.load.system import Ground

from koinonia.common import bus, db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.testing import secrets
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import ports
from koinonia.common.testing.servers.process import spawn
from koinonia.devkit import status
from koinonia.devkit.carrier.telnyx_words import TelnyxDialect
from koinonia.devkit.carrier.texts import Inbound
from koinonia.devkit.layout import ROOT
from koinonia.devkit.system import System

CHURCHES = 100
PAGES = 10  # of each
PER_SECOND = 100
FOUNDED_AT_ONCE = 8
AREAS = ("808", "907", "406")  # a carrier has so many numbers in each
SLOW = 100  # clients that never read, of ten more churches
SLOW_CHURCHES = 10
LONG = "x" * 4000  # what they are sent, until they are let go
ENOUGH = 400  # such events for each of their churches
PATIENCE = 60.0
TRIES = 20
REPEAT_SECONDS = 0.25


@dataclass(frozen=True)
class Church:
    """One that takes texts and shows them; ``n`` tells its writers from those of others."""

    n: int
    id: str
    token: str
    number: str


async def measure(ground: Ground, system: System) -> Section:
    alone = await _alone(ground)
    async with AsyncExitStack() as stack:
        before = _memory(system)
        churches = await _founded(system, CHURCHES + SLOW_CHURCHES)
        watched, slow = churches[:CHURCHES], churches[CHURCHES:]
        url = f"{system.gateway_url}/api/events"
        pages = [request_of(url, church.token) for church in watched for _ in range(PAGES)]
        founded = _memory(system)
        ledger = await stack.enter_async_context(opened(url, pages))
        opened_at = _memory(system)
        calls = _calls(system, watched, ground.seconds)
        used = await processor.used(system)
        await _pour(ledger, f"{system.gateway_url}/api/webhooks/telnyx/mms", calls)
        work = (await processor.used(system)).since(used)
        spread = Spread.of(ledger.seconds)
        loaded = _memory(system)
        await asyncio.sleep(2 * ground.seconds)  # beats alone
        rested, beats = _memory(system), ledger.beats
        peak, after = await _shed(system, slow)
    return Section(
        f"Texts shown live: {len(pages):,} pages, {PER_SECOND} texts a second",
        [
            Figure(
                "from the carrier's call to a page (p99)",
                spread.p99,
                "ms",
                [Floor("bare fan-out of a POST", alone.p99)],
                spread,
            ),
            Figure("gateway at rest", before, "MB"),
            Figure("with 110 churches signed in", founded, "MB"),
            Figure(f"with {len(pages):,} streams", opened_at, "MB"),
            Figure("after the texts", loaded, "MB"),
            Figure(f"after {2 * ground.seconds:.0f} s of quiet", rested, "MB"),
            Figure(f"most, while {SLOW} clients read nothing", peak, "MB"),
            Figure("when they have been let go", after, "MB"),
        ],
        [
            f"{len(calls):,} texts were shown {len(ledger.seconds):,} times; {beats:,} beats. "
            f"{ledger.refused} calls were refused and repeated.",
            f"Processor time of a text: {processor.shares(work, len(calls))}",
            f"The floor's spread: {alone.p50:.1f}, {alone.p95:.1f}, {alone.p99:.1f} ms.",
        ],
    )


def _memory(system: System) -> float:
    gateway = system.running("gateway")
    if gateway is None:
        raise Spoiled("The gateway does not run any more.")
    return status.memory(gateway.pid) / 1e6


async def _pour(ledger: Ledger, url: str, calls: Sequence[Call]) -> None:
    """Post the calls at the wanted rate, and wait until all pages have shown all texts."""
    wanted = len(ledger.seconds) + PAGES * len(calls)
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        began = time.perf_counter()
        for n, call in enumerate(calls):
            await asyncio.sleep(began + n / PER_SECOND - time.perf_counter())
            ledger.sent_at[n] = time.perf_counter()
            target = f"{url}?{call.query}" if call.query else url
            tasks.create_task(_post(session, target, call, ledger))
    try:
        await eventually(lambda: len(ledger.seconds) >= wanted, PATIENCE)
    except AssertionError:
        raise Spoiled(f"{len(ledger.seconds):,} of {wanted:,} were shown.") from None
    if len(ledger.seconds) > wanted:
        raise Spoiled(f"{len(ledger.seconds) - wanted:,} were shown twice.")


async def _post(session: aiohttp.ClientSession, url: str, call: Call, ledger: Ledger) -> None:
    """A carrier repeats what was not taken; a page then waits for all of it."""
    for _ in range(TRIES):
        async with session.post(url, data=call.body, headers=call.headers) as response:
            if response.ok:
                return
            refusal = await response.text()
        ledger.refused += 1
        await asyncio.sleep(REPEAT_SECONDS)
    raise Spoiled(f"A text was not taken: {refusal[:300]}")


def _calls(system: System, churches: Sequence[Church], seconds: float) -> list[Call]:
    """Signed texts to the churches in turns, each from a person who has not written before."""
    telnyx = TelnyxDialect(secrets.carrier_key())
    calls = []
    for n in range(int(seconds * PER_SECOND)):
        church = churches[n % len(churches)]
        text = Inbound(
            text=marked(n),
            media_urls=[],
            profile_id=None,
            sender=congregation.phone(n // len(churches)),
            to=church.number,
            autoresponse=None,
        )
        headers, body = telnyx.received(text).call(system.gateway_url, 1)
        calls.append(Call("", headers, body))
    return calls


async def _founded(system: System, count: int) -> list[Church]:
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
            return Church(n, account["church"]["id"], token, number)

    return list(await asyncio.gather(*(founded(n) for n in range(count))))


async def _shed(system: System, churches: Sequence[Church]) -> tuple[float, float]:
    """The gateway's memory at its most while slow clients are written to, and after."""
    url = f"{system.gateway_url}/api/events"
    clients = [request_of(url, church.token) for church in churches] * (SLOW // len(churches))
    environment = system.environment
    publisher = bus.Publisher(environment.rabbitmq_url, "bench", environment.namespace)
    most = 0.0
    async with reading_nothing(url, clients):
        for _ in range(ENOUGH):
            events = [
                ConversationUpdated(
                    church_id=church.id, conversation_id=db.uuid7(), status="open", preview=LONG
                )
                for church in churches
            ]
            await publisher.publish([bus.Envelope.of(event) for event in events])
            most = max(most, _memory(system))
        await eventually(lambda: _count_shed(system) >= SLOW, PATIENCE)
    await publisher.close()
    return most, _memory(system)


def _count_shed(system: System) -> int:
    return (system.folder / "logs" / "gateway.log").read_text().count("stream.shed")


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
    try:
        await eventually(lambda: ports.accepts(ports.LOOPBACK, port), PATIENCE)
        pages = [
            request_of(f"{url}/events?church={n}", "-")
            for n in range(CHURCHES)
            for _ in range(PAGES)
        ]
        async with opened(url, pages) as ledger:
            count = int(ground.seconds * PER_SECOND)
            await _pour(ledger, f"{url}/publish", [_block(n) for n in range(count)])
            return Spread.of(ledger.seconds)
    finally:
        process.end(signal.SIGTERM, 5)


def _block(n: int) -> Call:
    data = f'{{"reason":"received","preview":"{marked(n)}"}}'
    return Call(f"church={n % CHURCHES}", {}, f"event: x\ndata: {data}\n\n".encode())
