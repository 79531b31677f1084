from uuid import UUID

import asyncpg
import httpx
import pytest

from koinonia.common import db, migrations
from koinonia.common.events.messaging import MemberOptedOut
from koinonia.common.testing import probe
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.phones import phone
from koinonia.common.testing.secrets import role_password

from .factories import OURS, asked, hear, joined, member, opted, text

SCOPED = (
    "conversations",
    "conversation_facets",
    "conversation_messages",
    "idempotency_keys",
    "contacts",
    "opt_outs",
    "stop_questions",
    "line_participants",
    "group_announcements",
)


async def test_another_church_and_nobody_see_no_row_of_a_church(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    key = {"Idempotency-Key": "one"}
    await api.post(f"/api/conversations/{thread_id}/reply", json={"content": "Yes"}, headers=key)
    await hear(database, joined(church_id, member(church_id)), opted(MemberOptedOut, church_id))
    await hear(database, asked(church_id, text()), text(group=[OURS, phone(2)]))
    for viewer, sees in ((church_id, True), (db.uuid7(), False), (None, False)):
        async with database.transaction(viewer) as session:
            for table in SCOPED:
                assert bool(await probe.rows(session, f"SELECT 1 FROM {table}")) is sees, table


async def test_deltas_of_counts_are_seen_by_their_church_and_by_the_loop_that_adds_them_up(
    database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    seen = []
    for viewer in (church_id, db.uuid7(), None):
        async with database.transaction(viewer) as session:
            seen.append(bool(await probe.rows(session, "SELECT 1 FROM conversation_count_deltas")))
    assert seen == [True, False, True]


@pytest.mark.parametrize("token", ["", "Bearer forged"])
async def test_without_a_good_token_there_are_no_conversations(
    api: httpx.AsyncClient, token: str
) -> None:
    answer = await api.get("/api/conversations", headers={"Authorization": token})
    assert answer.status_code == 401


async def test_the_tables_go_down_and_up_again(databases: Databases) -> None:
    await migrations.downgrade(databases.admin_url, "conversation")
    assert await tables(databases) == {"schema_version"}
    password = role_password(databases.admin_url)
    await migrations.upgrade(databases.admin_url, "conversation", password)
    assert {*SCOPED, "number_routes", "parked_inbound", "inbox", "outbox"} < await tables(databases)


async def tables(databases: Databases) -> set[str]:
    owner = await asyncpg.connect(databases.admin_url)
    try:
        found = await owner.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'conversation'"
        )
    finally:
        await owner.close()
    return {row["tablename"] for row in found}
