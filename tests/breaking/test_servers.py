"""PostgreSQL, RabbitMQ and Redis die in the middle of a broadcast and come back."""

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .broadcast import RECIPIENTS, Broadcast
from .healing import heal


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

    await eventually(much_more_has_left, 30)
    heal(servers, system)
    await broadcast.ends_well()
