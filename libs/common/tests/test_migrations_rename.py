"""A service gets another name: its schema and role follow, with everything that is in them."""

import secrets
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from koinonia.common import migrations
from koinonia.common.migrations import BothSchemas
from koinonia.common.testing.databases import role_url
from koinonia.common.testing.secrets import role_password
from koinonia.common.testing.servers import Servers

VERSION = """
from alembic import op
from koinonia.common.migrations import bus_tables, church_scope, create_from_files

revision = "calls_0001"
down_revision = None


def upgrade():
    bus_tables()
    op.execute("CREATE TABLE calls (church_id uuid, position bigserial, words text)")
    church_scope("calls")
    create_from_files("count_calls")
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION count_calls() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    RETURN count(*) FROM calls;
END
$$
"""
CALL = "INSERT INTO calls VALUES ('01900000-0000-7000-8000-000000000001', DEFAULT, 'Hello')"
EVENT = "INSERT INTO outbox (event_id, name, body, headers) VALUES (gen_random_uuid(), 'a', '', '')"


@dataclass
class House:
    """A database with the service ``old``, which the code calls ``new`` by now."""

    url: str
    old: str
    new: str
    owner: Any

    async def renamed(self) -> None:
        """What ``migrate`` does in the release with the new name."""
        password = role_password(self.url)
        await migrations.upgrade(self.url, self.new, password, formerly=self.old)

    async def role(self) -> Any:
        """A connection of the service itself."""
        return await asyncpg.connect(role_url(self.url, self.new))

    async def names(self) -> tuple[set[str], set[str]]:
        """Which of the schemas and which of the roles are there."""
        both = [self.old, self.new]
        asked = "SELECT nspname::text FROM pg_namespace WHERE nspname = ANY($1::text[])"
        schemas = {row[0] for row in await self.owner.fetch(asked, both)}
        asked = "SELECT substr(rolname, 10) FROM pg_roles WHERE rolname = ANY($1::text[])"
        roles = {r[0] for r in await self.owner.fetch(asked, [migrations.role(s) for s in both])}
        return schemas, roles


