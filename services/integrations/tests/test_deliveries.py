"""From an event to a receiver, which verifies it with the published library."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from koinonia.common import clock, db
from koinonia.common.events.integrations import WebhookEndpointDisabled
from koinonia.common.testing import probe, service
from koinonia.common.testing.eventually import eventually
from koinonia.integrations.delivering import ladder
from koinonia.integrations.program import PROGRAM
from koinonia.integrations.running import Running

from . import happenings
from .conftest import PATH, Client, MakeEndpoint
from .receivers import Receive, content


async def hear(running: Running, *events: Any) -> None:
    await service.hear(PROGRAM, running, *events)


@pytest.mark.usefixtures("delivering")
async def test_every_kind_of_event_reaches_its_receiver_signed(
    running: Running, church_id: UUID, receive: Receive, endpoint: MakeEndpoint
) -> None:
    receiver = await receive()
    made = await endpoint(receiver)
    events = happenings.one_of_each(church_id, running.phones)
    await hear(running, *events.values(), *happenings.no_webhooks(church_id, running.phones))
    await receiver.got(len(events))
    found = {each["type"]: each for each in receiver.verified(made["secret"])}
    assert found.keys() == events.keys()
    ids = {headers["webhook-id"] for headers, _ in receiver.requests}
    assert ids == {str(event.id) for event in events.values()}
    for kind, event in events.items():
        at = event.occurred_at.isoformat().replace("+00:00", "Z")
        assert found[kind]["occurredAt"] == found[kind]["timestamp"] == at


@pytest.mark.usefixtures("delivering")
@pytest.mark.parametrize("scopes", [[], ["phone"], ["text"], ["phone", "text"]])
async def test_phone_and_words_leave_with_their_scope_only(
    running: Running,
    church_id: UUID,
    receive: Receive,
    endpoint: MakeEndpoint,
    scopes: list[str],
) -> None:
    receiver = await receive()
    await endpoint(receiver, scopes=scopes)
    events = happenings.one_of_each(church_id, running.phones)
    await hear(running, *events.values())
    await receiver.got(len(events))
    everything = b"".join(body for _, body in receiver.requests).decode()
    assert (happenings.PHONE in everything) == ("phone" in scopes)
    assert (happenings.WORDS in everything) == ("text" in scopes)
    assert "Ruth" not in everything
    data = {content(each)["type"]: content(each)["data"] for each in receiver.requests}
    [member] = data["member.created"]["members"]
    keys = {data[kind]["phoneKey"] for kind in ("text.received", "consent.changed", "keyword.used")}
    assert keys == {member["phoneKey"]}
    if "phone" in scopes:
        assert member["phone"] == data["text.received"]["phone"] == happenings.PHONE


async def test_no_table_holds_a_phone_or_a_word_in_plain(
    running: Running, church_id: UUID, receive: Receive, endpoint: MakeEndpoint
) -> None:
    await endpoint(await receive(), scopes=["phone", "text"])
    events = happenings.one_of_each(church_id, running.phones)
    await hear(running, *events.values())
    async with running.database.transaction(church_id) as session:
        rows = await probe.rows(session, "SELECT CAST(w.* AS text) AS told FROM webhooks w")
    told = "".join(row.told for row in rows)
    assert happenings.PHONE not in told
    assert "mother" not in told


async def test_what_nobody_wants_is_not_kept(
    running: Running, church_id: UUID, receive: Receive, endpoint: MakeEndpoint
) -> None:
    await endpoint(await receive(), kinds=["allowance.low"])
    events = happenings.one_of_each(church_id, running.phones)
    strangers = happenings.one_of_each(db.uuid7(), running.phones)
    await hear(running, *events.values(), *strangers.values())
    assert await rows_of(running, church_id, "SELECT kind FROM webhooks") == ["allowance.low"]


async def test_each_endpoint_is_told_once_however_often_the_event_comes(
    running: Running, church_id: UUID, receive: Receive, endpoint: MakeEndpoint
) -> None:
    for _ in range(2):
        await endpoint(await receive())
    event = happenings.completed(church_id)
    await hear(running, event, event)
    found = await rows_of(running, church_id, "SELECT CAST(webhook_id AS text) FROM deliveries")
    assert found == [str(event.id)] * 2


async def test_a_batch_of_many_churches_finds_each_its_endpoint(
    running: Running, client: Client, receive: Receive
) -> None:
    receiver = await receive()
    churches = [db.uuid7() for _ in range(3)]
    wish = {"name": "Ours", "url": receiver.url, "kinds": ["message.completed"]}
    for church_id in churches[:2]:
        async with client(church_id) as http:
            await http.post(PATH, json=wish)
    events = [happenings.completed(each) for each in churches for _ in range(2)]
    await service.hear_together(PROGRAM, running, *events)
    counted = [len(await rows_of(running, each, "SELECT kind FROM webhooks")) for each in churches]
    assert counted == [2, 2, 0]


@pytest.mark.usefixtures("delivering")
async def test_two_secrets_are_good_while_one_takes_the_place_of_the_other(
    running: Running,
    church_id: UUID,
    owner: httpx.AsyncClient,
    receive: Receive,
    endpoint: MakeEndpoint,
) -> None:
    receiver = await receive()
    made = await endpoint(receiver)
    changed = (await owner.post(f"{PATH}/{made['id']}/secret")).json()
    await hear(running, happenings.completed(church_id))
    await receiver.got(1)
    assert receiver.verified(made["secret"]) == receiver.verified(changed["secret"])
    with clock.shift(timedelta(hours=25)):
        await hear(running, happenings.completed(church_id))
        await receiver.got(2)
    headers, body = receiver.requests[1]
    assert headers["webhook-signature"].count("v1,") == 1
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(body, headers)


@pytest.mark.usefixtures("delivering")
async def test_a_receiver_that_fails_is_asked_again_on_the_ladder_with_the_same_id(
    running: Running, church_id: UUID, receive: Receive, endpoint: MakeEndpoint
) -> None:
    receiver = await receive(answers=[500, 200])
    made = await endpoint(receiver)
    await hear(running, happenings.completed(church_id))
    await receiver.got(1)
    await eventually(lambda: is_due(running, 1), within=5)
    with clock.shift(ladder.LADDER[1] + timedelta(seconds=1)):
        await receiver.got(2)
        await eventually(lambda: is_settled(running, church_id, "delivered"), within=5)
    first, second = receiver.requests
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    assert len(receiver.verified(made["secret"])) == 2


async def test_the_ladder_is_the_one_we_promise() -> None:
    waits = [ladder.wait(rung) for rung in range(len(ladder.LADDER))]
    seconds = [None if each is None else each.total_seconds() for each in waits]
    assert seconds == [5, 300, 1800, 7200, 18000, 36000, 36000, None]


@pytest.mark.usefixtures("delivering")
@pytest.mark.parametrize("status", [302, 404, 500])
async def test_only_200_to_299_is_taken_and_no_redirect_is_followed(
    running: Running,
    church_id: UUID,
    receive: Receive,
    endpoint: MakeEndpoint,
    status: int,
) -> None:
    receiver = await receive(answers=[status])
    await endpoint(receiver)
    await hear(running, happenings.completed(church_id))
    await eventually(lambda: is_due(running, 1), within=5)
    assert len(receiver.requests) == 1
    found = await rows_of(running, church_id, "SELECT failure || status FROM deliveries")
    assert found == [f"status{status}"]


@pytest.mark.usefixtures("delivering")
async def test_410_ends_an_endpoint_at_once_and_the_church_is_told(
    running: Running,
    church_id: UUID,
    owner: httpx.AsyncClient,
    receive: Receive,
    endpoint: MakeEndpoint,
) -> None:
    receiver = await receive(answers=[410])
    made = await endpoint(receiver)
    await hear(running, happenings.completed(church_id))
    await eventually(lambda: is_settled(running, church_id, "failed"), within=5)
    now = (await owner.get(f"{PATH}/{made['id']}")).json()
    assert (now["state"], now["disabledReason"]) == ("disabled", "gone")
    assert await disabled(running) == [(made["id"], "gone")]
    await hear(running, happenings.completed(church_id))
    assert len(await rows_of(running, church_id, "SELECT kind FROM webhooks")) == 1


@pytest.mark.usefixtures("delivering")
async def test_five_days_of_failure_end_an_endpoint(
    running: Running,
    church_id: UUID,
    owner: httpx.AsyncClient,
    receive: Receive,
    endpoint: MakeEndpoint,
) -> None:
    receiver = await receive(answers=[500])
    made = await endpoint(receiver)
    await hear(running, happenings.completed(church_id))
    await eventually(lambda: is_due(running, 1), within=5)
    assert (await owner.get(f"{PATH}/{made['id']}")).json()["failingSince"]
    with clock.shift(timedelta(days=5, minutes=1)):
        await eventually(lambda: is_settled(running, church_id, "failed"), within=5)
    now = (await owner.get(f"{PATH}/{made['id']}")).json()
    assert (now["state"], now["disabledReason"]) == ("disabled", "failing")
    assert await disabled(running) == [(made["id"], "failing")]


async def is_due(running: Running, rung: int) -> bool:
    async with running.database.transaction() as session:
        return await db.values(session, int, "SELECT rung FROM due_deliveries") == [rung]


async def is_settled(running: Running, church_id: UUID, state: str) -> bool:
    found = await rows_of(running, church_id, "SELECT state FROM deliveries")
    return set(found) == {state}


async def rows_of(running: Running, church_id: UUID, sql: str) -> list[str]:
    async with running.database.transaction(church_id) as session:
        return await db.values(session, str, sql)


async def disabled(running: Running) -> list[tuple[str, str]]:
    """What was said of endpoints that were switched off."""
    async with running.database.transaction() as session:
        found = await probe.rows(
            session,
            "SELECT body FROM outbox WHERE name = :name ORDER BY position",
            {"name": WebhookEndpointDisabled.name},
        )
    told = [WebhookEndpointDisabled.model_validate_json(row.body) for row in found]
    return [(str(each.endpoint_id), each.reason) for each in told]


def test_lanes_rest_longer_the_longer_they_fail() -> None:
    rests = [ladder.rest(failures).total_seconds() for failures in (0, 1, 2, 3, 4, 40)]
    assert rests == [0, 0, 5, 10, 20, 300]
