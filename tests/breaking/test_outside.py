"""The carrier does not answer us, or we do not answer the carrier, in the middle of a broadcast."""

import asyncio

import pytest
from tests.integration.network import Network

from koinonia.common.testing.servers import Servers
from koinonia.devkit.layout import CARRIER
from koinonia.devkit.system import System

from .broadcast import Broadcast
from .healing import frozen, heal, let_time_pass
from .sizes import OUTAGE_SECONDS, TEST_SECONDS

pytestmark = pytest.mark.timeout(TEST_SECONDS)

SHORT_OF_PATIENCE = {"webhook_attempts": 3}  # as Telnyx is


async def test_a_broadcast_outlives_a_carrier_that_hangs(
    broadcast: Broadcast, system: System
) -> None:
    assert await broadcast.is_in_the_middle()
    with frozen(system, CARRIER):
        await asyncio.sleep(OUTAGE_SECONDS)  # an outage has a length
    await broadcast.ends_well()


async def test_a_broadcast_outlives_a_carrier_that_cannot_be_reached(
    broadcast: Broadcast, phones: Network
) -> None:
    await phones.turn(reset_share=1.0)
    assert await broadcast.is_in_the_middle()
    await asyncio.sleep(OUTAGE_SECONDS)  # an outage has a length
    assert await broadcast.is_in_the_middle()
    await phones.turn(reset_share=0.0)
    await broadcast.ends_well()


async def test_reports_that_nobody_took_arrive_when_the_ingress_is_back(
    broadcast: Broadcast, servers: Servers, system: System, phones: Network
) -> None:
    system.kill("ingress")
    await asyncio.sleep(OUTAGE_SECONDS)  # an outage has a length
    assert await _refused(phones)
    heal(servers, system)
    await broadcast.ends_well()
    assert not await _lost(phones)


async def test_reports_that_the_carrier_gave_up_on_are_asked_for(
    broadcast: Broadcast, servers: Servers, system: System, phones: Network
) -> None:
    await phones.turn(**SHORT_OF_PATIENCE)
    system.kill("ingress")
    await asyncio.sleep(OUTAGE_SECONDS)  # an outage has a length
    heal(servers, system)
    assert await _lost(phones)
    async with broadcast.database() as database, let_time_pass(database):
        await broadcast.ends_well()


async def _refused(phones: Network) -> int:
    """How often nobody took a report."""
    reports = (await phones.totals())["reports"]
    return int(reports["attempts"] - reports.get("delivered", 0))


async def _lost(phones: Network) -> int:
    """How many reports the carrier gave up on."""
    return int((await phones.totals())["reports"].get("lost", 0))