@pytest.fixture
async def house(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    mark = secrets.token_hex(4)
    old, new = f"old{mark}", f"new{mark}"
    for name in (old, new):
        folder = tmp_path / "koinonia" / name / "migrations"
        (folder / "versions").mkdir(parents=True)
        (folder / "sql").mkdir()
        (folder.parent / "__init__.py").touch()
        (folder / "versions" / "calls.py").write_text(VERSION)
        (folder / "sql" / "count_calls.sql").write_text(FUNCTION)
    monkeypatch.syspath_prepend(tmp_path)
    server = await asyncpg.connect(servers.database_url)
    await server.execute(f"CREATE DATABASE house_{mark}")
    url = make_url(servers.database_url).set(database=f"house_{mark}")
    admin_url = url.render_as_string(hide_password=False)
    await migrations.upgrade(admin_url, old, role_password(admin_url))
    owner = await asyncpg.connect(admin_url)
    await owner.execute(f"SET search_path = {old}; {CALL}; {EVENT}; RESET search_path")
    yield House(admin_url, old, new, owner)
    await owner.close()
    await server.execute(f"DROP DATABASE house_{mark} WITH (FORCE)")
    for name in (old, new):
        await server.execute(f"DROP ROLE IF EXISTS {migrations.role(name)}")
        sys.modules.pop(f"koinonia.{name}", None)
    await server.close()


AS_BEFORE = {
    "calls": [(1, "Hi"), (2, "Hi")],
    "calls of another church": [],
    "counted by a function": 2,
    "events": 2,
    "relay woken": True,
    "revision": "calls_0001",
    "later tables": 1,
}


async def use(house: House) -> dict[str, object]:
    """What the service sees of what was there, of what it adds, and of a table made since."""
    role, woken = await house.role(), []
    await role.add_listener(f"outbox_{house.new}", lambda *_: woken.append(True))
    await role.execute("SET koinonia.church_id = '01900000-0000-7000-8000-000000000001'")
    await role.execute(f"{CALL}; {EVENT}; UPDATE calls SET words = 'Hi'; DELETE FROM inbox")
    await house.owner.execute(f"CREATE TABLE {house.new}.later (id bigserial)")
    await role.execute("INSERT INTO later DEFAULT VALUES")
    seen: dict[str, object] = {
        "calls": [tuple(row) for row in await role.fetch("SELECT position, words FROM calls")],
        "counted by a function": await role.fetchval("SELECT count_calls()"),
        "events": await role.fetchval("SELECT count(*) FROM outbox"),
        "revision": await role.fetchval("SELECT version_num FROM schema_version"),
        "later tables": await role.fetchval("SELECT count(*) FROM later"),
    }
    await role.execute("SET koinonia.church_id = '01900000-0000-7000-8000-000000000002'")
    seen["calls of another church"] = await role.fetch("SELECT * FROM calls")
    await role.close()
    return seen | {"relay woken": any(woken)}


async def test_everything_is_there_under_the_new_name(house: House) -> None:
    await house.renamed()
    assert await use(house) == AS_BEFORE
    assert await house.names() == ({house.new}, {house.new})


async def test_to_migrate_again_changes_nothing(house: House) -> None:
    await house.renamed()
    await house.renamed()
    assert await use(house) == AS_BEFORE
    assert await house.names() == ({house.new}, {house.new})


async def test_a_schema_that_has_its_new_name_already_is_kept(house: House) -> None:
    await house.owner.execute(f"ALTER SCHEMA {house.old} RENAME TO {house.new}")
    await house.renamed()
    assert await use(house) == AS_BEFORE
    assert await house.names() == ({house.new}, {house.new})


async def test_a_role_that_has_its_new_name_already_is_kept(house: House) -> None:
    old, new = migrations.role(house.old), migrations.role(house.new)
    await house.owner.execute(f"ALTER ROLE {old} RENAME TO {new}")
    await house.renamed()
    assert await use(house) == AS_BEFORE
    assert await house.names() == ({house.new}, {house.new})


async def test_an_empty_schema_of_the_new_name_gives_way(house: House) -> None:
    await house.owner.execute(f"CREATE SCHEMA {house.new}")
    await house.renamed()
    assert await use(house) == AS_BEFORE
    assert await house.names() == ({house.new}, {house.new})


async def test_where_the_new_role_is_there_already_it_is_given_what_the_old_one_might_do(
    house: House,
) -> None:
    old, new = migrations.role(house.old), migrations.role(house.new)
    await house.owner.execute(f"""
        CREATE ROLE {new};
        REVOKE DELETE ON {house.old}.calls FROM {old};
        REVOKE EXECUTE ON FUNCTION {house.old}.count_calls FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION {house.old}.count_calls TO {old};
    """)
    await house.renamed()
    assert await use(house) == AS_BEFORE
    assert await house.names() == ({house.new}, {house.new})
    role = await house.role()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await role.execute("DELETE FROM calls")
    await role.close()


async def test_a_function_s_search_path_follows(house: House) -> None:
    await house.owner.execute(f"""
        CREATE FUNCTION {house.old}.other(calls bigint) RETURNS bigint LANGUAGE sql
        SET search_path = {house.old}, pg_temp AS $$ SELECT count(*) FROM calls $$
    """)
    await house.renamed()
    assert await house.owner.fetchval(f"SELECT {house.new}.other(1)") == 1


async def test_tables_in_both_schemas_are_left_alone(house: House) -> None:
    await house.owner.execute(f"CREATE SCHEMA {house.new} CREATE TABLE calls (id int)")
    with pytest.raises(BothSchemas, match=f"{house.old}, its former name"):
        await house.renamed()
    assert await house.names() == ({house.old, house.new}, {house.old})


async def test_where_nothing_had_the_former_name_the_new_one_is_made(house: House) -> None:
    await house.owner.execute(f"""
        DROP SCHEMA {house.old} CASCADE; DROP ROLE {migrations.role(house.old)}
    """)
    await house.renamed()
    assert await house.names() == ({house.new}, {house.new})
