"""How quick the pages feel: a thread of 10,000 lines, a list of 10,000 conversations, typing, and
the first sight of the inbox on a slow machine.

Each is tried a few times and the best counts: what else this machine does is nothing of the page's.
"""

import asyncio
import statistics
import time

from playwright.async_api import CDPSession
from tests.integration.conftest import Founded
from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

from .conftest import Sits
from .long_lists import write_conversations, write_lines, write_news
from .person import Person

CHAIRS = "Can we bring chairs on Sunday?"
TRIES = 3
LINES = 10_000
OPENS_MS = 300
MOVES_PX = 1
KEY_MEDIAN_MS, KEY_P95_MS = 16, 50
SLOWER = 4  # times, as a cheap phone is
COLD_MS, WARM_MS = 1_200, 500
CONVERSATIONS, PAGES = 10_000, 200
MOST_ROWS = 60
GROWTH_MB = 30
STORM_CONVERSATIONS, EVENTS_A_SECOND, STORM_SECONDS = 500, 100, 15
LONG_TASK_MS = 100
MACHINES_OWN = 2  # of tasks that were long because something else had the core

# From the click until the newest line stands in the thread and was painted.
OPEN = """async () => {
    const began = performance.now();
    document.querySelector("a[href^='/inbox/']").click();
    const isThere = () => document.querySelector("[role=log]")?.innerText.includes("chairs");
    const patience = began + 10_000;
    while (!isThere() && performance.now() < patience) await new Promise(requestAnimationFrame);
    return performance.now() - began;
}"""
# Scrolls up to where older lines are asked for; how far what one reads moves when they are there.
PREPEND = """async () => {
    const log = document.querySelector("[role=log]");
    const shown = () => [...log.querySelectorAll("[data-index]")];
    const top = log.getBoundingClientRect().top;
    const frame = () => new Promise(requestAnimationFrame);
    log.scrollTop = 300;
    await frame();
    await frame();
    const read = shown().find((each) => each.getBoundingClientRect().top >= top);
    const words = read.innerText;
    const before = read.getBoundingClientRect().top;
    const height = log.scrollHeight;
    const patience = performance.now() + 10_000;
    while (log.scrollHeight < height + 1_000 && performance.now() < patience) await frame();
    for (let n = 0; n < 20; n += 1) await frame();
    const same = shown().find((each) => each.innerText === words);
    return Math.abs(same.getBoundingClientRect().top - before);
}"""
# Each key, from the event to when the frame with it was drawn, less the wait for that frame's turn.
WATCH_KEYS = """() => {
    window.took = [];
    document.addEventListener("keydown", () => {
        const began = performance.now();
        queueMicrotask(() => setTimeout(() => {
            const worked = performance.now() - began;
            requestAnimationFrame((frame) => {
                const channel = new MessageChannel();
                channel.port1.onmessage = () =>
                    window.took.push(worked + performance.now() - frame);
                channel.port2.postMessage(null);
            });
        }));
    }, { capture: true });
}"""
WATCH_TASKS = """() => {
    window.tasks = [];
    new PerformanceObserver((list) => {
        for (const each of list.getEntries()) window.tasks.push(each.duration);
    }).observe({ type: "longtask" });
}"""
OWN_CHURCH = "async () => (await fetch('/api/auth/me')).json()"
LARGEST_PAINT = """() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
        .observe({ type: "largest-contentful-paint", buffered: true });
})"""
TO_THE_END = """async () => {
    const list = document.querySelector("ul[aria-label=Conversations]");
    list.parentElement.scrollTop = list.parentElement.scrollHeight;
    const rows = list.querySelectorAll("li");
    return [rows.length, Number(rows[rows.length - 1].ariaPosInSet)];
}"""


async def test_a_thread_of_ten_thousand_lines_opens_at_once_and_stays_where_one_reads(
    person: Sits, found: Founded, phones: Network, system: System
) -> None:
    ann = await _with_a_text(person, found, phones, system, lines=LINES)
    took = []
    for _ in range(TRIES):
        await ann.opens("/inbox")
        assert await ann.sees(CHAIRS)
        took.append(await ann.run(OPEN))
    assert min(took) <= OPENS_MS, took
    assert await ann.run("document.querySelectorAll('[role=log] [data-index]').length") < MOST_ROWS
    assert await ann.run(PREPEND) <= MOVES_PX


