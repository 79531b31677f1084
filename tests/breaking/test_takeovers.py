"""Workers that die, or are stopped and go on: others have their texts within seconds, once."""

import asyncio
import time
from collections.abc import Sequence

import asyncpg
import pytest

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .broadcast import STEADY, Broadcast
from .healing import frozen, heal
from .sizes import PATIENCE, TEST_SECONDS

pytestmark = pytest.mark.timeout(TEST_SECONDS)

OTHER = "messaging@2"
KILLS = 3
TAKEN_OVER_SECONDS = 10.0
START_SECONDS = 10.0  # of a process, while everything else works
STOPPED_SECONDS = 30.0
SLOW_CARRIER = 0.8  # seconds a text, so that the broadcast outlasts the deaths


async def test_a_broadcast_whose_only_worker_is_killed_three_times_goes_on_within_seconds(
    broadcast: Broadcast, servers: Servers, system: System
) -> None:
    await broadcast.phones.turn(send_latency=SLOW_CARRIER)
    other = await _worker(broadcast, system, OTHER)
    system.kill(OTHER)
    await _nobody_holds(broadcast, [other], TAKEN_OVER_SECONDS)
    for _ in range(KILLS):
        assert await broadcast.is_in_the_middle()
        before = await broadcast.taken()
        gone = await _workers(broadcast)
        system.kill("messaging")
        system.start_part("messaging")
        await _nobody_holds(broadcast, gone, TAKEN_OVER_SECONDS + START_SECONDS)
        await eventually(lambda: _has_sent_more(broadcast, before), PATIENCE)  # noqa: B023
    heal(servers, system)
    await broadcast.phones.turn(**STEADY)
    await broadcast.ends_well()


async def test_a_worker_that_is_stopped_while_another_takes_over_texts_nobody_twice(
    broadcast: Broadcast, servers: Servers, system: System
) -> None:
    with frozen(system, "messaging"):
        began = time.monotonic()
        async with broadcast.database() as database:
            await eventually(lambda: _silent_workers(database), PATIENCE)
            await eventually(lambda: _all_live(database), TAKEN_OVER_SECONDS)
        assert time.monotonic() - began < TAKEN_OVER_SECONDS + 2  # ours to look
        await asyncio.sleep(STOPPED_SECONDS - (time.monotonic() - began))  # what is tested
    await broadcast.ends_well()


async def _workers(broadcast: Broadcast) -> list[str]:
    async with broadcast.database() as database:
        return [row["id"] for row in await database.fetch("SELECT id FROM messaging.workers")]


async def _worker(broadcast: Broadcast, system: System, part: str) -> str:
    """The id under which a process works, which names its host and its number."""
    running = system.running(part)
    assert running
    [worker] = [each for each in await _workers(broadcast) if f":{running.pid}:" in each]
    return worker


async def _nobody_holds(broadcast: Broadcast, gone: Sequence[str], within: float) -> None:
    """Wait until nothing is claimed any more by workers that are gone."""
    async with broadcast.database() as database:

        async def is_free() -> bool:
            held: int = await database.fetchval(
                """
                SELECT count(*) FROM messaging.dispatch_batches
                 WHERE worker = ANY($1) AND state = 'claimed'
                """,
                gone,
            )
            return held == 0

        await eventually(is_free, within)


async def _has_sent_more(broadcast: Broadcast, before: int) -> bool:
    return await broadcast.taken() > before


async def _silent_workers(database: "asyncpg.Connection") -> int:
    count: int = await database.fetchval(
        "SELECT count(*) FROM messaging.workers WHERE alive_until < now() + interval '5 seconds'"
    )
    return count


async def _all_live(database: "asyncpg.Connection") -> bool:
    return await _silent_workers(database) == 0
