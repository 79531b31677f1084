"""The log of an endpoint, replays, test events, and what is forgotten."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.integrations.log import retention
from koinonia.integrations.program import PROGRAM
from koinonia.integrations.running import Running

from . import happenings
from .conftest import PATH, Client, MakeEndpoint
from .receivers import Receive

pytestmark = pytest.mark.usefixtures("delivering")


async def log(owner: httpx.AsyncClient, made: dict[str, Any], **query: str) -> list[dict[str, Any]]:
    answer = await owner.get(f"{PATH}/{made['id']}/deliveries", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def settled(owner: httpx.AsyncClient, made: dict[str, Any], *states: str) -> Callable[[], Any]:
    async def are() -> bool:
        return [each["state"] for each in await log(owner, made)] == list(states)

    return are


async def test_the_log_has_the_request_and_the_beginning_of_the_answer(
    running: Running,
    church_id: UUID,
    owner: httpx.AsyncClient,
    receive: Receive,
    endpoint: MakeEndpoint,
) -> None:
    receiver = await receive(body="é".encode() * 100_000)
    made = await endpoint(receiver)
    await service.hear(PROGRAM, running, happenings.completed(church_id))
    await eventually(settled(owner, made, "delivered"), within=5)
    [shown] = await log(owner, made)
    told = (await owner.get(f"{PATH}/{made['id']}/deliveries/{shown['id']}")).json()
    assert (told["attempts"], told["status"], told["nextAttemptAt"]) == (1, 200, None)
    assert told["body"].encode() == receiver.requests[0][1]
    [attempt] = told["tries"]
    assert (attempt["number"], attempt["failure"]) == (1, None)
    assert attempt["answer"] == "é" * 2048
    assert await log(owner, made, state="failed") == []


async def test_a_test_event_says_nothing_of_anybody(
    owner: httpx.AsyncClient, receive: Receive, endpoint: MakeEndpoint
) -> None:
    receiver = await receive()
    made = await endpoint(receiver, kinds=["allowance.low"])
    sent = await owner.post(f"{PATH}/{made['id']}/test")
    assert (sent.status_code, sent.json()["kind"]) == (201, "test")
    await receiver.got(1)
    [told] = receiver.verified(made["secret"])
    assert (told["type"], told["data"]) == ("test", {"endpointId": made["id"]})


async def test_one_delivery_and_all_that_failed_are_sent_again(
    running: Running,
    church_id: UUID,
    owner: httpx.AsyncClient,
    receive: Receive,
    endpoint: MakeEndpoint,
) -> None:
    receiver = await receive(answers=[410, 200])
    made = await endpoint(receiver)
    path = f"{PATH}/{made['id']}"
    first, second = [happenings.completed(church_id) for _ in range(2)]
    await service.hear(PROGRAM, running, first)
    await eventually(settled(owner, made, "failed"), within=5)
    refused = await owner.post(f"{path}/replay", json={"since": "2026-01-01T00:00:00Z"})
    assert refused.json()["error"]["code"] == "WEBHOOK_ENDPOINT_DISABLED"
    await owner.patch(path, json={"state": "active"})
    await service.hear(PROGRAM, running, second)
    await eventually(settled(owner, made, "delivered", "failed"), within=5)
    since = {"since": (clock.now() - timedelta(hours=1)).isoformat()}
    assert (await owner.post(f"{path}/replay", json=since)).json() == {"deliveries": 1}
    await eventually(settled(owner, made, "delivered", "delivered"), within=5)
    newest, _ = await log(owner, made)
    assert (await owner.post(f"{path}/deliveries/{newest['id']}/replay")).status_code == 200
    await receiver.got(4)
    ids = [headers["webhook-id"] for headers, _ in receiver.requests]
    assert ids == [str(each.id) for each in (first, second, first, second)]


async def test_what_waits_for_an_endpoint_that_is_switched_off_has_failed(
    running: Running,
    church_id: UUID,
    owner: httpx.AsyncClient,
    receive: Receive,
    endpoint: MakeEndpoint,
) -> None:
    made = await endpoint(await receive(answers=[500]))
    await service.hear(PROGRAM, running, happenings.completed(church_id))
    await eventually(settled(owner, made, "pending"), within=5)
    await owner.patch(f"{PATH}/{made['id']}", json={"state": "disabled"})
    await eventually(settled(owner, made, "failed"), within=5)


async def test_another_church_sees_no_log(
    owner: httpx.AsyncClient, client: Client, receive: Receive, endpoint: MakeEndpoint
) -> None:
    made = await endpoint(await receive())
    sent = (await owner.post(f"{PATH}/{made['id']}/test")).json()
    async with client(db.uuid7()) as theirs:
        path = f"{PATH}/{made['id']}"
        answers = [await theirs.get(f"{path}/deliveries"), await theirs.post(f"{path}/test")]
        answers.append(await theirs.get(f"{path}/deliveries/{sent['id']}"))
        answers.append(await theirs.post(f"{path}/deliveries/{sent['id']}/replay"))
    assert {each.status_code for each in answers} == {404}


async def test_after_thirty_days_all_of_it_is_forgotten(
    running: Running,
    databases: Databases,
    owner: httpx.AsyncClient,
    receive: Receive,
    endpoint: MakeEndpoint,
) -> None:
    made = await endpoint(await receive())
    for _ in range(2):
        await owner.post(f"{PATH}/{made['id']}/test")
    await eventually(settled(owner, made, "delivered", "delivered"), within=5)
    admin = await asyncpg.connect(databases.admin_url)
    await admin.execute(
        "UPDATE integrations.webhooks SET created_at = now() - interval '31 days' WHERE id = "
        "(SELECT min(id::text)::uuid FROM integrations.webhooks)"
    )
    await retention.prune(running)
    counted = [
        await admin.fetchval(f"SELECT count(*) FROM integrations.{table}")
        for table in ("webhooks", "deliveries", "attempts")
    ]
    await admin.close()
    assert counted == [1, 1, 1]
