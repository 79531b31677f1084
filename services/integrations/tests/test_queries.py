"""What is asked often is answered from an index, in tables at volume."""

from uuid import UUID

import asyncpg

from koinonia.common.pagination import PageParams
from koinonia.common.testing import explain
from koinonia.common.testing.databases import Databases
from koinonia.integrations.delivering import lanes, rounds
from koinonia.integrations.delivering.lanes import Lane
from koinonia.integrations.log import deliveries
from koinonia.integrations.running import Running
from koinonia.integrations.vocabulary import DeliveryState

_ID = "lpad(to_hex(n % 1000), 32, '0')::uuid"
_VOLUME = f"""
    SET session_replication_role = replica;
    SET search_path = integrations;
    INSERT INTO endpoints (id, church_id, name, url, kinds, scopes, state, sealed_secret,
                           created_at, updated_at)
    SELECT {_ID}, {_ID}, 'Ours', 'https://example.org', '{{}}', '{{}}', 'active', 'x', now(), now()
      FROM generate_series(0, 999) n;
    INSERT INTO lanes (endpoint_id, church_id, due_at)
    SELECT {_ID}, {_ID}, CASE WHEN n < 20 THEN now() END FROM generate_series(0, 999) n;
    INSERT INTO webhooks (id, church_id, kind, occurred_at, data, created_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, {_ID}, 'text.received', now(), '{{}}', now()
      FROM generate_series(0, 29999) n;
    INSERT INTO deliveries (id, church_id, endpoint_id, webhook_id, state, created_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, {_ID}, {_ID}, lpad(to_hex(n), 32, '0')::uuid,
           CASE WHEN n < 20000 THEN 'delivered' ELSE 'pending' END, now()
      FROM generate_series(0, 29999) n;
    INSERT INTO due_deliveries (delivery_id, endpoint_id, church_id, due_at)
    SELECT id, endpoint_id, church_id, now() FROM deliveries WHERE state = 'pending';
    ANALYZE;
"""
CHURCH = UUID(int=7)


async def test_looks_of_workers_and_pages_of_the_log_read_their_own_rows(
    running: Running, databases: Databases
) -> None:
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute(_VOLUME)
    await owner.close()
    with explain.watched(running.database) as ran:
        async with running.database.transaction(CHURCH) as session:
            await lanes.claim(session, quick=5, slow=5)
            taken = await rounds.take(session, Lane(CHURCH, CHURCH, 0), 0)
            page = await deliveries.page(session, CHURCH, DeliveryState.PENDING, PageParams())
            await lanes.let_go(session, CHURCH, 0)
    assert taken is not None
    assert (len(taken.due), len(page.data)) == (8, 10)
    async with running.database.transaction(CHURCH) as session:
        assert await explain.problems_of(session, ran) == []
