"""A thread of 3,000 lines among 2,000 threads, with everything around each of its lines: two
queries that read one page."""

from uuid import UUID

import asyncpg
import httpx
import pytest_asyncio

from koinonia.common import db
from koinonia.common.runtime import Running
from koinonia.common.testing import explain, probe
from koinonia.common.testing.databases import Databases

from .factories import OURS, PHONES, THEIRS
from .messaging import answering

LINES, OTHERS = 3_000, 2_000

FILL = (
    """
    INSERT INTO conversations (id, church_id, our_number, phone_index, phone_sealed, status,
                               last_message_at, last_message_id, last_message_direction,
                               last_message_content, last_message_status, assignee_id,
                               last_received_at)
    SELECT gen_random_uuid(), :church, :ours, 'phone ' || n, :sealed, 'open', now(),
           gen_random_uuid(), 'inbound', 'Hello', 'received', gen_random_uuid(),
           now()
      FROM generate_series(1, :others) AS n
    """,
    """
    INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content, status,
                                       carrier, carrier_message_id, occurred_at, is_read)
    SELECT gen_random_uuid(), :church, c.id, 'inbound', 'Hello', 'received', 'telnyx',
           c.id || ' ' || n, now() - n * interval '1 minute', true
      FROM conversations AS c
     CROSS JOIN LATERAL generate_series(
           1, CASE c.phone_index WHEN 'phone 1' THEN :lines ELSE 1 END) AS n
    """,
    """
    INSERT INTO understood_texts (church_id, carrier, carrier_message_id, meaning, message_id,
                                  message_text, message_sent_at)
    SELECT church_id, carrier, carrier_message_id, 'none', gen_random_uuid(), 'Picnic', now()
      FROM conversation_messages
    """,
    """
    INSERT INTO media_files (id, church_id, message_id, source, origin_url, status)
    SELECT gen_random_uuid(), church_id, id, 'inbound', 'https://media.example/1', 'pending'
      FROM conversation_messages
    """,
    """
    INSERT INTO line_participants (church_id, message_id, position, phone_index, phone_sealed)
    SELECT church_id, id, n, 'phone ' || n, :sealed
      FROM conversation_messages CROSS JOIN generate_series(2, 3) AS n
    """,
    # The newest of the thread is a group text, so there is a choice to be shown.
    """
    INSERT INTO scheduled_replies (id, church_id, conversation_id, admin_id, content, send_at,
                                   status)
    SELECT gen_random_uuid(), church_id, id, gen_random_uuid(), 'Later', now(), 'waiting'
      FROM conversations
    """,
    """
    INSERT INTO labels (id, church_id, name, name_key, colour)
    SELECT gen_random_uuid(), :church, n, n, '#000000' FROM generate_series(1, 300) AS n
    """,
    """
    INSERT INTO conversation_labels (church_id, conversation_id, label_id)
    SELECT c.church_id, c.id, l.id FROM conversations AS c
      JOIN labels AS l ON l.name = ((hashtext(c.phone_index) & 255) + 1)::text
    """,
    """
    INSERT INTO merged_conversations (church_id, conversation_id, into_id, merged_at, merged_by)
    SELECT church_id, gen_random_uuid(), id, now(), gen_random_uuid() FROM conversations
    """,
    """
    INSERT INTO team (church_id, admin_id, first_name, last_name, changed_at)
    SELECT :church, gen_random_uuid(), 'Ruth', 'Meyer', now() FROM generate_series(1, 500)
    """,
    """
    INSERT INTO read_marks (church_id, admin_id, conversation_id, read_through)
    SELECT c.church_id, t.admin_id, c.id, now()
      FROM conversations AS c CROSS JOIN (SELECT admin_id FROM team LIMIT 3) AS t
    """,
    """
    INSERT INTO contacts (church_id, member_id, first_name, last_name, phone_sealed, phone_index,
                          changed_at)
    SELECT :church, gen_random_uuid(), 'Ada', 'Moss', :sealed, 'phone ' || n, now()
      FROM generate_series(1, :others) AS n
    """,
    """
    INSERT INTO group_moves (church_id, member_id, moved_at, id, group_id, is_in)
    SELECT church_id, member_id, now() - n * interval '1 day', gen_random_uuid(),
           gen_random_uuid(), true
      FROM contacts CROSS JOIN generate_series(1, 3) AS n
    """,
    """
    INSERT INTO stop_questions (church_id, phone_index, carrier, carrier_message_id, asked_at,
                                counts_from, is_open)
    SELECT church_id, phone_index, 'telnyx', id || ' 1', now(), now(), true FROM conversations
    """,
    """
    INSERT INTO opt_outs (church_id, phone_index, is_opted_out, changed_at)
    SELECT :church, 'phone ' || n, true, now() FROM generate_series(1, :others) AS n
    """,
)


