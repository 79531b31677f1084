"""Ten churches that text at the same time: they are to progress together, and none to wait."""

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

CHURCHES = 10
TEXTS = 600  # six batches, of which four may be in flight
LOOK_EVERY = 0.1
PATIENCE = 300.0
WORDS = "Service on Sunday begins at ten. See you there!"
SHARES = """
    SELECT id, delivered_count::float / total_recipients AS share
      FROM messaging.messages WHERE id = ANY($1)
"""


async def measure(system: System) -> Section:
    await throughput.turn(system, throughput.TELLING)
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
        Figure("until the first is delivered", min(finished), "s", [floor]),
        Figure("until the last is delivered", max(finished), "s", [floor]),
    ]
    note = f"At no time was one church more than {apart:.0%} of its message ahead of another."
    return Section(f"{CHURCHES} churches text {TEXTS} each at once", figures, [note])


async def _together(
    owner: "asyncpg.Connection[Any]", churches: list[Congregation]
) -> tuple[list[float], float]:
    """Seconds until each is delivered, and the most that one was ahead: a share of a message."""
    began = time.perf_counter()
    messages = await asyncio.gather(*(church.send(TEXTS, WORDS) for church in churches))
    finished: dict[UUID, float] = {}
    apart = 0.0
    while len(finished) < len(messages):
        shares = {row["id"]: row["share"] for row in await owner.fetch(SHARES, messages)}
        now = time.perf_counter() - began
        apart = max(apart, max(shares.values()) - min(shares.values()))
        for message, share in shares.items():
            if share >= 1:
                finished.setdefault(message, now)
        if now > PATIENCE:
            raise Spoiled(f"Not delivered within {PATIENCE:.0f} s: {sorted(shares.values())}")
        await asyncio.sleep(LOOK_EVERY)
    return list(finished.values()), apart
