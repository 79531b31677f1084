"""Texts per second through the whole path, beside a bare loop of calls to the same carrier.

Twice: once the carrier keeps its reports to itself, which shows the sending worker; once it reports
twice about each text, as carriers do, and a text counts when it is noted as delivered.
"""

import statistics
from typing import Any

import asyncpg
import httpx
from tests.load import carrier_alone, congregation, processor, progress
from tests.load.bare import Bare
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section
from tests.load.system import connected

from koinonia.devkit.layout import CARRIER
from koinonia.devkit.system import System

TEXTS = 2000
ROUNDS = 2
QUICK: dict[str, Any] = {"final_after": 0, "fail_share": 0, "answer_share": 0}
SILENT = QUICK | {"sent_after": 86_400}  # taken, and never heard of again
TELLING = QUICK | {"sent_after": 0}


async def measure(system: System, bare: Bare) -> Section:
    async with congregation.founded(system, "Throughput", [TEXTS]) as church:
        await turn(system, SILENT)
        handed_over, call_alone, work = await _compared(system, church, bare, reports=False)
        await turn(system, TELLING)
        delivered, all_alone, whole = await _compared(system, church, bare, reports=True)
    figures = [
        Figure("claimed, called, noted", handed_over, "/s", [Floor("aiohttp alone", call_alone)]),
        Figure(
            "… and reported twice", delivered, "/s", [Floor("aiohttp and bare reports", all_alone)]
        ),
    ]
    notes = ["Processor time of one text, and of one with its two reports:", *work, *whole]
    return Section(f"Texts per second, in messages to {TEXTS:,}", figures, notes)


async def turn(system: System, knobs: dict[str, Any]) -> None:
    """Turn knobs of the simulated carrier."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        answer = await client.post(f"{system.carrier_url}/_control/behaviour", json=knobs)
        answer.raise_for_status()


async def _compared(
    system: System, church: Congregation, bare: Bare, *, reports: bool
) -> tuple[float, float, list[str]]:
    """Ours and the floor in turns; texts per second of each, and what ours costs."""
    ours, alone = [], []
    bare_spent = {"carrier": 0.0, "bare reports": 0.0}
    async with connected(system.environment.database_url) as owner:
        await _sent(owner, church, f"Warm-up, reports {reports}", reports=reports)
        before = await processor.used(system)
        spent: dict[str, float] = {}
        for number in range(ROUNDS):
            ours.append(await _sent(owner, church, f"{number}, reports {reports}", reports=reports))
            after = (await processor.used(system)).since(before)
            spent = {part: spent.get(part, 0.0) + used for part, used in after.items()}
            earlier = _of_floor(system, bare)
            called, reported = await carrier_alone.seconds(system, bare, TEXTS, reports=reports)
            for part, seconds in _of_floor(system, bare).items():
                bare_spent[part] += seconds - earlier[part]
            alone.append(TEXTS / (reported if reports else called))
            before = await processor.used(system)
    floor = processor.shares(bare_spent, TEXTS * ROUNDS * carrier_alone.COUNTED)
    work = [f"  {processor.shares(spent, TEXTS * ROUNDS)}", f"  floor: {floor}"]
    return statistics.median(ours), statistics.median(alone), work


def _of_floor(system: System, bare: Bare) -> dict[str, float]:
    """Processor seconds of what the floor is made of, its caller apart."""
    carrier = system.running(CARRIER)
    return {
        "carrier": processor.seconds(carrier.pid) if carrier else 0.0,
        "bare reports": processor.seconds(bare.process.pid),
    }


async def _sent(
    owner: "asyncpg.Connection[Any]", church: Congregation, mark: str, *, reports: bool
) -> float:
    """Texts per second from the approval on."""
    message = await church.send(TEXTS, f"{mark}: service on Sunday begins at ten. See you there!")
    began = await progress.until(owner, message, progress.is_approved)
    reached = progress.is_delivered if reports else progress.is_handed_over
    return TEXTS / (await progress.until(owner, message, reached) - began)
