"""20,000 threads and 50 of the team: what somebody has not read is found without walking what they
have, whatever that is, and a text writes nothing for any of them."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.runtime import Running
from koinonia.common.testing import explain
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.conversation.threads import unread_threads

from .conftest import SignedIn
from .factories import OURS, PHONES, THEIRS, hear, text

LIST = "/api/conversations"
THREADS, STAFF = 20_000, 50
CHURCH = UUID(int=1)
ALL_READ, A_FEW_OLD, OLD_HALF, NOTHING_READ = (UUID(int=n) for n in range(11, 15))

# As the owner and without triggers: the rows are right as they are made. Whoever reads has read
# all of the oldest or of the newest threads, but for a few.
FILL = f"""
    SET session_replication_role = replica;
    SET search_path = conversation;
    INSERT INTO number_routes (number_id, church_id, phone_number, valid_from)
    VALUES (gen_random_uuid(), '{CHURCH}', '{OURS}', now() - interval '1 year');
    INSERT INTO conversations (id, church_id, our_number, phone_index, phone_sealed, status,
                               unread_count, last_message_at, last_message_id,
                               last_message_direction, last_message_content, last_message_status,
                               last_received_at)
    SELECT ('00000000-0000-0000-0001-' || lpad(n::text, 12, '0'))::uuid, '{CHURCH}', '{OURS}',
           'phone ' || n, '{PHONES.seal(THEIRS)}', 'open', 0,
           now() - n * interval '1 minute', gen_random_uuid(), 'inbound', 'Hello', 'received',
           now() - n * interval '1 minute'
      FROM generate_series(1, {THREADS}) AS n;
    INSERT INTO conversation_facets (church_id, conversation_id, facet, last_message_at, status,
                                     is_unread)
    SELECT church_id, conversation_id, facet, last_message_at, status, is_unread FROM wanted_facets;
    INSERT INTO conversation_counts (church_id, facet, status, is_unread, threads)
    SELECT church_id, facet, status, is_unread, count(*) FROM conversation_facets
     GROUP BY church_id, facet, status, is_unread;
    INSERT INTO team (church_id, admin_id, role, changed_at, reads_from)
    SELECT '{CHURCH}', ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, 'staff',
           now() - interval '1 year', now() - interval '1 year'
      FROM generate_series(11, 10 + {STAFF}) AS n;
    INSERT INTO read_marks (church_id, admin_id, conversation_id, read_through)
    SELECT church_id, '{ALL_READ}'::uuid, id, last_received_at FROM conversations
    UNION ALL
    SELECT church_id, '{A_FEW_OLD}'::uuid, id, last_received_at FROM conversations
     WHERE id <= '00000000-0000-0000-0001-{THREADS - 3:012}'
    UNION ALL
    SELECT church_id, '{OLD_HALF}'::uuid, id, last_received_at FROM conversations
     WHERE id <= '00000000-0000-0000-0001-{THREADS // 2:012}';
    INSERT INTO read_marks (church_id, admin_id, conversation_id, read_through)
    SELECT c.church_id, t.admin_id, c.id, c.last_received_at
      FROM (SELECT * FROM conversations ORDER BY id LIMIT 1000) AS c
      JOIN team AS t ON t.admin_id > '{NOTHING_READ}';
