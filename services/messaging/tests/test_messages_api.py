"""``/api/messages`` as clients meet it: what it answers, and what bad input gets."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.program import PROGRAM

from . import factories
from .replies import requested
from .reporting import accepted, report
from .stage import Stage

ALL = {"content": "Hello", "targetType": "all"}
SOMEBODY = "0190a000-0000-7000-8000-000000000001"


@pytest_asyncio.fixture
async def api(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """Staff of the church on stage."""
    token = service.token(stage.church_id, Role.STAFF)
    async with service.client(PROGRAM, stage.running, token) as client:
        yield client


async def send(api: httpx.AsyncClient, **body: Any) -> httpx.Response:
    key = body.pop("key", None)
    headers = {"Idempotency-Key": key} if key is not None else {}
    return await api.post("/api/messages/send", json=ALL | body, headers=headers)


async def test_send_answers_before_anything_is_sent(stage: Stage, api: httpx.AsyncClient) -> None:
    await stage.members(2)

    answer = await send(api)

    assert answer.status_code == 202
    sent = answer.json()
    assert sent == {
        "kind": "message",
        "id": sent["id"],
        "messageId": sent["id"],
        "status": "pending",
        "totalRecipients": 2,
    }


async def test_a_message_shows_where_it_stands(stage: Stage, api: httpx.AsyncClient) -> None:
    gone = await stage.member()
    await stage.opt_out(gone.phone)
    message_id, [one, _] = await accepted(stage, 2)
    await stage.report(report(stage, one, DeliveryStatus.DELIVERED))

    shown = (await api.get(f"/api/messages/{message_id}")).json()

    assert shown["status"] == "sending"
    assert shown["counts"] == {
        "pending": 0,
        "sending": 1,
        "sent": 0,
        "delivered": 1,
        "failed": 0,
        "unconfirmed": 0,
        "skipped": 0,
    }
    assert (shown["totalRecipients"], shown["excluded"]["optedOut"]) == (2, 1)
    assert shown["parts"] == {"estimated": 2, "billed": 2}
    assert shown["declined"] is None


async def test_the_list_pages_by_cursor_and_by_number(stage: Stage, api: httpx.AsyncClient) -> None:
    await stage.members(1)
    ids = [str((await stage.send(f"Number {n}")).id) for n in range(5)]

    first = (await api.get("/api/messages", params={"limit": 2})).json()
    cursor = {"limit": 2, "cursor": first["nextCursor"]}
    second = (await api.get("/api/messages", params=cursor)).json()
    numbered = (await api.get("/api/messages", params={"limit": 2, "page": 3})).json()

    seen = [item["id"] for page in (first, second, numbered) for item in page["data"]]
    assert seen == ids[::-1]
    assert (first["hasMore"], numbered["hasMore"], numbered["total"]) == (True, False, 5)


async def test_replies_are_not_in_the_list(stage: Stage, api: httpx.AsyncClient) -> None:
    event = await requested(stage, factories.phone())
    await stage.hear(event)

    listed = (await api.get("/api/messages")).json()
    shown = await api.get(f"/api/messages/{event.reply_id}")

    assert listed["data"] == []
    assert shown.json()["totalRecipients"] == 1


async def test_recipients_are_shown_phone_by_phone(stage: Stage, api: httpx.AsyncClient) -> None:
    member = await stage.member(first_name="Ruth")
    message_id = await stage.started()
    await stage.work()
    await stage.arrivals()

    [shown] = (await api.get(f"/api/messages/{message_id}/recipients")).json()["data"]

    assert shown["memberId"] == str(member.id)
    assert (shown["firstName"], shown["lastName"]) == ("Ruth", "Smith")
    assert (shown["phone"], shown["status"], shown["parts"]) == (member.phone, "delivered", 1)
    assert shown["failure"] is None
    assert shown["sentAt"] <= shown["settledAt"]


async def test_a_failure_is_explained(stage: Stage, api: httpx.AsyncClient) -> None:
    message_id, [one, _] = await accepted(stage, 2)
    await stage.report(report(stage, one, DeliveryStatus.FAILED, failure="not_textable"))

    failed = (await api.get(f"/api/messages/{message_id}/recipients?status=failed")).json()

    [shown] = failed["data"]
    assert shown["failure"]["code"] == "not_textable"
    assert "landline" in shown["failure"]["message"]


async def test_failures_are_counted_by_their_reason(stage: Stage, api: httpx.AsyncClient) -> None:
    message_id, [one, two, three, _] = await accepted(stage, 4)
    for text in (one, two):
        await stage.report(report(stage, text, DeliveryStatus.FAILED, failure="not_textable"))
    await stage.report(report(stage, three, DeliveryStatus.FAILED, failure="expired"))

    counted = (await api.get(f"/api/messages/{message_id}/failures")).json()["data"]

    assert [(each["failure"]["code"], each["status"], each["texts"]) for each in counted] == [
        ("not_textable", "failed", 2),
        ("expired", "failed", 1),
    ]
    assert "landline" in counted[0]["failure"]["message"]


async def test_recipients_page_by_cursor(stage: Stage, api: httpx.AsyncClient) -> None:
    await stage.members(25)
    message_id = (await stage.send()).id
    path, cursor, seen = f"/api/messages/{message_id}/recipients", None, []

    while True:
        params = {"limit": 10} | ({"cursor": cursor} if cursor else {})
        page = (await api.get(path, params=params)).json()
        seen += [item["id"] for item in page["data"]]
        cursor = page["nextCursor"]
        if not page["hasMore"]:
            break

    assert len(seen) == len(set(seen)) == 25


BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"content": ""}, 400, "EMPTY_TEXT"),
    ({"content": " \n\t "}, 400, "EMPTY_TEXT"),
    ({"content": "x" * 1601}, 400, "TEXT_TOO_LONG"),
    ({"content": "α" * 671}, 400, "TEXT_TOO_LONG"),
    ({"content": None}, 400, "VALIDATION_ERROR"),
    ({"content": "a\u0000b"}, 400, "VALIDATION_ERROR"),
    ({"targetType": "everybody"}, 400, "VALIDATION_ERROR"),
    ({"targetType": "individual"}, 400, "VALIDATION_ERROR"),
    ({"targetType": "groups", "targetIds": []}, 400, "VALIDATION_ERROR"),
    ({"targetIds": [SOMEBODY]}, 400, "VALIDATION_ERROR"),
    ({"targetType": "groups", "targetIds": ["7"]}, 400, "VALIDATION_ERROR"),
    ({"targetType": "individual", "targetIds": [SOMEBODY]}, 404, "MEMBER_NOT_FOUND"),
    ({"targetType": "groups", "targetIds": [SOMEBODY]}, 404, "GROUP_NOT_FOUND"),
    ({"targetType": "branches", "targetIds": [SOMEBODY]}, 404, "BRANCH_NOT_FOUND"),
    ({"mediaUrls": ["ftp://example.org/a.png"]}, 400, "VALIDATION_ERROR"),
    ({"mediaUrls": ["https://example.org/a.png"] * 11}, 400, "VALIDATION_ERROR"),
    ({"scheduledAt": "2020-12-24T18:00:00Z"}, 400, "SCHEDULED_TOO_SOON"),
    ({"key": "k" * 256}, 400, "BAD_IDEMPOTENCY_KEY"),
    ({"key": "two words"}, 400, "BAD_IDEMPOTENCY_KEY"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD)
async def test_bad_input_is_refused_and_leaves_nothing(
    stage: Stage, api: httpx.AsyncClient, body: dict[str, Any], status: int, code: str
) -> None:
    await stage.members(1)

    answer = await send(api, **body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"].endswith((".", "?"))
    assert await stage.query("SELECT id FROM messages") == []
    assert await stage.query("SELECT id FROM message_recipients") == []
    assert await stage.query("SELECT key FROM idempotency_keys") == []


async def test_a_target_that_nobody_can_be_texted_in_is_refused(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    gone = await stage.member()
    await stage.opt_out(gone.phone)

    answer = await send(api)

    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["details"]) == ("NO_REACHABLE_MEMBERS", {"optedOut": 1})


async def test_a_church_without_a_number_is_told_to_order_one(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    await stage.members(1)
    await stage.run("UPDATE phone_numbers SET status = 'released'")

    answer = await send(api)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "NO_ACTIVE_NUMBER")


async def test_a_viewer_reads_but_does_not_send(stage: Stage) -> None:
    token = service.token(stage.church_id, Role.VIEWER)
    async with service.client(PROGRAM, stage.running, token) as viewer:
        assert (await send(viewer)).status_code == 403
        assert (await viewer.get("/api/messages")).status_code == 200


async def test_a_body_that_is_no_json_is_refused(api: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}

    answer = await api.post("/api/messages/send", content=b"{", headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "path",
    [
        "/api/messages?cursor=nonsense",
        "/api/messages?limit=0",
        "/api/messages/7",
        "/api/messages/{id}/recipients?cursor=nonsense",
        "/api/messages/{id}/recipients?status=lost",
    ],
)
async def test_a_bad_question_is_refused(stage: Stage, api: httpx.AsyncClient, path: str) -> None:
    await stage.members(1)
    message_id = (await stage.send()).id

    answer = await api.get(path.format(id=message_id))

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("path", ["/api/messages/{id}", "/api/messages/{id}/recipients"])
async def test_a_message_of_another_church_is_not_found(stage: Stage, path: str) -> None:
    await stage.members(1)
    message_id = (await stage.send()).id
    async with service.client(PROGRAM, stage.running, service.token(db.uuid7())) as stranger:
        answer = await stranger.get(path.format(id=message_id))

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "MESSAGE_NOT_FOUND")


async def test_ids_of_another_church_are_not_found(stage: Stage, api: httpx.AsyncClient) -> None:
    await stage.members(1)
    async with stage.running.database.transaction() as session:
        other = await factories.church(session, "Hope Hall")
        theirs = await factories.member(session, other)

    answer = await send(api, targetType="individual", targetIds=[str(theirs.id)])

    assert answer.status_code == 404


async def test_what_a_phone_was_sent_is_listed_latest_first_as_it_got_it(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    member = await stage.member(first_name="Ada")
    ids = [(await send(api, content=f"{n} for {{{{firstName|you}}}}")).json()["id"] for n in (1, 2)]
    other = await stage.member()
    await stage.hear(await requested(stage, member.phone))

    first = await api.get("/api/messages/received", params={"phone": member.phone, "limit": 1})

    [latest] = first.json()["data"]
    assert (latest["messageId"], latest["content"]) == (ids[1], "2 for Ada")
    assert (latest["status"], latest["sentAt"]) == ("pending", None)
    rest = {"memberId": str(member.id), "cursor": first.json()["nextCursor"]}
    [earlier] = (await api.get("/api/messages/received", params=rest)).json()["data"]
    assert earlier["messageId"] == ids[0]
    none = await api.get("/api/messages/received", params={"memberId": str(other.id)})
    assert none.json()["data"] == []
