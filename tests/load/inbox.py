"""The inbox at 13,000 and at 1,000,000 lines: what staff do all day must not take longer.

Each figure is of the large church; beside it stands the same in the small one, and the very
statements of that request asked by the bare driver. First pages are kept in Redis for a while, so
lists are measured again where Redis is dead.
"""

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from tests.load import cold_reads, inbox_church, statements
from tests.load.congregation import json
from tests.load.figures import Figure, Floor, Section, Spoiled, Spread, median_ms
from tests.load.inbox_church import LONG, Inbox
from tests.load.load import drive
from tests.load.system import Ground, connected

from koinonia.common.testing import explain, service
from koinonia.common.testing.databases import role_url
from koinonia.common.testing.explain import Statement
from koinonia.devkit import layout
from koinonia.devkit.system import System

SMALL, LARGE = 1_000, 100_000  # threads
LONG_ENOUGH = 3_000  # lines in the newest thread of the small one, so that its pages are full
SERVICE = "conversation"
CONNECTIONS = 2
PAGES, PAGE = 50, 10
TRIES, TURNS = 20, 2
KEPT = ("list", "list, unread", "list of a group", "counts")
NOWHERE = "redis://127.0.0.1:9/0"  # the discard port: refused at once


@dataclass(frozen=True)
class Measured:
    """One request in both churches; queries and the driver's time are of the large one."""

    what: str
    small: Spread
    large: Spread
    queries: int = 0
    driver_ms: float = 0.0

    @property
    def figure(self) -> Figure:
        floors = [Floor(f"in {SMALL:,} threads", self.small.p50)]
        if self.driver_ms:
            floors.append(Floor("the bare driver", self.driver_ms))
        return Figure(self.what, self.large.p50, "ms", floors, self.large)

    @property
    def note(self) -> str:
        return f"{self.what} {self.small.p99:.1f} and {self.large.p99:.1f} ms, {self.queries}"


async def measure(ground: Ground, system: System) -> list[Section]:
    small = await inbox_church.founded(system, "Small", SMALL, LONG_ENOUGH)
    large = await inbox_church.founded(system, "Large", LARGE, LONG)
    return [
        await _asked(ground, system, small, large),
        await _kept(ground, system, large),
        await _without_redis(ground, system, small, large),
    ]


async def _asked(ground: Ground, system: System, small: Inbox, large: Inbox) -> Section:
    paths = await _paths(system, large)
    spreads = await _spreads(ground, system, (small, await _paths(system, small)), (large, paths))
    found: list[Measured] = []
    url = role_url(system.environment.database_url, SERVICE)
    async with _alone(system, large) as (parts, client):
        for what, path in paths.items():
            await ground.redis.empty()  # or the cache would answer and nothing be asked
            with explain.watched(parts.database) as ran:
                json(await client.get(path))
            queries = sum("set_config" not in sql for sql, _ in ran)
            found.append(Measured(what, *spreads[what], queries, await _driver_ms(url, ran)))
    return Section(
        f"The inbox with {large.lines:,} messages beside {small.lines:,}, {CONNECTIONS} "
        "connections, p50",
        [each.figure for each in found],
        [
            f"p99 in the small church and the large, and queries of a request: "
            f"{'; '.join(each.note for each in found)}.",
            f"{large.lines:,} messages were filled in within {large.filled_in:.0f} s.",
        ],
    )


async def _driver_ms(url: str, asked: Sequence[Statement]) -> float:
    """The median of a few transactions of these statements on one connection."""
    times: list[float] = []
    async with connected(url) as connection:
        for _ in range(TRIES):
            began = time.perf_counter()
            async with connection.transaction():
                for sql, parameters in asked:
                    await connection.fetch(sql, *parameters)
            times.append(time.perf_counter() - began)
    return median_ms(times)


Paths = Mapping[str, str]


async def _spreads(
    ground: Ground, system: System, small: tuple[Inbox, Paths], large: tuple[Inbox, Paths]
) -> dict[str, tuple[Spread, Spread]]:
    """Of each request in both churches, which take turns: the machine has others."""
    found: dict[str, tuple[Spread, Spread]] = {}
    for what in large[1]:
        asked = [(system.gateway_url + paths[what], church) for church, paths in (small, large)]
        few, many = await _turns(ground, asked)
        found[what] = Spread.of(few), Spread.of(many)
    return found


async def _turns(ground: Ground, asked: Sequence[tuple[str, Inbox]]) -> list[list[float]]:
    latencies: list[list[float]] = [[] for _ in asked]
    for _ in range(TURNS):
        for (url, church), into in zip(asked, latencies, strict=True):
            load = await drive(
                url, headers=church.headers, connections=CONNECTIONS, seconds=ground.seconds / 4
            )
            into += load.latencies
    if not all(latencies):
        raise Spoiled(f"{asked[0][0]} did not answer within {ground.seconds / 4} s.")
    return latencies


@asynccontextmanager
async def _alone(system: System, church: Inbox) -> AsyncIterator[tuple[Any, httpx.AsyncClient]]:
    """The service in this process, and a client of the church's owner."""
    async with (
        statements.running(system, SERVICE) as parts,
        service.client(layout.program(SERVICE), parts, service.token(church.id)) as client,
    ):
        yield parts, client


