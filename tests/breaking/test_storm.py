"""A storm of texts comes in while those who take them in are killed, and nothing of it is lost."""

import asyncio

import pytest
from tests.integration.conftest import Founded
from tests.integration.network import CALM, Network
from tests.integration.storms import Storm, lines

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .broadcast import LOOK_SECONDS, buried
from .healing import heal
from .sizes import INBOUND

PER_PHONE = 20
PATIENCE = 120 + INBOUND / 20
"""Seconds: twenty texts each second, where a quiet machine makes hundreds."""

pytestmark = pytest.mark.timeout(60 + 3 * PATIENCE)

STORMY = {
    "duplicate_share": 0.2,
    "webhook_attempts": 12,  # so that no text is lost while we are away; see docs/guarantees.md
    "webhook_backoff": 0.25,
}


@pytest.mark.parametrize(
    "killed", [["conversation", "conversation@2"], ["ingress"]], ids=" and ".join
)
async def test_nothing_of_a_storm_of_texts_is_lost_by_the_death_of(
    killed: list[str], found: Founded, phones: Network, servers: Servers, system: System
) -> None:
    church, before = await found(), await buried(system)
    await phones.turn(**CALM | STORMY)
    storm = Storm.of(senders=INBOUND // PER_PHONE, texts=INBOUND)
    breaking_out = asyncio.create_task(storm.break_out(phones, church.number))
    await eventually(lambda: _is_at(storm, 1 / 3), PATIENCE)
    for name in killed:
        system.kill(name)
    await eventually(lambda: _is_at(storm, 2 / 3), PATIENCE)
    await asyncio.to_thread(heal, servers, system)  # while texts go on coming in
    await breaking_out

    async def all_there() -> object:
        await asyncio.sleep(LOOK_SECONDS)  # whoever looks takes time from who is looked at
        return await storm.threads(church)

    threads = await eventually(all_there, PATIENCE)
    await phones.rest(PATIENCE)
    assert await lines(church, threads) == storm.lines
    counts = await church.get("/api/conversations/counts")
    assert counts["statuses"]["open"] == {"total": len(threads), "unread": len(threads)}
    assert await buried(system) == before


async def _is_at(storm: Storm, share: float) -> bool:
    return storm.sent >= share * len(storm.texts)
