"""A request with a key has one effect, and one answer for a day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
import pytest_asyncio

from koinonia.common import db, idempotency
from koinonia.common.events.messaging import MessageCreated
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.program import PROGRAM

from . import factories
from .stage import Stage

KEY = {"Idempotency-Key": "k1"}
HELLO = {"content": "Hello", "targetType": "all"}
SEND = "/api/messages/send"


@pytest_asyncio.fixture
async def api(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """Staff of the church on stage."""
    token = service.token(stage.church_id, Role.STAFF)
    async with service.client(PROGRAM, stage.running, token) as client:
        yield client


async def send(api: httpx.AsyncClient, **given: Any) -> httpx.Response:
    return await api.post(SEND, json=HELLO | given, headers=KEY)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_the_same_key_has_the_same_answer_whatever_became_of_the_message(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    await stage.members(2)
    first = await send(api)
    await stage.approve(UUID(first.json()["id"]))
    again = await send(api)
    assert (again.status_code, again.content) == (202, first.content)
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (
        False,
        "true",
    )
    assert len(await stage.told(MessageCreated)) == 1


async def test_the_same_key_at_the_same_time_makes_one_message(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    await stage.members(2)
    answers = await asyncio.gather(*(send(api) for _ in range(4)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    assert len(await stage.told(MessageCreated)) == 1


async def test_one_that_waits_for_too_long_is_told_to_come_again(
    stage: Stage, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.members(1)
    await send(api)
    monkeypatch.setattr(idempotency, "PATIENCE", timedelta(milliseconds=50))
    async with stage.running.database.transaction(stage.church_id) as session:
        await db.run(session, "SELECT FROM idempotency_keys FOR UPDATE")
        answer = await send(api)
    assert code(answer) == (409, "IDEMPOTENCY_KEY_IN_USE")
    assert answer.headers["retry-after"] == "1"


async def test_spaces_and_order_make_no_other_request(stage: Stage, api: httpx.AsyncClient) -> None:
    await stage.members(1)
    headers = KEY | {"Content-Type": "application/json"}
    first = await api.post(SEND, content=orjson.dumps(HELLO), headers=headers)
    turned = orjson.dumps(dict(reversed(HELLO.items())), option=orjson.OPT_INDENT_2)
    again = await api.post(SEND, content=turned, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())


@pytest.mark.parametrize("other", [{"content": "Bye"}, {"priority": "high"}, {"content": 7}])
async def test_another_request_under_the_key_is_refused(
    stage: Stage, api: httpx.AsyncClient, other: dict[str, Any]
) -> None:
    await stage.members(1)
    await send(api)
    assert code(await send(api, **other)) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(await stage.told(MessageCreated)) == 1


async def test_a_refused_request_does_not_use_up_its_key(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    assert code(await send(api)) == (422, "NO_REACHABLE_MEMBERS")
    await stage.members(1)
    assert (await send(api)).json()["totalRecipients"] == 1


async def test_a_key_belongs_to_its_church(stage: Stage, api: httpx.AsyncClient) -> None:
    await stage.members(1)
    mine = await send(api)
    async with stage.running.database.transaction() as session:
        other = await factories.church(session, "Hope Hall")
        await factories.active_number(session, other)
        await factories.members(session, other, 1)
    token = service.token(other, Role.STAFF)
    async with service.client(PROGRAM, stage.running, token) as theirs:
        answer = await send(theirs)
    assert answer.status_code == 202
    assert answer.json()["id"] != mine.json()["id"]


async def test_a_key_belongs_to_one_route(stage: Stage, api: httpx.AsyncClient) -> None:
    made = [
        await api.post(path, json={"name": "North"}, headers=KEY)
        for path in ("/api/branches", "/api/branches")
    ]
    group = {"name": "Choir", "branchId": made[0].json()["id"]}
    answer = await api.post("/api/groups", json=group, headers=KEY)
    assert [each.status_code for each in (*made, answer)] == [201] * 3
    assert made[0].json() == made[1].json()


async def test_who_may_not_create_is_not_answered_as_who_may(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    await stage.members(1)
    await send(api)
    token = service.token(stage.church_id, Role.VIEWER)
    async with service.client(PROGRAM, stage.running, token) as viewer:
        assert code(await send(viewer)) == (403, "FORBIDDEN")


async def test_an_answer_is_kept_sealed(stage: Stage, api: httpx.AsyncClient) -> None:
    person = {"firstName": "Zebedee", "phone": "+12025550107"}
    made = await api.post("/api/members", json=person, headers=KEY)
    [kept] = await stage.query("SELECT k AS kept, answer FROM idempotency_keys k")
    assert made.status_code == 201
    assert kept.answer
    assert not [word for word in ("Zebedee", "5550107") if word in str(kept.kept)]
    again = await api.post("/api/members", json=person, headers=KEY)
    assert again.json() == made.json()


async def test_after_a_day_a_key_is_new(stage: Stage, api: httpx.AsyncClient) -> None:
    await stage.members(1)
    first = await send(api)
    await stage.run("UPDATE idempotency_keys SET created_at = now() - interval '23 hours'")
    within = await send(api)
    await stage.run("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'")
    after = await send(api, content="Another")
    assert within.json() == first.json()
    assert after.status_code == 202
    assert len(await stage.told(MessageCreated)) == 2


async def test_old_keys_are_forgotten_and_young_ones_kept(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    await stage.members(1)
    for key in ("old", "young"):
        await api.post(SEND, json=HELLO, headers={"Idempotency-Key": key})
    await stage.run(
        "UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'"
    )
    await idempotency.prune(stage.running)
    kept = await stage.query("SELECT key FROM idempotency_keys")
    assert [row.key for row in kept] == ["young"]


async def test_a_church_sees_no_old_key_of_another(stage: Stage, api: httpx.AsyncClient) -> None:
    await stage.members(1)
    await send(api)
    await stage.run("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'")
    stranger = Stage(stage.running, UUID(int=1), stage.network, stage.sink)
    assert await stranger.query("SELECT key FROM idempotency_keys") == []
    assert len(await stage.query("SELECT key FROM idempotency_keys")) == 1
