"""A past that nobody would type: written into the tables, read through the pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tests.integration.churches import Church

from koinonia.devkit.system import System

# The phone of who is there already: the index tells rows apart, and the page opens what is sealed.
_THREADS = """
    INSERT INTO conversation.conversations
           (id, church_id, our_number, phone_index, phone_sealed, status, unread_count,
            last_message_at, last_message_id, last_message_direction, last_message_content,
            last_message_status)
    SELECT gen_random_uuid(), church_id, our_number, sha256(CAST(n AS text)::bytea), phone_sealed,
           'open', 0, now() - n * interval '1 minute', gen_random_uuid(), 'inbound',
           'Thank you, we will be there on Sunday. ' || n, 'received'
      FROM conversation.conversations, generate_series(1, $2) AS n WHERE church_id = $1
"""
_PEOPLE = """
    INSERT INTO messaging.members
           (id, church_id, first_name, last_name, first_key, last_key, phone_sealed, phone_index,
            source)
    SELECT gen_random_uuid(), church_id, 'Person ' || n, last_name, 'person ' || n, last_key,
           phone_sealed, md5(CAST(n AS text)), source
      FROM messaging.members, generate_series(1, $2) AS n WHERE church_id = $1
"""
_LINES = """
    INSERT INTO conversation.conversation_messages
           (id, church_id, conversation_id, direction, content, status, occurred_at, is_read)
    SELECT gen_random_uuid(), church_id, id, 'inbound',
           'Line ' || n || repeat(' and again', n % 17), 'received',
           last_message_at - n * interval '7 minutes', true
      FROM conversation.conversations, generate_series(1, $2) AS n WHERE church_id = $1
"""


_NEWS = """
    WITH moved AS (
        SELECT gen_random_uuid() AS event_id, id, church_id, last_message_at
          FROM conversation.conversations WHERE church_id = $1 ORDER BY random() LIMIT $2)
    INSERT INTO conversation.outbox (event_id, name, church_id, body, headers)
    SELECT event_id, 'conversation.updated', church_id, CAST(jsonb_build_object(
               'id', event_id, 'churchId', church_id, 'occurredAt', now(),
               'conversationId', id, 'status', 'open', 'previousStatus', 'open',
               'reason', 'labelled', 'lastMessageAt', last_message_at) AS text), '{}'
      FROM moved
"""


async def write_news(system: System, church_id: str, count: int) -> None:
    """So much news of as many conversations, on the way that all news takes."""
    async with _owner(system) as owner:
        await owner.execute(_NEWS, church_id, count)


async def write_lines(system: System, church: Church, count: int) -> None:
    """So many earlier lines in each conversation that there is."""
    async with _owner(system) as owner:
        await owner.execute(_LINES, church.id, count)


async def write_people(system: System, church: Church, count: int) -> None:
    """So many more people for each that there is."""
    async with _owner(system) as owner, owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")  # no triggers: quick
        await owner.execute(_PEOPLE, church.id, count)


async def write_conversations(system: System, church: Church, count: int) -> None:
    """So many more conversations, like the one that there is."""
    async with _owner(system) as owner:
        await owner.execute(_THREADS, church.id, count)


@asynccontextmanager
async def _owner(system: System) -> AsyncIterator["asyncpg.Connection"]:
    connection = await asyncpg.connect(system.environment.database_url)
    try:
        yield connection
    finally:
        await connection.close()
