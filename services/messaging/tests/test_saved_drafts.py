"""Drafts of broadcasts: kept for the team, not overwritten in silence, sent once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from koinonia.common import db
from koinonia.common.events.messaging import UploadsReferenced
from koinonia.common.identity import Role
from koinonia.common.testing import probe
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.saved_drafts import saved_drafts
from koinonia.messaging.saved_drafts.draft_schemas import DraftMessage

from . import factories
from .conftest import Client
from .desk import Desk

PATH = "/api/drafts"
PICNIC = {"content": "Picnic on Saturday!", "targetType": "all"}


async def draft(api: httpx.AsyncClient, **message: Any) -> dict[str, Any]:
    answer = await api.post(PATH, json={"name": "Picnic", "message": message})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


UNFINISHED: list[dict[str, Any]] = [
    {},
    {"content": "Picnic on"},
    {"targetType": "groups"},  # no group yet
    {"content": "Hi", "templateId": str(uuid4())},  # one of them goes later
    {"targetType": "all", "targetIds": [str(uuid4())]},
    {"scheduledFor": {"localTime": "2020-01-05T09:00:00", "timezone": "America/New_York"}},
]


@pytest.mark.parametrize("message", UNFINISHED)
async def test_what_is_not_finished_is_kept_as_it_was_written(
    api: httpx.AsyncClient, message: dict[str, Any]
) -> None:
    made = await draft(api, **message)
    shown = (await api.get(f"{PATH}/{made['id']}")).json()
    assert shown["message"] == message
    assert (shown["version"], shown["name"]) == (1, "Picnic")
    assert shown["createdBy"] == shown["updatedBy"]


@pytest.mark.parametrize(
    ("message", "refused"),
    [
        ({"contents": "Hi"}, "UNKNOWN_FIELD"),
        ({"targetIds": ["no id"]}, "VALIDATION_ERROR"),
        ({"targetType": "everybody"}, "VALIDATION_ERROR"),
        ({"skipIfLaterMinutes": 0}, "VALIDATION_ERROR"),
        ({"content": 5}, "VALIDATION_ERROR"),
    ],
)
async def test_what_a_send_could_never_take_is_refused(
    api: httpx.AsyncClient, message: dict[str, Any], refused: str
) -> None:
    assert code(await api.post(PATH, json={"message": message})) == (400, refused)


def test_a_draft_holds_whatever_a_send_may_hold() -> None:
    """Fields that a send gets are fields of a draft by themselves."""
    assert DraftMessage.model_fields.keys() == SendRequest.model_fields.keys()
    assert not any(field.is_required() for field in DraftMessage.model_fields.values())


async def test_the_latest_is_first_and_pages_go_on(api: httpx.AsyncClient) -> None:
    made = [(await draft(api, content=str(n)))["id"] for n in range(3)]
    await api.put(f"{PATH}/{made[0]}", json={"version": 1, "name": "Changed", "message": {}})
    first = (await api.get(PATH, params={"limit": 2})).json()
    rest = (await api.get(PATH, params={"limit": 2, "cursor": first["nextCursor"]})).json()
    assert [each["id"] for each in first["data"] + rest["data"]] == [made[0], made[2], made[1]]


async def test_a_change_takes_the_place_of_the_whole(api: httpx.AsyncClient) -> None:
    made = await draft(api, content="Picnic", targetType="all")
    written = {"version": 1, "message": {"content": "Picnic!"}}
    changed = (await api.put(f"{PATH}/{made['id']}", json=written)).json()
    assert (changed["version"], changed["name"]) == (2, None)
    assert changed["message"] == {"content": "Picnic!"}


async def test_a_colleague_who_was_slower_overwrites_nothing(
    client: Client, church_id: UUID
) -> None:
    one, other = client(church_id, Role.STAFF), client(church_id, Role.STAFF)
    made = await draft(one, content="Picnic")
    path = f"{PATH}/{made['id']}"
    await one.put(path, json={"version": 1, "message": {"content": "Picnic on Saturday"}})
    refused = await other.put(path, json={"version": 1, "message": {"content": "Ours"}})
    assert code(refused) == (409, "DRAFT_CHANGED")
    details = refused.json()["error"]["details"]
    shown = (await one.get(path)).json()
    assert details == {"version": 2, "updatedBy": shown["updatedBy"]}
    assert shown["message"]["content"] == "Picnic on Saturday"
    removed = await other.delete(path, params={"version": 1})
    sent = await other.post(f"{path}/send", json={"version": 1})
    assert code(removed) == code(sent) == (409, "DRAFT_CHANGED")


async def test_of_changes_at_one_moment_one_is_made(api: httpx.AsyncClient) -> None:
    path = f"{PATH}/{(await draft(api, content='Picnic'))['id']}"
    changes = [api.put(path, json={"version": 1, "message": {"content": str(n)}}) for n in range(5)]
    answers = await asyncio.gather(*changes)
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409, 409]


async def test_the_same_key_keeps_one_draft(api: httpx.AsyncClient) -> None:
    for _ in range(2):
        await api.post(PATH, json={"message": PICNIC}, headers={"Idempotency-Key": "k"})
    assert len((await api.get(PATH)).json()["data"]) == 1


async def test_a_draft_that_is_sent_is_a_message_and_a_draft_no_more(
    desk: Desk, database: db.Database
) -> None:
    async with database.transaction(desk.church_id) as session:
        await factories.members(session, desk.church_id, 3)
    made = await draft(desk.api, **PICNIC)
    sent = await desk.api.post(f"{PATH}/{made['id']}/send", json={"version": 1})
    assert (sent.status_code, sent.json()["totalRecipients"]) == (202, 3)
    message = (await desk.api.get(f"/api/messages/{sent.json()['messageId']}")).json()
    assert message["content"] == PICNIC["content"]
    assert code(await desk.api.post(f"{PATH}/{made['id']}/send", json={})) == (
        404,
        "DRAFT_NOT_FOUND",
    )


async def test_of_two_who_send_it_at_one_moment_one_does(desk: Desk, database: db.Database) -> None:
    async with database.transaction(desk.church_id) as session:
        await factories.members(session, desk.church_id, 1)
    path = f"{PATH}/{(await draft(desk.api, **PICNIC))['id']}/send"
    answers = await asyncio.gather(*(desk.api.post(path, json={}) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [202, 404, 404, 404]
    assert len((await desk.api.get("/api/messages")).json()["data"]) == 1


async def test_a_draft_with_a_time_becomes_a_schedule(desk: Desk, database: db.Database) -> None:
    async with database.transaction(desk.church_id) as session:
        await factories.members(session, desk.church_id, 1)
    later = {"localTime": "2027-01-03T09:00:00", "timezone": "America/New_York"}
    made = await draft(desk.api, **PICNIC, scheduledFor=later)
    sent = await desk.api.post(f"{PATH}/{made['id']}/send", json={})
    assert sent.json()["kind"] == "schedule"


@pytest.mark.parametrize("lacks", ["targetType", "content"])
async def test_a_draft_that_cannot_be_sent_stays_and_says_what_it_lacks(
    desk: Desk, lacks: str
) -> None:
    message = {name: value for name, value in PICNIC.items() if name != lacks}
    made = await draft(desk.api, **message)
    refused = await desk.api.post(f"{PATH}/{made['id']}/send", json={})
    assert refused.status_code == 400
    assert lacks in refused.text or refused.json()["error"]["code"] == "EMPTY_TEXT"
    assert (await desk.api.get(f"{PATH}/{made['id']}")).status_code == 200


async def test_a_group_that_was_removed_is_told_when_the_draft_is_sent(desk: Desk) -> None:
    gone = str(uuid4())
    made = await draft(desk.api, content="Hi", targetType="groups", targetIds=[gone])
    refused = await desk.api.post(f"{PATH}/{made['id']}/send", json={})
    assert code(refused) == (404, "GROUP_NOT_FOUND")
    assert gone in refused.text
    preview = await desk.api.post(
        "/api/messages/preview", json={"content": "Hi", "targetType": "groups", "targetIds": [gone]}
    )
    assert code(preview) == (404, "GROUP_NOT_FOUND")


async def test_files_are_kept_as_long_as_the_draft_or_what_became_of_it(
    desk: Desk, database: db.Database
) -> None:
    upload = await _upload(database, desk.church_id)
    async with database.transaction(desk.church_id) as session:
        await factories.members(session, desk.church_id, 1)
    made = await draft(desk.api, **PICNIC, mediaIds=[str(upload)])
    other = await draft(desk.api, **PICNIC, mediaIds=[str(upload)])
    await desk.api.put(f"{PATH}/{other['id']}", json={"version": 1, "message": PICNIC})
    sent = await desk.api.post(f"{PATH}/{made['id']}/send", json={})
    held = await _held(database, desk.church_id)
    assert held[UUID(other["id"])] == [(upload,), ()]
    assert held[UUID(made["id"])] == [(upload,), ()]
    assert held[UUID(sent.json()["messageId"])] == [(upload,)]


async def test_a_file_that_is_not_there_is_refused(api: httpx.AsyncClient) -> None:
    refused = await api.post(PATH, json={"message": {"mediaIds": [str(uuid4())]}})
    assert refused.status_code == 404


async def test_a_church_keeps_so_many_drafts(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_drafts, "MOST", 3)
    answers = await asyncio.gather(
        *(api.post(PATH, json={"message": {"content": str(n)}}) for n in range(6))
    )
    assert sorted(each.status_code for each in answers) == [201, 201, 201, 409, 409, 409]


async def test_a_draft_has_a_size(api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_drafts, "MOST_BYTES", 100)
    refused = await api.post(PATH, json={"message": {"content": "x" * 200}})
    assert code(refused) == (413, "DRAFT_TOO_LARGE")


async def test_drafts_are_the_teams_of_one_church(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    made = await draft(client(church_id), content="Ours")
    stranger = client(other_church_id)
    assert (await stranger.get(PATH)).json()["data"] == []
    assert code(await stranger.get(f"{PATH}/{made['id']}")) == (404, "DRAFT_NOT_FOUND")
    assert (await stranger.delete(f"{PATH}/{made['id']}")).status_code == 404
    assert (await client(church_id, Role.VIEWER).get(PATH)).status_code == 403


async def _upload(database: db.Database, church_id: UUID) -> UUID:
    upload = db.uuid7()
    async with database.transaction(church_id) as session:
        await db.run(
            session,
            """
            INSERT INTO uploads (church_id, id, bytes, content_type, url, kept_until)
            VALUES (:church, :id, 1000, 'image/jpeg', 'https://k.example/api/files/x',
                    now() + interval '1 day')
            """,
            {"church": church_id, "id": upload},
        )
    return upload


async def _held(database: db.Database, church_id: UUID) -> dict[UUID, list[tuple[UUID, ...]]]:
    """What each holder said one after another."""
    async with database.transaction() as session:
        rows = await probe.rows(
            session,
            """
            SELECT body FROM outbox WHERE church_id = :church AND name = :name ORDER BY position
            """,
            {"church": church_id, "name": UploadsReferenced.name},
        )
    said: dict[UUID, list[tuple[UUID, ...]]] = {}
    for row in rows:
        event = UploadsReferenced.from_wire(row.body)
        said.setdefault(event.holder_id, []).append(event.media_ids)
    return said