async def _paths(system: System, church: Inbox) -> dict[str, str]:
    inbox = "/api/conversations"
    lists = f"{inbox}?limit={PAGE}"
    search = f"{inbox}/search?limit=20&q="
    thread, long = f"{inbox}/{church.ordinary}", f"{inbox}/{church.long}"
    async with httpx.AsyncClient(
        base_url=system.gateway_url, headers=church.headers, timeout=30, trust_env=False
    ) as client:
        deep = await _cursor(client, lists, "cursor", "nextCursor", PAGES)
        older = await _cursor(client, long, "messagesCursor", "messagesCursor", PAGES)
    return {
        "list": lists,
        f"list, {PAGES} pages on": f"{lists}&cursor={deep}",
        "list, closed": f"{lists}&status=closed",
        "list, unread": f"{lists}&unread=true",
        "list of an assignee": f"{lists}&assignee={church.admin_id}",
        "list of a label": f"{lists}&label={church.label}",
        "list of a group": f"{lists}&group={church.group}",
        "list of a number": f"{lists}&number={church.number.removeprefix('+')}",
        "list of group and label": f"{lists}&group={church.group}&label={church.label}",
        "counts": f"{inbox}/counts",
        "thread of 10": thread,
        "the longest thread": long,
        f"the longest, {PAGES} pages on": f"{long}?messagesCursor={older}" if older else long,
        "search, a third": f"{search}choir",
        "search, a hundredth": f"{search}picnic",
        "search, 20 of all": f"{search}casserole",
        "search, none": f"{search}nonesuch",
        "search, a phrase": f"{search}%22bible+study%22+-picnic",
        "search, begun": f"{search}pic",
        "search, a name of 20": f"{search}quill",
        "search, a name of many": f"{search}ann+exa",
        "search, last digits": f"{search}0142",
        "search, area and more": f"{search}20255501",
    }


async def _cursor(
    client: httpx.AsyncClient, path: str, given: str, told: str, pages: int
) -> str | None:
    """Where the page that so many pages on begins; None where there are fewer."""
    cursor = None
    for _ in range(pages):
        mark = "&" if "?" in path else "?"
        body = json(await client.get(f"{path}{mark}{given}={cursor}" if cursor else path))
        if (cursor := body[told]) is None:
            break
    return cursor


async def _without_redis(ground: Ground, system: System, small: Inbox, large: Inbox) -> Section:
    """Everything is read anew, by a gateway that keeps nothing either, and the service learns again
    and again that Redis is away."""
    async with cold_reads.keeping_nothing(system):
        kept = system.environment
        system.stop([SERVICE])
        system.environment = replace(kept, redis_url=NOWHERE)
        try:
            system.start_part(SERVICE)
            system.wait_until_ready([SERVICE])
            few, many = await _paths(system, small), await _paths(system, large)
            spreads = await _spreads(
                ground, system, (small, few), (large, {what: many[what] for what in KEPT})
            )
        finally:
            system.stop([SERVICE])
            system.environment = kept
            system.start_part(SERVICE)
            system.wait_until_ready([SERVICE])
    return Section(
        f"The inbox without Redis, {large.lines:,} messages, p50",
        [Measured(what, *spreads[what]).figure for what in KEPT],
    )


async def _kept(ground: Ground, system: System, church: Inbox) -> Section:
    """Four reads and one change in five, by four of the staff, in one process."""
    mixed = _Mixed(church)
    async with _alone(system, church) as (parts, client):
        with explain.watched(parts.database) as ran:
            until = time.perf_counter() + ground.seconds
            await asyncio.gather(*(mixed.work(client, until) for _ in range(4)))
        asked = sum(
            "FROM conversation_facets AS f" in sql or "sum(threads)" in sql for sql, _ in ran
        )
    if not mixed.reads:
        raise Spoiled("Nobody read the inbox.")
    kept = 1 - min(asked, mixed.reads) / mixed.reads
    changes = [Floor("reads", mixed.reads), Floor("changes", mixed.changes)]
    return Section(
        "Lists and counts answered from the cache, while one request in five changes a thread",
        [Figure("answered from the cache", 100 * kept, "%")],
        [", ".join(f"{each.value:,.0f} {each.what}" for each in changes)],
    )


class _Mixed:
    """What four of five requests read is mostly the first page."""

    def __init__(self, church: Inbox) -> None:
        inbox = "/api/conversations"
        pages: Sequence[str] = (
            *[inbox] * 5,
            *[f"{inbox}/counts"] * 2,
            f"{inbox}?unread=true",
            f"{inbox}?assignee=none",
            f"{inbox}?label={church.label}",
        )
        self._chosen = random.Random(1)  # the same load each time
        self._pages = pages
        self._threads = (church.long, church.ordinary)
        self._turn = itertools.cycle(("closed", "open"))
        self.reads = self.changes = 0

    async def work(self, client: httpx.AsyncClient, until: float) -> None:
        while time.perf_counter() < until:
            if self._chosen.random() < 0.2:
                path = f"/api/conversations/{self._chosen.choice(self._threads)}/status"
                json(await client.patch(path, json={"status": next(self._turn)}))
                self.changes += 1
            else:
                json(await client.get(self._chosen.choice(self._pages)))
                self.reads += 1
