"""Ten churches that text at the same time: they are to progress together, and none to wait.

A text counts when the carrier's answer is noted. The carrier keeps its reports to itself, because
it would tell of all churches in one line, whatever our turns are.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import asyncpg
from tests.load import congregation, throughput
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.system import connected

from koinonia.devkit.system import System
from koinonia.messaging.messages import batches

CHURCHES = 10
TEXTS = 1500
LOOK_EVERY = 0.2
PATIENCE = 300.0
WORDS = "Service on Sunday begins at ten. See you there!"
SENT = """
    SELECT m.id, count(r.carrier_message_id) AS texts
      FROM messaging.messages m JOIN messaging.message_recipients r ON r.message_id = m.id
     WHERE m.id = ANY($1) GROUP BY m.id
"""


async def measure(system: System) -> Section:
    await throughput.turn(system, throughput.SILENT)
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(connected(system.environment.database_url))
        churches = [
            await stack.enter_async_context(congregation.founded(system, f"Church {n}", [TEXTS]))
            for n in range(CHURCHES)
        ]
        alone, _ = await _together(owner, churches[:1])
        finished, apart = await _together(owner, churches)
    floor = Floor(f"{CHURCHES} times one alone", CHURCHES * alone[0])
    figures = [
        Figure("until the first is sent", min(finished), "s", [floor]),
        Figure("until the last is sent", max(finished), "s", [floor]),
    ]
    window = batches.WINDOW * batches.SIZE
    note = f"No church was ever more than {apart:,} texts ahead of another; a window is {window:,}."
    return Section(f"{CHURCHES} churches text {TEXTS:,} each at once", figures, [note])


async def _together(
    owner: "asyncpg.Connection[Any]", churches: list[Congregation]
) -> tuple[list[float], int]:
    """Seconds until each is sent, and how many texts one was ahead of another at most."""
    began = time.perf_counter()
    messages = await asyncio.gather(*(church.send(TEXTS, WORDS) for church in churches))
    finished: dict[UUID, float] = {}
    apart = 0
    while len(finished) < len(messages):
        sent = {row["id"]: row["texts"] for row in await owner.fetch(SENT, messages)}
        now = time.perf_counter() - began
        apart = max(apart, max(sent.values()) - min(sent.values()))
        for message, texts in sent.items():
            if texts == TEXTS:
                finished.setdefault(message, now)
        if now > PATIENCE:
            raise Spoiled(f"Not sent within {PATIENCE:.0f} s: {sorted(sent.values())}")
        await asyncio.sleep(LOOK_EVERY)
    return list(finished.values()), apart
