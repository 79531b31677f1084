"""PostgreSQL, RabbitMQ and Redis die in the middle of a broadcast and come back."""

import pytest

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .broadcast import Broadcast
from .healing import heal
from .sizes import PATIENCE, RECIPIENTS, TEST_SECONDS

pytestmark = pytest.mark.timeout(TEST_SECONDS)


async def test_a_broadcast_outlives_the_death_of_rabbitmq(
    broadcast: Broadcast, servers: Servers, system: System
) -> None:
    servers.rabbitmq.kill()
    assert await broadcast.is_in_the_middle()
    heal(servers, system)
    await broadcast.ends_well()


async def test_a_broadcast_outlives_the_death_of_postgresql(
    broadcast: Broadcast, servers: Servers, system: System
) -> None:
    servers.postgres.kill()
    assert await broadcast.is_in_the_middle()
    heal(servers, system)
    await broadcast.ends_well()


async def test_a_broadcast_goes_on_without_redis(
    broadcast: Broadcast, servers: Servers, system: System
) -> None:
    servers.redis.stop()
    before = await broadcast.taken()
    assert 0 < before < RECIPIENTS

    async def much_more_has_left() -> bool:
        return await broadcast.taken() >= min(before + RECIPIENTS // 3, RECIPIENTS)

    await eventually(much_more_has_left, PATIENCE)
    heal(servers, system)
    await broadcast.ends_well()
