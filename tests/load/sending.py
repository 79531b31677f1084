"""One message to 500 people: how soon it is accepted, handed to the carrier, delivered.

The simulated carrier answers each call after about 10 ms and then reports at once, so that what is
measured is ours and the machine's.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from tests.load import carrier_alone, insert_alone, processor
from tests.load.bare import Bare
from tests.load.church import RECIPIENTS, Church
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.system import connected

from koinonia.devkit.system import System

ROUNDS = 7  # the first is not counted
PATIENCE = 60.0
LOOK_EVERY = 0.01
REST = 0.3  # for what follows a delivery: figures, ledger, threads
KNOBS = {"sent_after": 0, "final_after": 0, "fail_share": 0, "answer_share": 0}

STAGES = ("approved", "claimed", "handed_over", "delivered")
PROGRESS = """
    SELECT status <> 'pending' AS approved, pending_count = 0 AS claimed,
           delivered_count = total_recipients AS delivered,
           NOT EXISTS (SELECT FROM messaging.dispatch_batches WHERE message_id = id) AS handed_over
      FROM messaging.messages WHERE id = $1
"""
"""A batch is deleted in the transaction that writes down the carrier's answers."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the request on."""

    answered: float
    approved: float
    claimed: float
    handed_over: float
    delivered: float


async def measure(system: System, church: Church, bare: Bare) -> Section:
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        turned = await client.post(f"{system.carrier_url}/_control/behaviour", json=KNOBS)
        turned.raise_for_status()
        warm_up, *texts = _texts()
        await _round(client, system, church, warm_up)
        before = await processor.used(system)
        rounds = [await _round(client, system, church, text) for text in texts]
        spent = (await processor.used(system)).since(before)
    inserted = await insert_alone.seconds(system, church)
    called, reported = await carrier_alone.seconds(system, bare)
    delivered = _median(rounds, "delivered")
    figures = [
        _figure("accepted (the answer to POST)", rounds, "answered", "its inserts alone", inserted),
        Figure("POST to approved by billing", _median(rounds, "approved"), "ms"),
        Figure("POST to all claimed", _median(rounds, "claimed"), "ms"),
        _figure("POST to all with the carrier", rounds, "handed_over", "aiohttp alone", called),
        _figure(
            "POST to all delivered", rounds, "delivered", "aiohttp alone, and reports", reported
        ),
    ]
    notes = [
        f"{RECIPIENTS / delivered * 1000:,.0f} texts per second from POST to delivered.",
        "Processor time of one text and its two reports:",
        f"  {processor.shares(spent, RECIPIENTS * len(rounds))}",
    ]
    return Section(f"A message to {RECIPIENTS}, median of {len(rounds)}", figures, notes)


def _texts() -> Iterator[str]:
    return (f"Number {n}: service on Sunday begins at ten. See you there!" for n in range(ROUNDS))


async def _round(client: httpx.AsyncClient, system: System, church: Church, content: str) -> Times:
    request = {
        "content": content,
        "targetType": "groups",
        "targetIds": [str(church.group_id)],
    }
    async with connected(system.environment.database_url) as owner:
        began = time.perf_counter()
        answer = await client.post(
            f"{system.gateway_url}/api/messages/send", json=request, headers=church.headers
        )
        answered = time.perf_counter() - began
        if answer.status_code != 202 or answer.json()["totalRecipients"] != RECIPIENTS:
            raise Spoiled(f"Sending answered {answer.status_code}: {answer.text[:300]}")
        seen = await _watched(owner, UUID(answer.json()["id"]), began)
    await asyncio.sleep(REST)
    return Times(answered, **seen)


async def _watched(
    owner: "asyncpg.Connection[Any]", message_id: UUID, began: float
) -> dict[str, float]:
    """When each stage was first seen complete."""
    seen: dict[str, float] = {}
    while len(seen) < len(STAGES):
        row = await owner.fetchrow(PROGRESS, message_id)
        now = time.perf_counter() - began
        for stage, is_complete in dict(row or {}).items():
            if is_complete:
                seen.setdefault(stage, now)
        if now > PATIENCE:
            raise Spoiled(f"Not delivered within {PATIENCE:.0f} s; reached: {', '.join(seen)}.")
        await asyncio.sleep(LOOK_EVERY)
    return seen


def _median(rounds: list[Times], stage: str) -> float:
    return 1000 * float(statistics.median(getattr(each, stage) for each in rounds))


def _figure(what: str, rounds: list[Times], stage: str, floor: str, seconds: float) -> Figure:
    return Figure(what, _median(rounds, stage), "ms", [Floor(floor, 1000 * seconds)])
