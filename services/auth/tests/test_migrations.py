"""The schema, forwards and back."""

import asyncpg

from koinonia.common import migrations
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password

OWN = {"churches", "admins", "logins", "sessions", "refresh_tokens", "signing_keys"} | {
    *("audit_entries", "outbox", "inbox", "schema_version"),
}


async def test_migrations_go_down_and_up_again(databases: Databases) -> None:
    url = databases.admin_url
    assert await _tables(url) == OWN
    await migrations.downgrade(url, "auth")
    assert await _tables(url) == {"schema_version"}
    await migrations.upgrade(url, "auth", role_password(url))
    assert await _tables(url) == OWN


async def _tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'auth'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows}
