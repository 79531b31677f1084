"""A church with an inbox of any size, filled set-based.

It registers and buys its number through the public API. People, threads and lines go straight into
the schema as the tables' owner, with the triggers off, and then all that the triggers keep beside
them (facets, counts, words) by the same functions and the same view, so that nothing is guessed.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from tests.load import congregation
from tests.load.congregation import PASSWORD, PATIENCE, json
from tests.load.system import connected

from koinonia.common.phone import Phones
from koinonia.common.testing.secrets import demo_environment
from koinonia.devkit.system import System

LINES = 10  # in each thread
LONG = 10_000  # in the newest one of a large church
TABLES = (
    "contacts",
    "contact_groups",
    "conversations",
    "conversation_messages",
    "conversation_labels",
    "conversation_facets",
)
DERIVED = ("conversation_counts", "message_words", "contact_words", "conversation_phones")


@dataclass(frozen=True, eq=False)
class Inbox:
    """``long`` is the thread with the most lines, ``ordinary`` one of ten lines."""

    id: UUID
    admin_id: UUID
    threads: int
    headers: dict[str, str]
    number: str
    long: UUID
    ordinary: UUID
    label: UUID
    group: UUID
    filled_in: float

    @property
    def lines(self) -> int:
        return self.threads * LINES


async def founded(system: System, name: str, threads: int, longest: int) -> Inbox:
    """A church with so many threads, one person or two on each phone."""
    email = f"{name.lower()}@bench.example"
    registration = {"churchName": name, "email": email, "password": PASSWORD, "tokens": True}
    async with httpx.AsyncClient(
        base_url=system.gateway_url, timeout=PATIENCE, trust_env=False
    ) as client:
        account = json(await client.post("/api/auth/register", json=registration))
        client.headers["Authorization"] = f"Bearer {account['tokens']['accessToken']}"
        number = await congregation.first_number(client)
        church_id, admin_id = UUID(account["church"]["id"]), UUID(account["admin"]["id"])
        began = time.perf_counter()
        async with _filling(system) as owner:
            found = await _fill(owner, system, church_id, admin_id, number, threads, longest)
        filled_in = time.perf_counter() - began
        signed_in = json(
            await client.post(
                "/api/auth/login", json={"email": email, "password": PASSWORD, "tokens": True}
            )
        )
    headers = {"Authorization": f"Bearer {signed_in['tokens']['accessToken']}"}
    return Inbox(church_id, admin_id, threads, headers, number, *found, filled_in)


@asynccontextmanager
async def _filling(system: System) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """The owner, while no trigger runs."""
    async with connected(system.environment.database_url) as owner:
        await owner.execute("SET search_path = conversation; SET work_mem = '64MB'")
        for table in TABLES:
            await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield owner
        finally:
            for table in TABLES:
                await owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table in (*TABLES, *DERIVED):
            await owner.execute(f"VACUUM ANALYZE {table}")


async def _fill(
    owner: "asyncpg.Connection[Any]",
    system: System,
    church_id: UUID,
    admin_id: UUID,
    number: str,
    threads: int,
    longest: int,
) -> tuple[UUID, UUID, UUID, UUID]:
    await _phones(owner, system, church_id, threads)
    await owner.execute(PEOPLE, church_id)
    groups = [row["id"] for row in await owner.fetch(GROUPS, church_id)]
    await owner.execute(THREADS, church_id, number, admin_id)
    await owner.execute(LINES_OF_THREADS, church_id, LINES, longest)
    label = await owner.fetchval(LABELS, church_id)
    await owner.execute("ANALYZE contacts, contact_groups, conversations, conversation_labels")
    for statement in WHAT_TRIGGERS_KEEP:
        await owner.execute(statement, church_id, timeout=1_200)
    newest, another = await owner.fetch(
        """
        SELECT id FROM conversations WHERE church_id = $1
         ORDER BY last_message_at DESC, id DESC LIMIT 2
        """,
        church_id,
    )
    return newest["id"], another["id"], label, groups[0]


async def _phones(
    owner: "asyncpg.Connection[Any]", system: System, church_id: UUID, count: int
) -> None:
    """Each sealed and indexed as the services would."""
    keys = demo_environment(system.environment.seed)
    phones = Phones.from_settings(keys["KOINONIA_PHONE_KEYS"], keys["KOINONIA_PHONE_INDEX_KEY"])
    await owner.execute("DROP TABLE IF EXISTS pg_temp.given")
    await owner.execute(
        "CREATE TEMP TABLE given (n int PRIMARY KEY, index text, sealed text, pieces bigint[])"
    )
    numbers = ((n, congregation.phone(n)) for n in range(count))
    await owner.copy_records_to_table(
        "given",
        records=[
            (n, phones.index(church_id, each), phones.seal(each), phones.pieces(church_id, each))
            for n, each in numbers
        ],
    )
    await owner.execute("ANALYZE pg_temp.given")


# Two people on every fifth phone. 20 are called Quill.
PEOPLE = """
    INSERT INTO contacts (church_id, member_id, first_name, last_name, phone_sealed, phone_index,
                          changed_at)
    SELECT $1, gen_random_uuid(),
           (ARRAY['Ann', 'Ben', 'Cara', 'Dan', 'Eva', 'Finn', 'Gail', 'Hugo', 'Ida', 'José'])
           [1 + (n + person) % 10],
           CASE WHEN n % (SELECT count(*) / 20 FROM given) = 7 THEN 'Quill' ELSE 'Example' END,
           sealed, index, now()
      FROM given CROSS JOIN generate_series(0, 1) AS person
     WHERE person = 0 OR n % 5 = 0
