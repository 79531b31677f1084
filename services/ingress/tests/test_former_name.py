"""The ingress was called webhooks: ``migrate`` takes over what that left in the database."""

import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import make_url

import koinonia.ingress
from koinonia.common import clock, db, migrations, outbox
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.outbox import Relay
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases, role_url
from koinonia.common.testing.secrets import role_password
from koinonia.common.testing.servers import Servers
from koinonia.ingress.program import PROGRAM

FORMER = "webhooks"
LAST_REVISION = "webhooks_0001"  # of its last release under that name
TEXT = CarrierMessageReceived(
    carrier="telnyx",
    carrier_message_id="t-1",
    to="+12025550100",
    sealed_sender="sealed",
    text="Hello",
    media_urls=[],
    received_at=clock.now(),
)
KEPT = """
    INSERT INTO kept_calls (id, carrier, event_type, reason, sealed_body)
    VALUES ($1, 'telnyx', 'fax.received', 'no such event', 'sealed')
"""


@pytest.fixture
async def old_house(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The owner's URL of a database as the release before left it: a spooled text, a kept call."""
    monkeypatch.setitem(sys.modules, f"koinonia.{FORMER}", koinonia.ingress)
    name = f"former_{secrets.token_hex(4)}"
    server = await asyncpg.connect(servers.database_url)
    await server.execute(f"CREATE DATABASE {name}")
    url = make_url(servers.database_url).set(database=name).render_as_string(hide_password=False)
    await migrations.upgrade(url, FORMER, role_password(url), revision=LAST_REVISION)
    database = db.Database(role_url(url, FORMER))
    async with database.transaction() as session:
        await outbox.add(session, TEXT)
    await database.close()
    role = await asyncpg.connect(role_url(url, FORMER))
    await role.execute(KEPT, uuid4())
    await role.close()
    yield url
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.execute(f"DROP ROLE IF EXISTS {migrations.role(FORMER)}")
    await server.close()


def migrate(url: str, servers: Servers, namespace: str) -> None:
    """``python -m koinonia.ingress migrate``, as its container does."""
    environment = os.environ | {
        "KOINONIA_DATABASE_OWNER_URL": url,
        "KOINONIA_DATABASE_ROLE_PASSWORD": role_password(url),
        "KOINONIA_RABBITMQ_URL": servers.rabbitmq_url,
        "KOINONIA_BUS_NAMESPACE": namespace,
    }
    command = [sys.executable, "-m", "koinonia.ingress", "migrate"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_the_spool_drains_and_kept_calls_are_kept(
    old_house: str,
    servers: Servers,
    redis_url: str,
    bus_namespace: str,
    heard: Callable[..., Any],
) -> None:
    for _ in range(2):
        migrate(old_house, servers, bus_namespace)
    given = {
        "redis_url": redis_url,
        "rabbitmq_url": servers.rabbitmq_url,
        "bus_namespace": bus_namespace,
    }
    house = Databases(old_house, frozenset({PROGRAM.name}))
    async with service.opened(PROGRAM, house, given) as running:
        relay = Relay(running.database, running.publisher.publish)
        assert await relay.drain() == 1
        assert await relay.drain() == 0
    assert (await heard("carrier.message_received"))["id"] == str(TEXT.id)
    owner = await asyncpg.connect(old_house)
    assert await owner.fetchval("SELECT count(*) FROM ingress.kept_calls") == 1
    assert await owner.fetchval("SELECT to_regnamespace('webhooks')") is None
    await owner.close()
