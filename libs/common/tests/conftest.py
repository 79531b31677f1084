"""A schema of our own for the library's tests: the bus tables and a place for effects."""

import secrets
from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from koinonia.common import db
from koinonia.common.migrations import bus_tables
from koinonia.common.testing.servers import Servers

from .cable import cable

__all__ = ["cable"]


@pytest.fixture
def rabbitmq_url(servers: Servers) -> str:
    return servers.rabbitmq_url


@pytest.fixture
async def sample(servers: Servers) -> AsyncIterator[db.Database]:
    """An empty database with ``outbox``, ``inbox`` and ``effects``, dropped afterwards."""
    name = f"sample_{secrets.token_hex(4)}"
    owner = await asyncpg.connect(servers.database_url)
    await owner.execute(f"CREATE DATABASE {name}")
    url = make_url(servers.database_url).set(database=name)
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_create_tables)
    await engine.dispose()
    database = db.Database(url.render_as_string(hide_password=False))
    yield database
    await database.close()
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.close()


def _create_tables(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        bus_tables()
    connection.execute(text("CREATE TABLE effects (event_id uuid NOT NULL)"))
