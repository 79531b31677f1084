"""The schema, forwards and back."""

import asyncpg
import httpx

from koinonia.common import migrations
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password

from . import factories

OWN = {"churches", "admins", "logins", "sessions", "refresh_tokens", "signing_keys"} | {
    "sign_in_attempts",
    "unverified_churches",
    "idempotency_keys",
    "mails",
    "marked_addresses",
    "notifications",
    "notification_preferences",
    "notification_hours",
    "notification_dispatches",
    "secret_links",
    "api_keys",
    "api_key_digests",
    "reset_requests",
    *(
        "audit_entries",
        "second_factors",
        "invitations",
        "invitation_tokens",
        "outbox",
        "inbox",
        "schema_version",
    ),
}


async def test_migrations_go_down_and_up_again(databases: Databases) -> None:
    url = databases.admin_url
    assert await _tables(url) == OWN
    await migrations.downgrade(url, "auth")
    assert await _tables(url) == {"schema_version"}
    await migrations.upgrade(url, "auth", role_password(url))
    assert await _tables(url) == OWN


async def test_people_outlive_the_way_down_and_up(
    databases: Databases, api: httpx.AsyncClient
) -> None:
    ruth = await factories.church(api, firstName="Ruth")
    naomi = await factories.join(api, ruth, "staff", "naomi@example.org")
    path = f"/api/auth/team/{naomi['admin']['id']}"
    assert (await api.delete(path, headers=factories.as_(ruth))).status_code == 204
    await factories.join(api, ruth, "staff", "naomi@example.org")
    url = databases.admin_url
    await migrations.downgrade(url, "auth", revision="auth_0002")
    await migrations.upgrade(url, "auth", role_password(url))
    found = (await api.get("/api/auth/team", headers=factories.as_(ruth))).json()["data"]
    assert [each["firstName"] or each["email"] for each in found] == ["naomi@example.org", "Ruth"]


async def _tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'auth'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows}
