"""One church cannot read another's rows, and nobody can rewrite the trail."""

from uuid import UUID

import httpx
import pytest
from sqlalchemy.exc import DBAPIError

from koinonia.common import db
from koinonia.common.testing import probe

from . import factories

SCOPED = ["churches", "admins", "sessions", "audit_entries", "invitations"]
IDS_ONLY = {
    "logins": {"email_digest", "church_id", "admin_id", "is_proved"},
    "refresh_tokens": {
        *("token_hash", "church_id", "session_id", "issued_at", "used_at", "replaced_by"),
    },
    "invitation_tokens": {
        *("token_hash", "church_id", "invitation_id", "is_mailed", "expires_at"),
    },
    "secret_links": {"token_hash", "church_id", "admin_id", "purpose", "expires_at"},
    "reset_requests": {"id", "account", "sealed", "asked_from", "asked_at"},
    "mails": {
        *("id", "church_id", "admin_id", "kind", "language", "sealed", "state", "attempts"),
        *("due_at", "expires_at", "failure", "provider", "provider_id", "created_at", "ended_at"),
        *("email_digest", "outcome", "outcome_at"),
    },
    "api_key_digests": {"digest", "key_id", "church_id"},
    "marked_addresses": {"email_digest", "reason", "marked_at", "cleared_at"},
}


@pytest.mark.parametrize("table", SCOPED)
async def test_a_church_sees_its_own_rows_and_no_other(
    api: httpx.AsyncClient, database: db.Database, table: str
) -> None:
    first = await factories.church(api)
    other = await factories.church(api, email="naomi@hope.example.org")
    for each in (first, other):
        await factories.invite(api, each)
    column = "id" if table == "churches" else "church_id"
    async with database.transaction(UUID(first["church"]["id"])) as session:
        found = await probe.rows(session, f"SELECT {column} FROM {table}")
    assert {str(row[0]) for row in found} == {first["church"]["id"]}


@pytest.mark.parametrize("table", SCOPED)
async def test_outside_of_any_church_there_are_no_rows(
    api: httpx.AsyncClient, database: db.Database, table: str
) -> None:
    await factories.invite(api, await factories.church(api))
    async with database.transaction() as session:
        assert await probe.rows(session, f"SELECT * FROM {table}") == []


@pytest.mark.parametrize("table", IDS_ONLY)
async def test_what_is_readable_across_churches_is_ids_times_and_digests(
    database: db.Database, table: str
) -> None:
    async with database.transaction() as session:
        columns = await probe.rows(
            session,
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = :table",
            {"table": table},
        )
    assert {row.column_name for row in columns} == IDS_ONLY[table]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ],
)
async def test_the_trail_can_only_grow(
    api: httpx.AsyncClient, database: db.Database, statement: str
) -> None:
    body = await factories.register(api)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.transaction(UUID(body["church"]["id"])) as session:
            await db.run(session, statement)


async def test_the_trail_knows_who_came_from_where_and_no_secret(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    api.headers["X-Forwarded-For"] = "10.9.9.9, 203.0.113.7"
    body = await factories.register(api)
    await factories.login(api, password="not the password")
    await factories.login(api)
    async with database.transaction(UUID(body["church"]["id"])) as session:
        trail = await probe.rows(session, "SELECT * FROM audit_entries ORDER BY id")
    assert [entry.action for entry in trail] == [
        "church.registered",
        "admin.login_failed",
        "admin.logged_in",
    ]
    assert {entry.address for entry in trail} == {"203.0.113.0/24"}
    assert {str(entry.actor_id) for entry in trail} == {body["admin"]["id"]}
    assert [set(entry.details) for entry in trail] == [set(), set(), set()]
    assert [entry.thing_id is not None for entry in trail] == [True, False, True]


async def test_a_failed_login_of_nobody_leaves_no_trail(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    body = await factories.register(api)
    await factories.login(api, email="nobody@grace.example.org")
    assert await factories.trail(database, body["church"]["id"]) == ["church.registered"]
