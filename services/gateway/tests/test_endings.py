"""Ended sessions and lower roles are known without Redis, from the broker's stream."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from koinonia.common import bus, db
from koinonia.common.events import Event
from koinonia.common.events.auth import AdminRemoved, AdminUpdated, SessionEnded
from koinonia.common.identity import Identity, Role
from koinonia.common.testing import bus as testing_bus
from koinonia.common.testing.eventually import eventually
from koinonia.gateway import endings
from koinonia.gateway.endings import Endings

from .conftest import Gateway
from .factories import SIGNER, bearer
from .listening import admin
from .peers import free_port


@pytest_asyncio.fixture
async def prefix(rabbitmq_url: str) -> AsyncIterator[str]:
    made = testing_bus.namespace()
    yield made
    await testing_bus.clear(rabbitmq_url, made, ())


def news(of: Identity) -> dict[str, Event]:
    church = {"church_id": of.church_id, "admin_id": of.admin_id}
    return {
        "SESSION_ENDED": SessionEnded(session_id=of.session_id, **church),
        "TOKEN_EXPIRED": AdminUpdated(role="viewer", **church),
    }


@pytest.mark.parametrize("code", ["SESSION_ENDED", "TOKEN_EXPIRED"])
async def test_without_redis_an_ended_session_is_refused(
    gateway: Gateway, rabbitmq_url: str, prefix: str, code: str
) -> None:
    who, other = admin(role=Role.STAFF), bearer()
    broker = {"rabbitmq_url": rabbitmq_url, "bus_namespace": prefix}
    async with gateway(redis_url=f"redis://127.0.0.1:{free_port()}/0", **broker) as client:

        async def answered() -> str:
            response = await client.get("/api/messages", headers=bearer(SIGNER.sign(who)))
            return response.json().get("error", {}).get("code", "none")  # type: ignore[no-any-return]

        async def is_let_in() -> bool:
            return await answered() == "none"

        async def is_refused() -> bool:
            return await answered() == code

        await eventually(is_let_in)
        publisher = bus.Publisher(rabbitmq_url, "tests", prefix)
        await publisher.publish([bus.Envelope.from_event(news(who)[code])])
        await publisher.close()
        await eventually(is_refused)
        assert (await client.get("/api/messages", headers=other)).status_code == 200


async def test_a_process_that_can_ask_nobody_refuses_and_says_so(gateway: Gateway) -> None:
    async with gateway(redis_url=f"redis://127.0.0.1:{free_port()}/0") as client:
        response = await client.get("/api/messages", headers=bearer())
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert response.json()["error"]["code"] == "SESSION_UNKNOWN"


def test_who_was_removed_is_out_in_every_session() -> None:
    who, known = admin(), Endings()
    known.heard(1, AdminRemoved(church_id=who.church_id, admin_id=who.admin_id))
    assert known.has(admin(session_id=who.session_id)) is False
    assert known.has(Identity(who.admin_id, who.church_id, Role.OWNER, db.uuid7()))


def test_of_a_role_the_last_change_counts_and_nothing_is_kept_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who, known = uuid4(), Endings()
    for role in ("viewer", "owner"):
        known.heard(1, AdminUpdated(church_id=uuid4(), admin_id=who, role=role))
    assert known.role(who) is Role.OWNER
    assert timedelta(seconds=endings.KEPT_SECONDS) > timedelta(minutes=15)
    monkeypatch.setattr(endings, "KEPT_SECONDS", -1.0)
    known.add(who)
    known.add(uuid4())
    assert len(known._ended._kept) <= 1
