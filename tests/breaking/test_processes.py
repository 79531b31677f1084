"""kill -9 in the middle of a broadcast: each process in turn, while its second worker lives on."""

import pytest

from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .broadcast import Broadcast
from .healing import heal


@pytest.mark.parametrize(
    "killed",
    [
        ["messaging"],
        ["messaging@2"],
        ["billing", "billing@2"],
        ["webhooks"],
        ["conversation", "analytics"],
        ["gateway"],
    ],
    ids=" and ".join,
)
async def test_a_broadcast_outlives_the_death_of(
    killed: list[str], broadcast: Broadcast, servers: Servers, system: System
) -> None:
    for name in killed:
        system.kill(name)
    assert await broadcast.is_in_the_middle()
    heal(servers, system)
    await broadcast.ends_well()
