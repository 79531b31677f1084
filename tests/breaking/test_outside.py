"""The carrier does not answer us, or we do not answer the carrier, in the middle of a broadcast."""

import asyncio

from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers
from koinonia.devkit.layout import CARRIER
from koinonia.devkit.system import System

from .broadcast import Broadcast
from .healing import frozen, heal

OUTAGE_SECONDS = 5.0


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
    await asyncio.sleep(OUTAGE_SECONDS)
    await phones.turn(reset_share=0.0)
    await broadcast.ends_well()


async def test_reports_that_nobody_took_arrive_when_the_ingress_is_back(
    broadcast: Broadcast, servers: Servers, system: System, phones: Network
) -> None:
    system.kill("webhooks")

    async def many_were_refused() -> bool:
        reports = (await phones.ledger())["reports"]
        return bool(reports.get("attempts", 0) > reports.get("delivered", 0) + 200)

    await eventually(many_were_refused, 20)
    heal(servers, system)
    await broadcast.ends_well()
