"""The floor of sending: the carrier called by aiohttp alone, reports heard by a bare application.

As many calls at a time as messaging makes, by the client library that it uses.
"""

import asyncio
import time
from dataclasses import dataclass

import aiohttp
import orjson
from tests.load.bare import Bare
from tests.load.church import RECIPIENTS

from koinonia.common.testing.phones import phone
from koinonia.devkit.system import System
from koinonia.messaging.settings import Settings

SENDER = "+12025550199"  # nobody's, which the simulated carrier takes as its own
REPORTS_PER_TEXT = 2  # sent, delivered
ROUNDS = 3  # the first opens the connections
COUNTED = ROUNDS - 1  # as many texts in each; the first has a few
PATIENCE = 30.0


async def seconds(
    system: System, bare: Bare, texts: int = RECIPIENTS, *, reports: bool = True
) -> tuple[float, float]:
    """Until all calls are answered, and until all reports have come: the best of the rounds.

    ``reports``: whether the carrier tells of what it takes.
    """
    calls = Settings.model_fields["carrier_calls"].default
    key = system.environment.variables("messaging")["KOINONIA_TELNYX_API_KEY"]
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=calls),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        timeout=aiohttp.ClientTimeout(total=PATIENCE),
        raise_for_status=True,
    ) as client:
        url = f"{system.carrier_url}/v2/messages"
        wanted = REPORTS_PER_TEXT if reports else 0
        rounds = [
            await _round(
                client, url, calls, bare, Round(number, texts if number else calls, wanted)
            )
            for number in range(ROUNDS)
        ]
    called, reported = zip(*rounds[1:], strict=True)
    return min(called), min(reported)


@dataclass(frozen=True, slots=True)
class Round:
    """Its number, and how much there is to do."""

    number: int
    texts: int
    reports_per_text: int


async def _round(
    client: aiohttp.ClientSession, url: str, calls: int, bare: Bare, this: Round
) -> tuple[float, float]:
    waiting = [_body(bare, n, this.number) for n in range(this.texts)]
    wanted = await _reports(client, bare) + this.reports_per_text * this.texts
    began = time.perf_counter()

    async def call() -> None:
        while waiting:
            async with client.post(url, data=waiting.pop()) as response:
                await response.read()

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(call() for _ in range(calls)))
        called = time.perf_counter() - began
        while await _reports(client, bare) < wanted:  # noqa: ASYNC110 - counted elsewhere
            await asyncio.sleep(0.01)
    return called, time.perf_counter() - began


async def _reports(client: aiohttp.ClientSession, bare: Bare) -> int:
    async with client.get(bare.reports_url) as response:
        return int(await response.text())


def _body(bare: Bare, n: int, number: int) -> bytes:
    text = f"Floor {number}: service on Sunday begins at ten. See you there!"
    return orjson.dumps(
        {
            "from": SENDER,
            "to": phone(n),
            "text": text,
            "webhook_url": bare.reports_url,
            "type": "SMS",
        }
    )
