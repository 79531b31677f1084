"""Broadcasts of a hundred, a thousand and ten thousand texts, sent and reported twice."""

from functools import partial

from tests.load import congregation, progress, throughput
from tests.load.congregation import Congregation
from tests.load.growth.costs import Meter
from tests.load.growth.lines import WORK, Growth, of_costs
from tests.load.system import connected

TIMES = {100: 10, 1_000: 2, 10_000: 1}  # the small ones warm up for the large one
PATIENCE = 600.0


async def measure(meter: Meter) -> Growth:
    """From the approval until the last one is reported as delivered."""
    await throughput.turn(meter.system, throughput.TELLING)
    async with congregation.founded(meter.system, "Growth texts", list(TIMES)) as church:
        costs = {
            size: await meter.work(
                partial(_sent, meter, church, size), times, warms_up=size == min(TIMES)
            )
            for size, times in TIMES.items()
        }
    await throughput.turn(meter.system, throughput.SILENT)
    lines = of_costs("a broadcast, delivered", costs, WORK)
    return Growth("By texts of a broadcast", lines)


async def _sent(meter: Meter, church: Congregation, size: int) -> float:
    async with connected(meter.system.environment.database_url) as owner:
        message = await church.send(size, "Service on Sunday begins at ten. See you there!")
        began = await progress.until(owner, message, progress.is_approved)
        return await progress.until(owner, message, progress.is_delivered, PATIENCE) - began
