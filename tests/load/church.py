"""A church of the size that staff look at: members by the public API, history set-based.

What was written by hand here is what the services would have written in a year; it goes straight
into their schemas as the owner of the database, who is past row-level security.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from tests.load import congregation
from tests.load.figures import Spoiled
from tests.load.system import connected

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone
from koinonia.devkit.system import System

MEMBERS = 2000  # a conversation with each
MESSAGES = 200
RECIPIENTS = 500
GROUP = "Five hundred"
EMAIL, PASSWORD = "owner@bench.example", "measure twice, cut once"
REGISTRATION = {"churchName": "Bench", "email": EMAIL, "password": PASSWORD, "tokens": True}
PATIENCE = 30.0


@dataclass(frozen=True)
class Church:
    """Who asks, and for whom."""

    id: UUID
    group_id: UUID
    headers: dict[str, str]


async def founded(system: System) -> Church:
    """Registers, buys a number, imports its members, and has a past."""
    async with httpx.AsyncClient(
        base_url=system.gateway_url, timeout=PATIENCE, trust_env=False
    ) as client:
        signed_in = _json(await client.post("/api/auth/register", json=REGISTRATION))
        headers = {"Authorization": f"Bearer {signed_in['tokens']['accessToken']}"}
        client.headers.update(headers)
        await congregation.first_number(client, "202")
        group_id = await _members(client)
    church_id = UUID(signed_in["church"]["id"])
    async with connected(system.environment.database_url) as owner:
        await _live(owner, church_id)
    return Church(church_id, group_id, headers)


async def _members(client: httpx.AsyncClient) -> UUID:
    """The group that is texted."""
    files = {"files": ("members.csv", _csv())}
    imported = _json(await client.post("/api/members/import", files=files))
    if imported["created"] != MEMBERS:
        raise Spoiled(f"Of {MEMBERS} members {imported['created']} were created.")
    [group_id] = [each["id"] for each in imported["createdGroups"] if each["name"] == GROUP]
    return UUID(group_id)


def _csv() -> bytes:
    lines = ["firstName,lastName,phone,email,groups"]
    for n in range(MEMBERS):
        group = GROUP if n < RECIPIENTS else "Everybody else"
        lines.append(f"Ann{n},Example,{phone(n)},ann{n}@example.org,{group}")
    return "\n".join(lines).encode()


async def _live(owner: "asyncpg.Connection[Any]", church_id: UUID) -> None:
    known = "SELECT count(*) = $2 FROM conversation.contacts WHERE church_id = $1"
    await eventually(lambda: owner.fetchval(known, church_id, MEMBERS), PATIENCE)
    for statement in (_THREADS, _LINES, _SENT, _DAYS):
        await owner.execute(statement, church_id)
    await owner.execute("ANALYZE")


_THREADS = """
    INSERT INTO conversation.conversations
           (id, church_id, our_number, phone_index, phone_sealed, status, unread_count,
            last_message_at, last_message_id, last_message_direction, last_message_content,
            last_message_status)
    SELECT gen_random_uuid(), church_id, '+12025550190', phone_index, phone_sealed,
           CASE WHEN n % 5 = 0 THEN 'closed' ELSE 'open' END, CASE WHEN n % 7 = 0 THEN 1 ELSE 0 END,
           now() - n * interval '1 minute', gen_random_uuid(), 'inbound',
           'Thank you, we will be there on Sunday with the children. ' || n, 'received'
      FROM (SELECT *, row_number() OVER () AS n
              FROM conversation.contacts WHERE church_id = $1) AS contact
"""

_LINES = """
    INSERT INTO conversation.conversation_messages
           (id, church_id, conversation_id, direction, content, status, occurred_at, is_read)
    SELECT CASE WHEN line = 0 THEN last_message_id ELSE gen_random_uuid() END, church_id, id,
           'inbound', last_message_content, 'received',
           last_message_at - line * interval '1 day', line > 0 OR unread_count = 0
      FROM conversation.conversations, generate_series(0, 4) AS line WHERE church_id = $1
"""

_SENT = f"""
    INSERT INTO messaging.messages
           (id, church_id, kind, content, target_type, sender, carrier, status, total_recipients,
            pending_count, delivered_count, failed_count, parts_estimated, parts_billed,
            created_by, created_at, started_at, completed_at)
    SELECT gen_random_uuid(), $1, 'broadcast',
           'Service on Sunday begins at ten; coffee from half past nine. See you there! ' || n,
           'all', '+12025550190', 'telnyx', 'completed', 500, 0, 490, 10, 500, 490,
           gen_random_uuid(), now() - n * interval '3 hours', now() - n * interval '3 hours',
           now() - n * interval '3 hours'
      FROM generate_series(1, {MESSAGES}) AS n
"""

_DAYS = """
    INSERT INTO analytics.daily_rollups
           (church_id, day, messages, recipients, replies, delivered, failed, parts)
    SELECT $1, CAST(day AS date), 8, 4000, 12, 3920, 80, 4000
      FROM generate_series(now() - interval '60 days', now() - interval '1 day',
                           interval '1 day') AS day
"""


def _json(response: httpx.Response) -> Any:
    if not response.is_success:
        raise Spoiled(
            f"{response.request.url.path} answered {response.status_code}: {response.text[:300]}"
        )
    return response.json()
