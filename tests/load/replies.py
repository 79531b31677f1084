"""Replies of staff on a machine that has too much to do: a message to many is under way, and other
programs run without end, so that the load is about sixteen.

Each reply is timed from the request until the text is on the phone. Beside it stands how many texts
of the message leave a second meanwhile: what keeps replies quick must not stop everybody else.
"""

import os
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from tests.load import congregation, lanes, processor, progress, throughput
from tests.load.figures import Figure, Floor, Section, Spoiled, Spread
from tests.load.system import Ground, connected

from koinonia.common.testing.servers.process import spawn
from koinonia.devkit.layout import ROOT
from koinonia.devkit.system import System

PEOPLE = 20_000
LOAD = 16  # programs that want a core, ours among them
OURS = 4  # of ours and of the servers', while a message goes out
ALONE = 40  # replies before it is sent
REPLIES = 60
STEPS = """
    SELECT round(avg(extract(epoch FROM m.created_at - l.created_at)), 2) AS made,
           round(avg(extract(epoch FROM m.started_at - m.created_at)), 2) AS approved,
           round(avg(extract(epoch FROM r.called_at - m.started_at)), 2) AS claimed,
           round(avg(extract(epoch FROM r.sent_at - r.called_at)), 2) AS sent
      FROM messaging.messages AS m JOIN messaging.message_recipients AS r ON r.message_id = m.id
      JOIN conversation.conversation_messages AS l ON l.id = m.id
     WHERE m.kind = 'reply'
"""
UNDER_WAY = 200  # texts that have left before the first reply


async def measure(ground: Ground, system: System) -> Section:
    await throughput.turn(system, throughput.TELLING)
    async with (
        congregation.founded(system, "Overloaded", [PEOPLE]) as church,
        connected(system.environment.database_url) as owner,
        httpx.AsyncClient(base_url=system.carrier_url, timeout=60, trust_env=False) as carrier,
    ):
        threads = await lanes.threads_of(church, carrier, ALONE + REPLIES)
        with others(ground.folder, LOAD - OURS - round(os.getloadavg()[0])) as count:
            alone = await lanes.replied(church, carrier, threads[:ALONE], "Alone")
            message = await church.send(PEOPLE, "Service on Sunday begins at ten. See you there!")
            await progress.until(
                owner, message, lambda row: bool(row["total"] - row["pending"] >= UNDER_WAY)
            )
            before, used = await sent(owner, message), await processor.used(system)
            began = time.perf_counter()
            seconds = await lanes.replied(church, carrier, threads[ALONE:], "Meanwhile")
            took = time.perf_counter() - began
            rate = (await sent(owner, message) - before) / took
            spent = (await processor.used(system)).since(used)
            load = os.getloadavg()[0]
            steps = await owner.fetchrow(STEPS)
        await church.pause(message)
    floor = Floor("without the message", 1000 * statistics.median(alone))
    figures = [
        Figure(
            "a reply, to the phone",
            1000 * statistics.median(seconds),
            "ms",
            [floor],
            Spread.of(seconds),
        ),
        Figure(
            "… without the message", 1000 * statistics.median(alone), "ms", [], Spread.of(alone)
        ),
    ]
    shares = ", ".join(f"{part} {each / took:.2f}" for part, each in spent.items() if each > 0.1)
    waited = ", ".join(f"{step} {each}" for step, each in (steps or {}).items())
    notes = [
        f"{count} programs beside ours, load {load:.1f}; {rate:.0f} texts of the message a second.",
        f"Seconds of its steps on average: {waited}.",
        f"Cores that each part had meanwhile: {shares}.",
    ]
    return Section(f"{REPLIES} replies, one each {lanes.EVERY_SECONDS} s", figures, notes)


async def sent(owner: "asyncpg.Connection[Any]", message: UUID) -> int:
    """Texts of the message that have left by now."""
    row = await owner.fetchrow(progress.COUNTS, message)
    if row is None or row["pending"] == 0:
        raise Spoiled(f"The message to {PEOPLE:,} was over before the replies were.")
    return int(row["total"] - row["pending"])


@contextmanager
def others(folder: Path, count: int) -> Iterator[int]:
    """``count`` programs that want a core without end; returns how many there are."""
    programs = [
        spawn(
            [sys.executable, "-c", "while True: pass"],
            log=folder / "others.log",
            env=os.environ,
            cwd=ROOT,
        )
        for _ in range(max(0, count))
    ]
    try:
        yield len(programs)
    finally:
        for program in programs:
            program.end(signal.SIGKILL, 5)
