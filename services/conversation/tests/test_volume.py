"""20,000 threads with 100,000 messages: what staff read is found by index, page by page."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.runtime import Running
from koinonia.common.testing import phones
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.common.testing.explain import watched

from .factories import OURS, PHONES, THEIRS

THREADS = 20_000
PAGE = 20
CHURCH, ADMIN, OFTEN, SELDOM, GROUP, NUMBER = (UUID(int=n) for n in range(1, 7))

# As the owner and without triggers: the rows are right as they are made.
FILL = f"""
    SET session_replication_role = replica;
    SET search_path = conversation;
    INSERT INTO number_routes (number_id, church_id, phone_number, valid_from)
    VALUES ('{NUMBER}', '{CHURCH}', '{OURS}', now() - interval '1 year');
    INSERT INTO conversations (id, church_id, our_number, phone_index, phone_sealed, status,
                               unread_count, last_message_at, last_message_id, assignee_id,
                               last_message_direction, last_message_content, last_message_status,
                               last_received_at)
    SELECT gen_random_uuid(), '{CHURCH}',
           CASE WHEN n % 3 = 0 THEN '{phones.phone(50)}' ELSE '{OURS}' END,
           'phone ' || n, '{PHONES.seal(THEIRS)}',
           CASE WHEN n % 10 < 8 THEN 'open' WHEN n % 10 = 8 THEN 'closed' ELSE 'archived' END,
           (n % 50 = 0)::int, now() - n * interval '1 minute', gen_random_uuid(),
           CASE WHEN n % 7 = 0 THEN '{ADMIN}'::uuid END, 'inbound', 'Hello', 'received',
           now() - n * interval '1 minute'
      FROM generate_series(1, {THREADS}) AS n;
    -- Four messages in a thread, and 20,000 more in the newest.
    INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content, status,
                                       occurred_at, is_read)
    SELECT gen_random_uuid(), '{CHURCH}', c.id, 'inbound', 'Hello', 'received',
           c.last_message_at - n * interval '1 second', true
      FROM conversations AS c
     CROSS JOIN LATERAL generate_series(
           1, CASE c.phone_index WHEN 'phone 1' THEN {THREADS} ELSE 4 END) AS n;
    -- Two people on a phone; every eighth is in the group.
    INSERT INTO contacts (church_id, member_id, first_name, last_name, phone_sealed, phone_index,
                          changed_at)
    SELECT '{CHURCH}', gen_random_uuid(), 'Ada' || n, 'Moss', '{PHONES.seal(THEIRS)}',
           'phone ' || n / 2, now()
      FROM generate_series(1, {THREADS} * 2) AS n;
    INSERT INTO contact_groups (church_id, group_id, member_id, is_in, changed_at)
    SELECT church_id, '{GROUP}', member_id, true, now() FROM contacts
     WHERE ltrim(first_name, 'Ada')::int % 8 = 0;
    INSERT INTO opt_outs (church_id, phone_index, is_opted_out, changed_at)
    SELECT '{CHURCH}', 'phone ' || n, true, now() FROM generate_series(1, {THREADS}, 20) AS n;
    INSERT INTO stop_questions (church_id, phone_index, asked_at, counts_from, is_open)
    SELECT '{CHURCH}', 'phone ' || n, now(), now() + interval '14 days', n % 200 = 0
      FROM generate_series(0, {THREADS}, 20) AS n;
    -- One label on every fourth thread, one on every thousandth.
    INSERT INTO conversation_labels (church_id, conversation_id, label_id)
    SELECT c.church_id, c.id, CASE WHEN n % 1000 = 0 THEN '{SELDOM}' ELSE '{OFTEN}' END::uuid
      FROM generate_series(4, {THREADS}, 4) AS n
      JOIN conversations AS c ON c.phone_index = 'phone ' || n;
    INSERT INTO conversation_facets (church_id, conversation_id, facet, last_message_at, status,
                                     is_unread)
    SELECT church_id, conversation_id, facet, last_message_at, status, is_unread FROM wanted_facets;
    -- Five of the team have read everything.
    INSERT INTO read_marks (church_id, admin_id, conversation_id, read_through)
    SELECT c.church_id, a.id, c.id, now()
      FROM conversations AS c, (SELECT gen_random_uuid() AS id FROM generate_series(1, 5)) AS a;
    INSERT INTO conversation_counts (church_id, facet, status, is_unread, threads)
    SELECT church_id, facet, status, is_unread, count(*) FROM conversation_facets
     GROUP BY church_id, facet, status, is_unread;
    -- Of other churches.
    INSERT INTO conversation_counts (church_id, facet, status, is_unread, threads)
    SELECT gen_random_uuid(), 'all', 'open', false, 1 FROM generate_series(1, 5000);