"""
GROUPS = """
    WITH made AS MATERIALIZED (
        SELECT row_number() OVER () - 1 AS n, gen_random_uuid() AS id
          FROM generate_series(1, 10)),
    joined AS (
        INSERT INTO contact_groups (church_id, group_id, member_id, is_in, changed_at)
        SELECT church_id, made.id, member_id, true, now()
          FROM contacts JOIN made ON made.n = abs(hashtext(phone_index)) % 10
         WHERE church_id = $1)
    SELECT id FROM made ORDER BY n
"""
# A new one every five minutes: a year of 100,000.
THREADS = """
    INSERT INTO conversations
           (id, church_id, our_number, phone_index, phone_sealed, status, unread_count,
            assignee_id, last_message_at, last_message_id, last_message_direction,
            last_message_content, last_message_status)
    SELECT gen_random_uuid(), $1, $2, index, sealed,
           CASE n % 10 WHEN 8 THEN 'closed' WHEN 9 THEN 'archived' ELSE 'open' END,
           CASE WHEN n % 50 = 0 THEN 1 ELSE 0 END,
           CASE WHEN n % 7 = 0 THEN $3::uuid END, now() - n * interval '5 minutes',
           gen_random_uuid(), 'inbound', 'Thank you, we will be there on Sunday. ' || n, 'received'
      FROM given ORDER BY n DESC
"""
# A third says "choir", a hundredth "picnic", 20 of all "casserole". In the order of their time, as
# they would have come.
LINES_OF_THREADS = """
    INSERT INTO conversation_messages
           (id, church_id, conversation_id, direction, content, status, occurred_at, is_read)
    SELECT id, $1, conversation_id, CASE WHEN line % 3 = 1 THEN 'outbound' ELSE 'inbound' END,
           concat_ws(' ', words[1 + h % 31], words[1 + h / 31 % 31], words[1 + h / 961 % 31],
                     words[1 + h / 29791 % 31], words[1 + h / 7 % 31], words[1 + h / 11 % 31],
                     words[1 + h / 13 % 31],
                     CASE WHEN h % 3 = 0 THEN 'choir' END, CASE WHEN h % 100 = 0 THEN 'picnic' END,
                     CASE WHEN position % (every / 20) = 5 THEN 'casserole' END, position),
           CASE WHEN line % 3 = 1 THEN 'delivered' ELSE 'received' END, at,
           line > 0 OR unread_count = 0
      FROM (SELECT CASE WHEN line = 0 THEN last_message_id ELSE gen_random_uuid() END AS id,
                   c.id AS conversation_id, line, unread_count,
                   last_message_at - line * interval '1 hour' AS at,
                   row_number() OVER () AS position, count(*) OVER () AS every,
                   abs(hashtext(c.id::text || line))::bigint AS h
              FROM (SELECT *, row_number() OVER (ORDER BY last_message_at DESC) AS place
                      FROM conversations WHERE church_id = $1) AS c
             CROSS JOIN LATERAL generate_series(
                   0, CASE place WHEN 1 THEN $3::int ELSE $2::int END - 1) AS line) AS made,
           (SELECT string_to_array('thank you we will pray for our family please let me know when '
                   || 'the service starts tomorrow morning coffee bring children youth group bible '
                   || 'study ride park dinner', ' ') AS words) AS vocabulary
     ORDER BY at
"""
LABELS = """
    WITH made AS (
        INSERT INTO labels (id, church_id, name, name_key, colour)
        VALUES (gen_random_uuid(), $1, 'Prayer', 'prayer', '#2f7d6b') RETURNING id),
    labelled AS (
        INSERT INTO conversation_labels (church_id, conversation_id, label_id)
        SELECT $1, c.id, made.id FROM conversations AS c, made
         WHERE c.church_id = $1 AND abs(hashtext(c.id::text)) % 20 = 0)
    SELECT id FROM made
"""
WHAT_TRIGGERS_KEEP = (
    """
    INSERT INTO conversation_facets (church_id, conversation_id, facet, last_message_at, status,
                                     is_unread)
    SELECT church_id, conversation_id, facet, last_message_at, status, is_unread
      FROM wanted_facets WHERE church_id = $1
    """,
    """
    INSERT INTO conversation_counts (church_id, facet, status, is_unread, threads)
    SELECT church_id, facet, status, is_unread, count(*)
      FROM conversation_facets WHERE church_id = $1
     GROUP BY church_id, facet, status, is_unread
    """,
    """
    INSERT INTO message_words (church_id, occurred_at, message_id, words)
    SELECT church_id, occurred_at, id,
           line_words(church_id, occurred_at, content, church_language(church_id))
      FROM conversation_messages WHERE church_id = $1 ORDER BY occurred_at
    """,
    """
    INSERT INTO contact_words (church_id, member_id, phone_index, words)
    SELECT church_id, member_id, phone_index, name_words(church_id, first_name, last_name)
      FROM contacts WHERE church_id = $1
    """,
    """
    INSERT INTO conversation_phones (church_id, conversation_id, pieces)
    SELECT church_id, id, pieces FROM conversations JOIN given ON index = phone_index
     WHERE church_id = $1
    """,
)
