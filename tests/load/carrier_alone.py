"""The floor of sending: the carrier called by httpx alone, its reports heard by a bare application.

As many calls at a time as messaging makes, over one kept connection each, as its own client does.
"""

import asyncio
import time
from contextlib import AsyncExitStack

import httpx
import orjson
from tests.load.bare import Bare
from tests.load.church import RECIPIENTS
from tests.load.figures import Spoiled

from koinonia.common.testing.phones import phone
from koinonia.devkit.system import System
from koinonia.messaging.settings import Settings

SENDER = "+12025550199"  # nobody's, which the simulated carrier takes as its own
REPORTS_PER_TEXT = 2  # sent, delivered
ROUNDS = 3  # the first opens the connections
PATIENCE = 30.0


async def seconds(system: System, bare: Bare) -> tuple[float, float]:
    """Until all calls are answered, and until all reports have come: the best of the rounds."""
    calls = Settings.model_fields["carrier_calls"].default
    key = system.environment.of("messaging")["KOINONIA_TELNYX_API_KEY"]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    one = httpx.Limits(max_connections=1)
    async with AsyncExitStack() as stack:
        lines = [
            await stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=f"{system.carrier_url}/v2",
                    headers=headers,
                    limits=one,
                    timeout=10,
                    trust_env=False,
                )
            )
            for _ in range(calls)
        ]
        rounds = [await _round(lines, bare, n) for n in range(ROUNDS)]
    called, reported = zip(*rounds[1:], strict=True)
    return min(called), min(reported)


async def _round(lines: list[httpx.AsyncClient], bare: Bare, number: int) -> tuple[float, float]:
    waiting = [_body(bare, n, number) for n in range(RECIPIENTS)]
    wanted = await _reports(lines[0], bare) + REPORTS_PER_TEXT * RECIPIENTS
    began = time.perf_counter()

    async def call(line: httpx.AsyncClient) -> None:
        while waiting:
            (await line.post("/messages", content=waiting.pop())).raise_for_status()

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(call(line) for line in lines))
        called = time.perf_counter() - began
        async with httpx.AsyncClient(trust_env=False) as client:
            while await _reports(client, bare) < wanted:  # noqa: ASYNC110 - counted elsewhere
                await asyncio.sleep(0.01)
    return called, time.perf_counter() - began


async def _reports(client: httpx.AsyncClient, bare: Bare) -> int:
    answer = await client.get(bare.reports_url)
    if answer.status_code != 200:
        raise Spoiled(f"The bare application answered {answer.status_code}")
    return int(answer.text)


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
