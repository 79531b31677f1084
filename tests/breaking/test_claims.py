"""Workers that die in the middle of a claim: what they were about to take is taken by the next."""

import asyncpg
import pytest

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .broadcast import Broadcast
from .healing import heal
from .sizes import PATIENCE, TEST_SECONDS

pytestmark = pytest.mark.timeout(TEST_SECONDS)

WORKERS = ("messaging", "messaging@2")


async def test_a_broadcast_outlives_workers_that_die_in_the_middle_of_a_claim(
    broadcast: Broadcast, servers: Servers, system: System
) -> None:
    watch, holder = [await asyncpg.connect(system.environment.database_url) for _ in "ab"]
    async with holder.transaction():
        await holder.execute(
            "SELECT FROM messaging.message_recipients WHERE message_id = $1 AND status = 'pending'"
            " FOR UPDATE",
            broadcast.id,
        )
        await eventually(lambda: _claims_that_wait(watch), PATIENCE)
        for worker in WORKERS:
            system.kill(worker)
        assert await broadcast.is_in_the_middle()
    for connection in (watch, holder):
        await connection.close()
    heal(servers, system)
    await broadcast.ends_well()


async def _claims_that_wait(database: asyncpg.Connection) -> int:
    """Claims of any worker that have begun and are not committed. PostgreSQL shows the first
    kilobyte of a statement."""
    waiting: int = await database.fetchval("""
        SELECT count(*) FROM pg_stat_activity
         WHERE application_name = 'koinonia-messaging' AND wait_event_type = 'Lock'
           AND query LIKE '%claimed_by IS NOT NULL AS was_abandoned%'
    """)
    return waiting