async def test_a_key_is_seen_at_once_in_a_long_draft_beside_a_long_thread(
    person: Sits, found: Founded, phones: Network, system: System
) -> None:
    ann = await _with_a_text(person, found, phones, system, lines=LINES)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    await ann.writes("Answer", "We bring what is needed. " * 40)
    await ann.run(WATCH_KEYS)
    best: list[float] = []
    for _ in range(TRIES):
        await ann.run("window.took = []")
        await ann.field("Answer").press_sequentially("And tables, please. " * 3, delay=20)
        took = sorted(await eventually(lambda: _all_taken(ann, 60), 10))
        if not best or statistics.median(took) < statistics.median(best):
            best = took
    assert statistics.median(best) <= KEY_MEDIAN_MS
    assert best[int(len(best) * 0.95)] <= KEY_P95_MS


async def test_the_inbox_is_seen_soon_on_a_slow_machine(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    await phones.text(church.phones[0], church.number, CHAIRS)
    cold, warm = [], []
    for _ in range(TRIES):
        ann = await person(church)
        tools = await _tools(ann)
        await tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        # The second visit leaves compiled scripts behind, as every day's first does.
        visits = [await _sight(ann) for _ in range(3)]
        cold.append(visits[0])
        warm.append(visits[2])
    assert min(cold) <= COLD_MS, cold
    assert min(warm) <= WARM_MS, warm


async def test_ten_thousand_conversations_are_scrolled_through_in_little_memory(
    person: Sits, found: Founded, phones: Network, system: System
) -> None:
    ann = await _with_a_text(person, found, phones, system, conversations=CONVERSATIONS)
    await ann.opens("/inbox")
    assert await ann.sees(CHAIRS)
    before = await _heap_mb(ann)

    async def is_at_the_end() -> bool:
        rows, place = await ann.run(TO_THE_END)
        assert rows <= MOST_ROWS
        return bool(place > CONVERSATIONS)

    await eventually(is_at_the_end, 100)
    assert ann.asked_for("/api/conversations?") >= PAGES
    assert await _heap_mb(ann) - before <= GROWTH_MB


async def test_a_hundred_events_a_second_leave_the_inbox_quick(
    person: Sits, found: Founded, phones: Network, system: System
) -> None:
    ann = await _with_a_text(person, found, phones, system, conversations=STORM_CONVERSATIONS)
    await ann.opens("/inbox")
    assert await ann.sees(CHAIRS)
    church_id = (await ann.run(OWN_CHURCH))["church"]["id"]
    await ann.run(WATCH_TASKS)
    asked = ann.asked_for("/api/conversations?")
    began = time.monotonic()
    for second in range(STORM_SECONDS):
        await write_news(system, church_id, EVENTS_A_SECOND)
        await asyncio.sleep(max(0, began + second + 1 - time.monotonic()))  # the pace of the storm
    tasks = await ann.run("window.tasks")
    assert len([each for each in tasks if each > LONG_TASK_MS]) <= MACHINES_OWN, tasks
    # The list is asked for anew once a second at most, however much comes.
    assert 0 < ann.asked_for("/api/conversations?") - asked <= STORM_SECONDS + 3


async def _sight(who: Person) -> float:
    """Milliseconds until the largest thing of the inbox was painted."""
    await who.opens("/inbox")
    assert await who.sees(CHAIRS)
    painted: float = await who.run(LARGEST_PAINT)
    return painted


async def _with_a_text(
    person: Sits,
    found: Founded,
    phones: Network,
    system: System,
    *,
    lines: int = 0,
    conversations: int = 0,
) -> Person:
    """Somebody whose church was texted, and has a past."""
    church = await found(members=1)
    await phones.text(church.phones[0], church.number, CHAIRS)
    await church.conversation_with(church.phones[0])
    await write_lines(system, church, lines)
    await write_conversations(system, church, conversations)
    return await person(church)


async def _all_taken(who: Person, count: int) -> list[float]:
    took: list[float] = await who.run("window.took")
    return took if len(took) >= count else []


async def _tools(who: Person) -> CDPSession:
    return await who.page.context.new_cdp_session(who.page)


async def _heap_mb(who: Person) -> float:
    tools = await _tools(who)
    await tools.send("HeapProfiler.collectGarbage")
    await tools.send("Performance.enable")
    metrics = (await tools.send("Performance.getMetrics"))["metrics"]
    used: float = next(each["value"] for each in metrics if each["name"] == "JSHeapUsedSize")
    return used / 2**20
