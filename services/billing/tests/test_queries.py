"""What is asked often is answered from an index, in tables at volume."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest_asyncio

from koinonia.billing import reservations
from koinonia.common import db
from koinonia.common.testing import explain
from koinonia.common.testing.databases import Databases

CHURCH = UUID(int=7)


@pytest_asyncio.fixture
async def at_volume(databases: Databases, database: db.Database) -> AsyncIterator[db.Database]:
    """200 churches with 100 messages each, one of them open."""
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("""
        INSERT INTO billing.reservations
               (message_id, church_id, kind, parts_reserved, state, created_at)
        SELECT gen_random_uuid(), lpad(to_hex(n % 200), 32, '0')::uuid, 'broadcast', 5,
               CASE WHEN n < 200 THEN 'open' ELSE 'closed' END, now() - n * interval '1 minute'
          FROM generate_series(0, 19999) n
    """)
    await owner.execute("ANALYZE billing.reservations")
    await owner.close()
    yield database


async def test_counting_messages_and_what_is_held_reads_one_churchs_rows(
    at_volume: db.Database,
) -> None:
    known = {"church": CHURCH, "since": datetime(2026, 1, 1, tzinfo=UTC)}
    spent = {"church": CHURCH, "parts": 1, "cost": Decimal("0.004")}
    async with at_volume.transaction(CHURCH) as session:
        assert await explain.problems(session, reservations.MESSAGES_SINCE, known) == []
        assert await explain.problems(session, reservations.UPDATE_FIGURES, spent) == []
