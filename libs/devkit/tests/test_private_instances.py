"""Private instances: PostgreSQL keeps what it committed, RabbitMQ leaves no process."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from koinonia.common.testing.servers.postgres import Postgres
from koinonia.common.testing.servers.rabbitmq import RabbitMQ


async def _ask(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@pytest.fixture
def postgres(tmp_path: Path, server_processes: None) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres", durable=True)
    server.start()
    yield server
    server.discard()


async def test_a_killed_postgres_keeps_what_was_committed(postgres: Postgres) -> None:
    await _ask(postgres.url, "CREATE TABLE kept AS SELECT 1 AS number")
    postgres.kill()
    postgres.start()
    assert await _ask(postgres.url, "SELECT number FROM kept") == 1


async def test_postgres_knows_case_beyond_ascii_and_keeps_utc(postgres: Postgres) -> None:
    sql = "SELECT lower('ÉÄ') || current_setting('timezone')"
    assert await _ask(postgres.url, sql) == "éäUTC"


def test_a_discarded_postgres_leaves_no_data(postgres: Postgres) -> None:
    postgres.discard()
    assert not postgres.data.parent.exists()


def test_rabbitmq_ends_with_its_port_mapper(tmp_path: Path, server_processes: None) -> None:
    rabbitmq = RabbitMQ(tmp_path / "rabbitmq", durable=False)
    try:
        rabbitmq.start()
        assert rabbitmq.epmd is not None
        rabbitmq.stop()
        assert not rabbitmq.running()
        assert not rabbitmq.epmd.alive()
    finally:
        rabbitmq.discard()
