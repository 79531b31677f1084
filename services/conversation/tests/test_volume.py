"""20,000 threads with 100,000 messages: what staff read is found by index, page by page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
import pytest_asyncio
from sqlalchemy import event

from koinonia.common import db
from koinonia.common.runtime import Running
from koinonia.common.testing.databases import Databases

from .factories import OURS, PHONES, THEIRS

THREADS = 20_000
PAGE = 20
TABLES = ("conversations", "conversation_messages", "contacts", "opt_outs")

FILL = (
    """
    INSERT INTO conversations (id, church_id, our_number, phone_index, phone_sealed, status,
                               unread_count, last_message_at, last_message_id,
                               last_message_direction, last_message_content, last_message_status)
    SELECT gen_random_uuid(), :church, :ours, 'phone ' || n, :sealed,
           CASE WHEN n % 10 < 8 THEN 'open' WHEN n % 10 = 8 THEN 'closed' ELSE 'archived' END,
           (n % 50 = 0)::int, now() - n * interval '1 minute', gen_random_uuid(),
           'inbound', 'Hello', 'received'
      FROM generate_series(1, :threads) AS n
    """,
    # Four messages in a thread, and 20,000 more in the newest.
    """
    INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content, status,
                                       occurred_at, is_read)
    SELECT gen_random_uuid(), :church, c.id, 'inbound', 'Hello', 'received',
           c.last_message_at - n * interval '1 second', true
      FROM conversations AS c
     CROSS JOIN LATERAL generate_series(
           1, CASE c.phone_index WHEN 'phone 1' THEN :threads ELSE 4 END) AS n
    """,
    # Two people on a phone.
    """
    INSERT INTO contacts (church_id, member_id, first_name, last_name, phone_sealed, phone_index,
                          changed_at)
    SELECT :church, gen_random_uuid(), 'Ada' || n, 'Moss', :sealed, 'phone ' || n / 2, now()
      FROM generate_series(1, :threads * 2) AS n
    """,
    """
    INSERT INTO opt_outs (church_id, phone_index, is_opted_out, changed_at)
    SELECT :church, 'phone ' || n, true, now() FROM generate_series(1, :threads, 20) AS n
    """,
)


@pytest_asyncio.fixture
async def newest(databases: Databases, database: db.Database, church_id: UUID) -> UUID:
    """The id of the newest and longest thread."""
    given = {
        "church": church_id,
        "ours": OURS,
        "sealed": PHONES.seal(THEIRS),
        "threads": THREADS,
    }
    async with database.transaction(church_id) as session:
        for statement in FILL:
            used = {name: value for name, value in given.items() if f":{name}" in statement}
            await db.run(session, statement, used)
        found = await db.first(
            session, "SELECT id FROM conversations ORDER BY last_message_at DESC LIMIT 1"
        )
    admin = await asyncpg.connect(databases.admin_url)
    for table in TABLES:
        await admin.execute(f"VACUUM ANALYZE conversation.{table}")
    await admin.close()
    assert found is not None
    newest: UUID = found.id
    return newest


@contextmanager
def overheard(running: Running) -> Iterator[list[tuple[str, Any]]]:
    """The statements that reach the database, other than that which enters the church."""
    heard = list[tuple[str, Any]]()

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "set_config" not in statement:
            heard.append((statement, parameters))

    engine = running.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


async def plan(running: Running, church_id: UUID, statement: str, parameters: Any) -> list[Any]:
    """Every node of the plan that the service's own role is given, as it was executed."""
    connection = await asyncpg.connect(running.database.url)
    try:
        await connection.execute(
            "SELECT set_config('koinonia.church_id', $1, false)", str(church_id)
        )
        text = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
        explained = await connection.fetchval(text, *parameters)
    finally:
        await connection.close()
    return list(_nodes(orjson.loads(explained)[0]["Plan"]))


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def faults(nodes: list[Any]) -> list[str]:
    """Whatever reads or sorts more than a page and its neighbours."""
    scans = [n["Relation Name"] for n in nodes if n["Node Type"] == "Seq Scan"]
    many = [
        f"{n['Node Type']} of {n['Actual Rows']} rows"
        for n in nodes
        if n["Actual Rows"] > 50 * PAGE
    ]
    return scans + many


async def test_a_page_of_the_list_is_one_query_that_an_index_serves(
    running: Running, api: httpx.AsyncClient, church_id: UUID, newest: UUID
) -> None:
    first = (await api.get("/api/conversations", params={"limit": 100})).json()
    for filters in ({}, {"status": "open"}, {"unread": "true"}, {"cursor": first["nextCursor"]}):
        with overheard(running) as heard:
            answer = await api.get("/api/conversations", params={"limit": PAGE, **filters})
        assert len(answer.json()["data"]) == PAGE
        assert len(heard) == 1, f"{filters}: {len(heard)} statements"
        nodes = await plan(running, church_id, *heard[0])
        assert not faults(nodes), f"{filters}: {faults(nodes)}"
        assert not [node for node in nodes if "Sort" in node["Node Type"]], filters


async def test_a_page_of_a_long_thread_is_two_queries_that_indexes_serve(
    running: Running, api: httpx.AsyncClient, church_id: UUID, newest: UUID
) -> None:
    url, params = f"/api/conversations/{newest}", {"messagesLimit": str(PAGE)}
    for _ in range(2):
        with overheard(running) as heard:
            body = (await api.get(url, params=params)).json()
        assert len(body["messages"]) == PAGE
        assert len(heard) == 2
        for statement, parameters in heard:
            assert not faults(await plan(running, church_id, statement, parameters))
        params["messagesCursor"] = body["messagesCursor"]


async def test_reading_a_long_thread_touches_its_unread_messages_only(
    running: Running, api: httpx.AsyncClient, database: db.Database, church_id: UUID, newest: UUID
) -> None:
    async with database.transaction(church_id) as session:
        await db.run(
            session, "UPDATE conversations SET unread_count = 1 WHERE id = :id", {"id": newest}
        )
    with overheard(running) as heard:
        await api.patch(f"/api/conversations/{newest}/read")
    [(statement, parameters)] = [each for each in heard if "SET is_read" in each[0]]
    assert not faults(await plan(running, church_id, statement, parameters))
