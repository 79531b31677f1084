"""kill -9 in the middle of a broadcast: each process in turn, and both of a service at once."""

import pytest

from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .broadcast import Broadcast
from .healing import heal
from .sizes import TEST_SECONDS

pytestmark = pytest.mark.timeout(TEST_SECONDS)


@pytest.mark.parametrize(
    "killed",
    [
        ["messaging"],
        ["messaging@2"],
        ["billing", "billing@2"],
        ["ingress"],
        ["ingress@2"],
        ["conversation", "conversation@2"],
        ["analytics", "analytics@2"],
        ["auth", "auth@2"],
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