TEAMS_OF_OTHERS = """
    INSERT INTO conversation.team (church_id, admin_id, changed_at)
    SELECT gen_random_uuid(), gen_random_uuid(), now() FROM generate_series(1, 20000)
"""


@pytest_asyncio.fixture
async def longest(databases: Databases, database: db.Database, church_id: UUID) -> UUID:
    given = {
        "church": church_id,
        "ours": OURS,
        "sealed": PHONES.seal(THEIRS),
        "lines": LINES,
        "others": OTHERS,
    }
    async with database.transaction(church_id) as session:
        for statement in FILL:
            used = {name: value for name, value in given.items() if f":{name}" in statement}
            await db.run(session, statement, used)
        found = await probe.first(
            session, "SELECT id FROM conversations WHERE phone_index = 'phone 1'"
        )
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute(TEAMS_OF_OTHERS)
    tables = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'conversation'")
    await owner.execute(
        "VACUUM ANALYZE " + ", ".join(f"conversation.{row['tablename']}" for row in tables)
    )
    await owner.close()
    assert found is not None
    thread_id: UUID = found.id
    return thread_id


async def test_a_thread_is_two_queries_and_a_merge_a_few_that_indexes_serve(
    running: Running, api: httpx.AsyncClient, church_id: UUID, longest: UUID
) -> None:
    url, params = f"/api/conversations/{longest}", dict[str, str]()
    for _ in range(2):
        with explain.watched(running.database) as ran:
            shown = (await api.get(url, params=params)).json()
        asked = [each for each in ran if "set_config" not in each[0]]
        assert len(asked) == 2
        async with running.database.transaction(church_id) as session:
            assert await explain.problems_of(session, asked) == []
        params["messagesCursor"] = shown["messagesCursor"]
    line = shown["messages"][0]
    assert (line["answers"]["text"], len(line["media"]), len(shown["labels"])) == ("Picnic", 1, 1)
    assert len(shown["replyChoice"]["recipients"]) == 3
    assert [each["member"]["firstName"] for each in line["participants"]] == ["Ada", "Ada"]

    listed = (await api.get("/api/conversations")).json()["data"]
    into, gone = [each["id"] for each in listed if each["id"] != str(longest)][:2]
    with explain.watched(running.database) as ran:
        merged = await api.post(f"/api/conversations/{into}/merge", json={"fromId": gone})
    assert merged.status_code == 200
    asked = [each for each in ran if "FROM conversation" in each[0] or "SET conv" in each[0]]
    async with running.database.transaction(church_id) as session:
        assert await explain.problems_of(session, asked) == []


async def test_a_page_of_the_timeline_is_a_few_queries_that_indexes_serve(
    running: Running, api: httpx.AsyncClient, church_id: UUID, longest: UUID
) -> None:
    url, params = f"/api/conversations/{longest}/timeline", dict[str, str]()
    for _ in range(2):
        with answering(running), explain.watched(running.database) as ran:
            shown = (await api.get(url, params=params)).json()
        asked = [each for each in ran if "set_config" not in each[0]]
        assert len(asked) == 3
        async with running.database.transaction(church_id) as session:
            assert await explain.problems_of(session, asked) == []
        params["cursor"] = shown["nextCursor"]
    assert len(shown["data"]) == 30