"""
TABLES = (
    "conversations, conversation_messages, conversation_labels, conversation_facets,"
    " conversation_counts, contacts, contact_groups, opt_outs, stop_questions, read_marks"
)


@dataclass
class Volume:
    databases: Databases
    newest: UUID


@pytest_asyncio.fixture(scope="module")
async def volume(database_cluster: Cluster) -> AsyncIterator[Volume]:
    async with database_cluster.database(frozenset({"conversation"})) as own:
        owner = await asyncpg.connect(own.admin_url)
        await owner.execute(FILL)
        await owner.execute(f"VACUUM ANALYZE {TABLES}")
        newest = await owner.fetchval(
            "SELECT id FROM conversations ORDER BY last_message_at DESC LIMIT 1"
        )
        await owner.close()
        yield Volume(own, newest)


@pytest.fixture
def databases(volume: Volume) -> Databases:
    return volume.databases


@pytest.fixture
def church_id() -> UUID:
    return CHURCH


@pytest.fixture
def newest(volume: Volume) -> UUID:
    """The id of the newest and longest thread."""
    return volume.newest


@contextmanager
def overheard(running: Running) -> Iterator[list[tuple[str, Any]]]:
    """The statements that reach the database, other than that which enters the church."""
    heard = list[tuple[str, Any]]()
    with watched(running.database) as ran:
        yield heard
    heard += [each for each in ran if "set_config" not in each[0]]


async def plan(running: Running, church_id: UUID, statement: str, parameters: Any) -> list[Any]:
    """Every node of the plan that the service's own role is given, as it was executed: the plan
    that PostgreSQL makes once for any parameters, as it does for what is asked again and again."""
    connection = await asyncpg.connect(running.database.url)
    try:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
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
    sorts = [n for n in nodes if "Sort" in n["Node Type"] and n["Actual Rows"] > PAGE]
    return scans + many + [f"sort by {n['Sort Key']}" for n in sorts]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"status": "open"},
        {"unread": True},
        {"status": "open", "unread": True},
        {"status": "open", "unread": True, "order": "oldest"},
        {"label": str(SELDOM), "group": str(GROUP), "order": "oldest"},
        {"assignee": str(ADMIN)},
        {"assignee": "none", "status": "closed"},
        {"label": str(OFTEN)},
        {"label": str(SELDOM), "status": "open"},
        {"group": str(GROUP), "unread": True},
        {"number": OURS},
        {"number": str(NUMBER), "status": "open"},
        {"number": OURS, "assignee": str(ADMIN)},
        {"label": str(OFTEN), "assignee": "none", "status": "open"},
        {"label": str(SELDOM), "group": str(GROUP), "assignee": "none", "number": OURS},
        {"stopQuestion": "open"},
        {"stopQuestion": "open", "status": "open", "number": OURS},
    ],
    ids=lambda filters: " ".join(filters) or "all",
)
async def test_a_page_of_the_list_and_what_of_it_is_read_are_two_queries_that_indexes_serve(
    running: Running, api: httpx.AsyncClient, church_id: UUID, filters: dict[str, str | bool]
) -> None:
    cursor = None
    for page in (1, 2):
        params = {"limit": PAGE, **filters, **({"cursor": cursor} if cursor else {})}
        with overheard(running) as heard:
            body = (await api.get("/api/conversations", params=params)).json()
        assert len(heard) == 2
        assert body["data"]
        for each in heard:
            nodes = await plan(running, church_id, *each)
            assert not faults(nodes), f"page {page}: {faults(nodes)}"
        if (cursor := body["nextCursor"]) is None:
            return


@pytest.mark.parametrize("filters", [{}, {"label": str(OFTEN), "status": "open", "unread": True}])
async def test_a_total_of_one_facet_reads_no_thread(
    running: Running, api: httpx.AsyncClient, church_id: UUID, filters: dict[str, str | bool]
) -> None:
    params = {"limit": PAGE, "page": 2, **filters}
    with overheard(running) as heard:
        body = (await api.get("/api/conversations", params=params)).json()
    assert body["total"] == (THREADS if not filters else THREADS // 100 - THREADS // 1000)
    nodes = await plan(running, church_id, *heard[1])
    assert not {"conversations", "conversation_facets"} & {n.get("Relation Name") for n in nodes}


async def test_counts_of_the_church_are_one_query_that_reads_no_thread(
    running: Running, api: httpx.AsyncClient, church_id: UUID
) -> None:
    with overheard(running) as heard:
        body = (await api.get("/api/conversations/counts")).json()
    assert body["statuses"]["open"] == {"total": THREADS * 8 // 10, "unread": THREADS // 50}
    of_church, *of_who_asks = heard
    assert len(of_who_asks) == 2  # test_unread_volume.py
    nodes = await plan(running, church_id, *of_church)
    read = {node["Relation Name"] for node in nodes if "Relation Name" in node}
    assert read == {"conversation_counts", "conversation_count_deltas"}


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
