"""What the audit trail is told of requests: who did what, on what, from where; no phone or text."""

from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import probe
from koinonia.messaging import audited

from . import factories
from .conftest import Client
from .desk import Desk

SAID = "See you at the picnic"


async def trail(database: db.Database, church_id: UUID) -> list[Any]:
    async with database.transaction() as session:
        found = await probe.rows(
            session,
            "SELECT body FROM outbox WHERE church_id = :id AND name = 'messaging.action_taken' "
            "ORDER BY position",
            {"id": church_id},
        )
    return [orjson.loads(each.body) for each in found]


async def actions(database: db.Database, church_id: UUID) -> list[str]:
    return [each["action"] for each in await trail(database, church_id)]


async def test_a_broadcast_is_there_with_who_sent_it_to_how_many_and_from_where(desk: Desk) -> None:
    await desk.members(3)
    desk.api.headers["X-Forwarded-For"] = "10.0.0.1, 203.0.113.77"
    sent = (await desk.post("send", SAID)).json()
    [entry] = await trail(desk.house.database, desk.church_id)
    assert (entry["action"], entry["thingId"]) == ("message.sent", sent["messageId"])
    assert (entry["actor"], entry["address"]) == ("person", "203.0.113.0/24")
    assert entry["actorId"]
    assert entry["details"] == {"recipients": 3}


async def test_what_is_refused_or_answered_twice_is_there_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    key = {"Idempotency-Key": "once"}
    made = [await api.post("/api/branches", json={"name": "North"}, headers=key) for _ in "12"]
    assert [each.status_code for each in made] == [201, 201]
    assert (await api.post("/api/branches", json={"name": "North"})).status_code == 409
    [entry] = await trail(database, church_id)
    assert (entry["action"], entry["thingId"]) == ("branch.created", made[0].json()["id"])


async def test_a_change_says_which_fields_and_not_what_is_in_them(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        member = await factories.member(session, church_id)
    body = {"firstName": "Ruth", "phone": factories.phone()}
    assert (await api.patch(f"/api/members/{member.id}", json=body)).status_code == 200
    [entry] = await trail(database, church_id)
    assert (entry["action"], entry["thingId"]) == ("member.changed", str(member.id))
    assert entry["details"] == {"fields": ["firstName", "phone"]}


@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("/api/members/export", "members.exported"),
        ("/api/consents/export", "consents.exported"),
    ],
)
async def test_who_takes_out_a_list_is_there(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, path: str, action: str
) -> None:
    assert (await api.get(path)).status_code == 200
    assert await actions(database, church_id) == [action]


async def test_who_may_not_take_it_out_is_not_there(
    client: Client, database: db.Database, church_id: UUID
) -> None:
    viewer = client(church_id, Role.VIEWER)
    assert (await viewer.get("/api/members/export")).status_code == 403
    assert await actions(database, church_id) == []


async def test_consent_that_staff_record_and_people_removed_are_there(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        member = await factories.member(session, church_id)
    consent = {"memberId": str(member.id), "kind": "granted", "method": "staff", "words": SAID}
    answered = await api.post("/api/consents", json=consent)
    assert answered.status_code == 201, answered.text
    body = {"memberIds": [str(member.id)]}
    assert (await api.post("/api/members/bulk/remove", json=body)).status_code == 200
    first, second = await trail(database, church_id)
    assert first["action"] == "consent.recorded"
    assert (second["action"], second["details"]) == ("members.removed", {"people": 1})


async def test_a_file_that_is_imported_is_there_with_its_figures(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    file = f"First name,Phone\nRuth,{factories.phone()}\n"
    answered = await api.post("/api/members/import", files={"files": ("people.csv", file)})
    assert answered.status_code == 200, answered.text
    [entry] = await trail(database, church_id)
    assert (entry["action"], entry["thingId"]) == ("members.imported", answered.json()["id"])
    assert entry["details"]["created"] == 1


async def test_a_large_preview_is_there_once_an_hour_and_a_small_one_never(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.members(3)
    await desk.preview(SAID)
    assert await actions(desk.house.database, desk.church_id) == []
    monkeypatch.setattr(audited, "PREVIEWS_FROM", 3)
    await desk.preview(SAID)
    await desk.preview(f"{SAID}!")
    [entry] = await trail(desk.house.database, desk.church_id)
    assert (entry["action"], entry["details"]) == ("message.previewed", {"people": 3})


async def test_nothing_there_holds_a_phone_or_what_people_write(
    desk: Desk, database: db.Database
) -> None:
    phone = factories.phone()
    member = {"firstName": "Naomi", "lastName": "Bethlehem", "phone": phone, "branchIds": []}
    async with database.transaction(desk.church_id) as session:
        branch = await factories.branch(session, desk.church_id)
    made = await desk.api.post("/api/branches", json={"name": SAID})
    await desk.api.patch(f"/api/branches/{made.json()['id']}", json={"name": f"{SAID} again"})
    await desk.api.post("/api/templates", json={"name": "Picnic", "content": SAID})
    await desk.api.put(f"/api/members/by-external-id/crm/{branch}", json=member)
    kept = orjson.dumps(await trail(database, desk.church_id)).decode()
    assert "branch.changed" in kept
    assert not [each for each in (SAID, phone[2:], "Naomi", "Bethlehem") if each in kept]
