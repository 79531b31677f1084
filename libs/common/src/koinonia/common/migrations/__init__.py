"""Migrations: one schema and one role per service, alembic forwards and back.

``upgrade`` runs as the owner of the database (its URL may create roles and schemas) and leaves the
service's role able to read and write its own schema and nothing else. A service's version files
live in its package, in ``migrations/versions`` and folders of days in it, and are named by date and
sentence.
"""

from collections.abc import Callable
from pathlib import Path

import asyncpg
import stamina
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from koinonia.common.migrations.bodies import create_from_files, create_words, replace_functions
from koinonia.common.migrations.names import folder, role
from koinonia.common.migrations.rename import BothSchemas, rename
from koinonia.common.migrations.tables import (
    bus_tables,
    church_scope,
    drop_bus_tables,
    old_rows,
)

__all__ = [
    "BothSchemas",
    "bus_tables",
    "church_scope",
    "create_from_files",
    "create_words",
    "downgrade",
    "drop_bus_tables",
    "folder",
    "old_rows",
    "role",
    "upgrade",
]


async def upgrade(
    admin_url: str,
    service: str,
    role_password: str,
    *,
    revision: str = "head",
    formerly: str | None = None,
) -> None:
    """Bring a service's role, schema and tables to ``revision``. May be run again and again.

    ``formerly``: what the service was called once; a schema and a role of that name are renamed.
    """
    await _prepare(admin_url, service, role_password, formerly)
    await _alembic(admin_url, service, lambda config: _upgrade(config, service, revision))


async def downgrade(admin_url: str, service: str, *, revision: str = "base") -> None:
    """Take a service's tables back to ``revision``; ``base`` leaves an empty schema."""
    await _alembic(admin_url, service, lambda config: command.downgrade(config, revision))


def _upgrade(config: Config, service: str, revision: str) -> None:
    command.upgrade(config, revision)
    if revision == "head":
        replace_functions(config.attributes["connection"], service)


# Roles belong to the whole cluster and an advisory lock to one database, so two migrators of
# different databases can still meet over a role; PostgreSQL then fails one of them.
@stamina.retry(
    on=(asyncpg.InternalServerError, asyncpg.UniqueViolationError, asyncpg.DuplicateObjectError),
    attempts=8,
)
async def _prepare(admin_url: str, service: str, password: str, formerly: str | None) -> None:
    """Role and schema. An advisory lock keeps two migrators from creating a role at once."""
    connection = await asyncpg.connect(admin_url, timeout=10)
    name = role(service)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('koinonia roles'))")
            if formerly:
                await rename(connection, formerly, service)
            exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
            verb = "ALTER" if exists else "CREATE"
            secret = await connection.fetchval("SELECT quote_literal($1::text)", password)
            await connection.execute(f"{verb} ROLE {name} LOGIN NOBYPASSRLS PASSWORD {secret}")
            await connection.execute(f"""
                ALTER ROLE {name} SET search_path = {service};
                ALTER ROLE {name} SET statement_timeout = '30s';
                ALTER ROLE {name} SET idle_in_transaction_session_timeout = '60s';
                ALTER ROLE {name} SET timezone = 'UTC';
                CREATE SCHEMA IF NOT EXISTS {service};
                REVOKE ALL ON SCHEMA {service} FROM PUBLIC;
                GRANT USAGE ON SCHEMA {service} TO {name};
                ALTER DEFAULT PRIVILEGES IN SCHEMA {service}
                    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name};
                ALTER DEFAULT PRIVILEGES IN SCHEMA {service}
                    GRANT USAGE, SELECT ON SEQUENCES TO {name};
            """)
    finally:
        await connection.close()


async def _alembic(admin_url: str, service: str, action: Callable[[Config], None]) -> None:
    engine = create_async_engine(
        make_url(admin_url).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_locations", str(folder(service) / "versions"))
    config.set_main_option("recursive_version_locations", "true")
    config.set_main_option("path_separator", "os")
    config.attributes["service"] = service

    def _run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        action(config)

    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run)
    finally:
        await engine.dispose()