"""


@pytest_asyncio.fixture(scope="module")
async def databases(database_cluster: Cluster) -> AsyncIterator[Databases]:
    async with database_cluster.database(frozenset({"conversation"})) as own:
        owner = await asyncpg.connect(own.admin_url)
        await owner.execute(FILL)
        await owner.execute("VACUUM ANALYZE")
        await owner.close()
        yield own


@pytest.fixture
def church_id() -> UUID:
    return CHURCH


async def look(
    running: Running, api: httpx.AsyncClient, url: str, **params: str
) -> tuple[Any, int]:
    """The answer, and how many blocks its statements on the inbox read."""
    with explain.watched(running.database) as ran:
        answer = await api.get(url, params=params)
    assert answer.status_code == 200, answer.text
    connection = await asyncpg.connect(running.database.url)
    try:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        church = "SELECT set_config('koinonia.church_id', $1, false)"
        await connection.execute(church, str(CHURCH))
        blocks = 0
        for sql, parameters in ran:
            if "set_config" not in sql:
                blocks += (await explain.read(connection, sql, *parameters))[1]
    finally:
        await connection.close()
    return answer.json(), blocks


async def settle(database: db.Database, *readers: UUID) -> None:
    for reader in readers:
        async with database.transaction(CHURCH) as session:
            await unread_threads.settle(session, CHURCH, reader)


@pytest.mark.parametrize(("reader", "unread"), [(ALL_READ, 0), (A_FEW_OLD, 3)])
async def test_what_somebody_has_read_is_not_walked_for_a_page_or_the_count(
    running: Running, signed_in: SignedIn, database: db.Database, reader: UUID, unread: int
) -> None:
    await settle(database, reader)
    async with signed_in(CHURCH, reader) as api:
        page, page_blocks = await look(running, api, LIST, unread="mine", status="open")
        counts, count_blocks = await look(running, api, f"{LIST}/counts")
        oldest = (await api.get(LIST, params={"unread": "mine", "order": "oldest"})).json()
    assert (len(page["data"]), page["hasMore"]) == (unread, False)
    assert oldest["data"] == page["data"][::-1]
    assert counts["unreadForMe"] == {"total": unread, "hasMore": False}
    assert (page_blocks < 300, count_blocks < 200) == (True, True), (page_blocks, count_blocks)


async def test_who_has_read_next_to_nothing_has_a_full_page_and_a_count_up_to_a_thousand(
    running: Running, signed_in: SignedIn
) -> None:
    async with signed_in(CHURCH, NOTHING_READ) as api:
        page, page_blocks = await look(running, api, LIST, unread="mine", limit="20")
        counts, count_blocks = await look(running, api, f"{LIST}/counts")
    assert (len(page["data"]), page["hasMore"]) == (20, True)
    assert counts["unreadForMe"] == {"total": 1_000, "hasMore": True}
    each = 20  # blocks of a thread: its row, the mark, the facet, each by an index of three levels
    most = 2 * unread_threads.MOST * each
    assert (page_blocks < most, count_blocks < most) == (True, True), (page_blocks, count_blocks)


async def test_a_page_looks_at_so_many_threads_and_the_next_goes_on_there(
    running: Running, signed_in: SignedIn, database: db.Database
) -> None:
    await settle(database, OLD_HALF)  # too much is unread to be written down
    found, cursor, pages = 0, dict[str, str](), 0
    async with signed_in(CHURCH, OLD_HALF) as api:
        while not found:
            page, blocks = await look(running, api, LIST, unread="mine", limit="20", **cursor)
            found, pages = len(page["data"]), pages + 1
            cursor = {"cursor": page["nextCursor"]}
            assert blocks < 2 * unread_threads.SCAN * 20
    assert (found, pages) == (20, 1 + THREADS // 2 // unread_threads.SCAN)


async def test_a_text_writes_nothing_for_the_team_and_is_unread_for_all_of_it(
    running: Running, signed_in: SignedIn, database: db.Database
) -> None:
    async def rows() -> list[int]:
        async with database.transaction(CHURCH) as session:
            return [
                await db.count(session, f"SELECT count(*) FROM {table}")
                for table in ("unread_threads", "read_marks", "due_work")
            ]

    await settle(database, ALL_READ)
    before = await rows()
    await hear(database, text("Hello"))
    assert await rows() == before
    async with signed_in(CHURCH, ALL_READ) as api:
        page, _ = await look(running, api, LIST, unread="mine")
    assert [each["lastMessage"]["content"] for each in page["data"]] == ["Hello"]
