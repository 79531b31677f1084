"""Fifty connections do their worst at a gateway as it runs, and other churches notice nothing."""

import asyncio
import sys
import time
from contextlib import AsyncExitStack

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from . import gateway_process
from .conftest import Peers
from .factories import SIGNER, bearer
from .gateway_process import GatewayProcess
from .peers import Seen

ATTACK_SECONDS = 1.0
P99_SECONDS = 0.1
SPARE_BYTES = 32 * 1024 * 1024
SETTINGS = {
    "limit_admin": "100000/minute",
    "limit_address": "100000/minute",
    "limit_timeout_ms": 2000,
    "connections_per_address": 0,
}
PATHS = ("/health/live", "/api/members")  # answered here, and by a service


@pytest.mark.alone("waits and memory are measured")
async def test_while_fifty_connections_do_their_worst_others_are_answered_at_once(
    redis_url: str, peers: Peers
) -> None:
    """What the attackers take of the machine counts for nothing: on a machine where that alone
    makes others wait, they wait at most three times as long when it is their gateway's turn."""

    async def keys(_: Seen) -> Response:
        return JSONResponse({"keys": [SIGNER.jwk]})

    peers["auth"].answer = keys
    async with AsyncExitStack() as stack:
        ours, another = [
            await stack.enter_async_context(gateway_process.running(redis_url, peers, **SETTINGS))
            for _ in range(2)
        ]
        beside, _ = await attacked(ours, at=another)
        memory = ours.resident_bytes
        waits, connections = await attacked(ours, at=ours)
        assert ours.resident_bytes - memory < SPARE_BYTES
    assert connections > 50  # those that were cut off came back
    assert p99(waits) < max(P99_SECONDS, 3 * p99(beside))


async def attacked(gateway: GatewayProcess, at: GatewayProcess) -> tuple[list[float], int]:
    """How long requests to ``gateway`` take while another process attacks ``at``, and over how many
    connections it does."""
    attack = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "koinonia.common.testing.worst_clients"),
        *(str(at.port), str(ATTACK_SECONDS)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert attack.stdout
    waits: list[float] = []
    async with httpx.AsyncClient(base_url=gateway.url, headers=bearer(), timeout=30) as client:
        while attack.returncode is None:
            began = time.perf_counter()
            assert (await client.get(PATHS[len(waits) % 2])).is_success
            waits.append(time.perf_counter() - began)
    return waits, int(await attack.stdout.read())


def p99(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]
