"""40,000 lines and 10,000 threads: whatever is searched for, few of them are looked at."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest_asyncio

from koinonia.common.runtime import Running
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.explain import problems_of, read, watched

from .factories import OURS, PHONES, THEIRS

LINES, THREADS = 40_000, 10_000
TABLES = ("message_words", "conversations", "contact_words", "conversation_phones")
# All lines have a thousand blocks and their keys as many; the newest 500 threads are looked up in
# three indexes each.
MOST_BLOCKS = {"found_lines": 500, "found_names": 2_000, "found_phones": 2_000}

# As the triggers do, but for rows that nobody looks at here.
FILL = (
    """
    INSERT INTO message_words (church_id, occurred_at, message_id, words)
    SELECT $1, at, gen_random_uuid(), line_words($1, at, concat_ws(' ',
           'Thank you, we are coming on', CASE WHEN n % 3 = 0 THEN 'sunday' END,
           CASE WHEN n % 100 = 0 THEN 'picnic' END, CASE WHEN n % 9000 = 0 THEN 'casserole' END,
           CASE WHEN n > 5000 THEN 'formerly' END, 'line', n), 'english')
      FROM (SELECT n, now() - n * interval '5 minutes' AS at
              FROM generate_series(1, $2::int) AS n) AS line
    """,
    """
    INSERT INTO conversations (id, church_id, our_number, phone_index, phone_sealed, status,
                               last_message_at, last_message_id, last_message_direction,
                               last_message_content, last_message_status)
    SELECT gen_random_uuid(), $1, $3, 'phone ' || n, $4, 'open', now() - n * interval '1 hour',
           gen_random_uuid(), 'inbound', 'Hello', 'received'
      FROM generate_series(1, $2::int) AS n
    """,
    """
    INSERT INTO contact_words (church_id, member_id, phone_index, words)
    SELECT church_id, gen_random_uuid(), phone_index, name_words(church_id,
           CASE WHEN ltrim(phone_index, 'phone ')::int % 10 = 0 THEN 'Ada' ELSE 'Ben' END,
           'Nr' || ltrim(phone_index, 'phone '))
      FROM conversations WHERE church_id = $1
    """,
    """
    INSERT INTO conversation_phones (church_id, conversation_id, pieces)
    SELECT church_id, id, ARRAY[1202, ltrim(phone_index, 'phone ')::bigint]
      FROM conversations WHERE church_id = $1
    """,
)
SEARCHES = {
    ("found_lines", "$$'sunday'$$"): 21,
    ("found_lines", "$$'picnic'$$"): 21,
    ("found_lines", "$$'casserol'$$"): 4,
    ("found_lines", "$$'former'$$"): 21,  # frequent, but long ago
    ("found_lines", "$$'nonesuch'$$"): 0,
    ("found_lines", "$$'pic':*$$"): 21,
    ("found_lines", "$$'former' <-> 'line' & !'sunday'$$"): 21,
    ("found_names", "$$'ada':*$$"): 21,
    ("found_names", "$$'ada':* & 'nr77':*$$"): 11,
    ("found_names", "$$'nr7777'$$"): 1,
    ("found_phones", "'{1202}'"): 21,
    ("found_phones", "'{1202,7777}'"): 1,
}


@pytest_asyncio.fixture
async def owner(databases: Databases, church_id: UUID) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """The owner of the tables, in the church; triggers rest while it fills them."""
    connection = await asyncpg.connect(
        databases.admin_url, server_settings={"search_path": "conversation"}
    )
    await connection.execute("SET session_replication_role = replica")
    lines, threads, names, numbers = FILL
    await connection.execute(lines, church_id, LINES)
    await connection.execute(threads, church_id, THREADS, OURS, PHONES.seal(THEIRS))
    await connection.execute(names, church_id)
    await connection.execute(numbers, church_id)
    for table in TABLES:
        await connection.execute(f"VACUUM ANALYZE {table}")
    await connection.execute("SELECT set_config('koinonia.church_id', $1, false)", str(church_id))
    yield connection
    await connection.close()


async def test_a_search_is_three_queries_that_read_little_whatever_it_is_for(
    owner: "asyncpg.Connection[Any]", running: Running, api: httpx.AsyncClient, church_id: UUID
) -> None:
    for (function, asked), rows in SEARCHES.items():
        counted, blocks = await read(
            owner,
            f"SELECT * FROM {function}({asked}, 'infinity', gen_random_uuid(), 21)",
        )
        assert counted == rows, asked
        assert blocks < MOST_BLOCKS[function], asked
    with watched(running.database) as ran:
        answer = await api.get("/api/conversations/search", params={"q": "ada"})
    assert len(answer.json()["data"]) == 20
    statements = [each for each in ran if "set_config" not in each[0]]
    assert len(statements) == 3
    async with running.database.transaction(church_id) as session:
        assert not await problems_of(session, statements)


# Four lines in a thread; every hundredth thread has the label, every second is somebody's.
NARROWED = (
    """
    INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content, status,
                                       occurred_at, is_read)
    SELECT w.message_id, $1, c.id, 'inbound', 'Thank you', 'received', w.occurred_at, true
      FROM (SELECT *, row_number() OVER (ORDER BY occurred_at) % $2::int + 1 AS n
              FROM message_words WHERE church_id = $1) AS w
      JOIN conversations AS c ON c.church_id = $1 AND c.phone_index = 'phone ' || w.n
    """,
    """
    INSERT INTO conversation_facets (church_id, conversation_id, facet, last_message_at, status,
                                     is_unread)
    SELECT $1, id, facet, last_message_at, status, false
      FROM conversations
     CROSS JOIN LATERAL unnest(ARRAY[
           CASE WHEN ltrim(phone_index, 'phone ')::int % 100 = 0 THEN 'label:' || $2::uuid END,
           CASE WHEN ltrim(phone_index, 'phone ')::int % 2 = 0 THEN 'assignee:' || $2::uuid END
           ]) AS facet
     WHERE church_id = $1 AND facet IS NOT NULL
    """,
)


async def test_a_narrowed_search_reads_its_threads_or_its_lines_by_index(
    owner: "asyncpg.Connection[Any]", running: Running, api: httpx.AsyncClient, church_id: UUID
) -> None:
    lines, facets = NARROWED
    await owner.execute(lines, church_id, THREADS)
    await owner.execute(facets, church_id, church_id)
    await owner.execute("VACUUM ANALYZE conversation_messages")
    await owner.execute("VACUUM ANALYZE conversation_facets")
    some = str(church_id)
    found = {}
    with watched(running.database) as ran:
        for narrowed in ({"label": some}, {"assignee": some}, {"sender": some}):
            page = (
                await api.get("/api/conversations/search", params={"q": "sunday"} | narrowed)
            ).json()
            found |= {name: (len(page["data"]), page["hasMore"]) for name in narrowed}
    assert found == {"label": (20, True), "assignee": (20, True), "sender": (0, True)}
    statements = [each for each in ran if "set_config" not in each[0]]
    async with running.database.transaction(church_id) as session:
        assert not await problems_of(session, statements)
