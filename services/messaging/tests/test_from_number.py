"""The number that a broadcast comes from."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.common.testing import probe

from . import factories
from .conftest import Client
from .desk import Desk
from .scheduling import later, scheduled

NUMBERS = "/api/phone-numbers"


async def number(desk: Desk, status: str = "active") -> factories.Number:
    """A further number of the church."""
    async with desk.house.database.transaction(desk.church_id) as session:
        made = await factories.active_number(session, desk.church_id)
    await desk.run(
        "UPDATE phone_numbers SET status = :status, active_at = :at WHERE id = :id",
        id=made.id,
        status=status,
        at=clock.now(),
    )
    return made


async def group(desk: Desk, number_id: UUID | None = None, members: int = 1) -> str:
    async with desk.house.database.transaction(desk.church_id) as session:
        branch_id = await factories.branch(session, desk.church_id, f"Branch {db.uuid7()}")
        people = [await factories.member(session, desk.church_id) for _ in range(members)]
    made = await desk.api.post(
        "/api/groups",
        json={"name": "Youth", "branchId": str(branch_id)}
        | ({"numberId": str(number_id)} if number_id else {}),
    )
    assert made.status_code == 201, made.text
    joined = {"memberIds": [str(person.id) for person in people]}
    await desk.api.post(f"/api/groups/{made.json()['id']}/members", json=joined)
    return str(made.json()["id"])


async def sender(desk: Desk, message_id: str) -> str:
    shown = await desk.api.get(f"/api/messages/{message_id}")
    return str(shown.json()["fromNumber"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def to(*group_ids: str) -> dict[str, Any]:
    return {"targetType": "groups", "targetIds": list(group_ids)}


async def test_a_broadcast_comes_from_the_number_that_is_asked_for(desk: Desk) -> None:
    await desk.member()
    second = await number(desk)
    preview = await desk.preview(fromNumberId=str(second.id))
    sent = await desk.post("send", "Hello", fromNumberId=str(second.id))
    assert preview["fromNumber"] == {
        "id": str(second.id),
        "phoneNumber": second.phone_number,
        "label": None,
        "why": "asked",
    }
    assert await sender(desk, sent.json()["messageId"]) == second.phone_number


async def test_unless_it_is_asked_for_it_comes_from_the_first(desk: Desk) -> None:
    await desk.member()
    second = await number(desk)
    preview = await desk.preview()
    sent = await desk.post("send", "Hello")
    assert preview["fromNumber"]["why"] == "first"
    assert preview["fromNumber"]["phoneNumber"] != second.phone_number
    assert await sender(desk, sent.json()["messageId"]) == preview["fromNumber"]["phoneNumber"]


async def test_a_ministry_texts_from_its_own_number(desk: Desk) -> None:
    second = await number(desk)
    youth = await group(desk, second.id)
    preview = await desk.preview(**to(youth))
    sent = await desk.post("send", "Hello", **to(youth))
    assert (preview["fromNumber"]["phoneNumber"], preview["fromNumber"]["why"]) == (
        second.phone_number,
        "group",
    )
    assert await sender(desk, sent.json()["messageId"]) == second.phone_number


async def test_groups_of_different_numbers_are_texted_from_the_first(desk: Desk) -> None:
    second = await number(desk)
    youth, choir, other = (
        await group(desk, second.id),
        await group(desk),
        await group(desk, second.id),
    )
    assert (await desk.preview(**to(youth, choir)))["fromNumber"]["why"] == "first"
    assert (await desk.preview(**to(youth, other)))["fromNumber"]["why"] == "group"


@pytest.mark.parametrize("status", ["pending", "failed", "released"])
@pytest.mark.parametrize("path", ["messages/send", "messages/preview", "schedules"])
async def test_a_number_that_cannot_send_is_refused(desk: Desk, path: str, status: str) -> None:
    await desk.member()
    dead = await number(desk, status)
    asked = {"content": "Hello", "targetType": "all", "fromNumberId": str(dead.id)}
    asked |= {"scheduledAt": later()} if path == "schedules" else {}
    answer = await desk.api.post(f"/api/{path}", json=asked)
    assert code(answer) == (409, "NUMBER_NOT_ACTIVE")
    assert answer.json()["error"]["details"] == {"status": status}


async def test_another_church_s_number_is_not_found(desk: Desk) -> None:
    await desk.member()
    async with desk.house.database.transaction() as session:
        stranger = await factories.church(session, "Hope Hall")
        theirs = await factories.active_number(session, stranger)
    answer = await desk.post("send", "Hello", fromNumberId=str(theirs.id))
    assert code(answer) == (404, "NUMBER_NOT_FOUND")
    body = {"name": "Youth", "branchId": str(db.uuid7()), "numberId": str(theirs.id)}
    assert code(await desk.api.post("/api/groups", json=body)) == (404, "NUMBER_NOT_FOUND")


async def test_a_preview_holds_for_its_number_only(desk: Desk) -> None:
    await desk.member()
    second = await number(desk)
    preview = await desk.preview()
    agreed = {"previewHash": preview["previewHash"]}
    other = await desk.post("send", "Hello", fromNumberId=str(second.id), **agreed)
    assert code(other) == (409, "PREVIEW_CHANGED")
    assert other.json()["error"]["details"]["changed"] == "number"
    assert (await desk.post("send", "Hello", **agreed)).status_code == 202


async def test_a_schedule_keeps_its_number_and_can_change_it(desk: Desk) -> None:
    await desk.member()
    second = await number(desk)
    made = await scheduled(desk, fromNumberId=str(second.id))
    assert made["fromNumberId"] == str(second.id)
    preview = await desk.api.post(f"/api/schedules/{made['id']}/preview")
    assert preview.json()["fromNumber"]["why"] == "asked"
    changed = await desk.api.patch(f"/api/schedules/{made['id']}", json={"fromNumberId": None})
    assert changed.json()["fromNumberId"] is None


async def test_a_number_that_a_schedule_needs_is_not_given_up(desk: Desk) -> None:
    await desk.member()
    second = await number(desk)
    await scheduled(desk, name="Sunday", fromNumberId=str(second.id))
    answer = await desk.api.delete(f"{NUMBERS}/{second.id}")
    assert code(answer) == (409, "NUMBER_IN_USE")
    assert answer.json()["error"]["details"] == {"schedules": ["Sunday"]}


async def test_a_group_loses_the_number_that_is_given_up(desk: Desk) -> None:
    second = await number(desk)
    youth = await group(desk, second.id)
    assert (await desk.api.delete(f"{NUMBERS}/{second.id}")).status_code == 204
    assert (await desk.api.get(f"/api/groups/{youth}")).json()["numberId"] is None
    assert (await desk.preview(**to(youth)))["fromNumber"]["why"] == "first"


async def test_a_group_s_number_can_be_taken_away(desk: Desk) -> None:
    second = await number(desk)
    youth = await group(desk, second.id)
    renamed = await desk.api.patch(f"/api/groups/{youth}", json={"name": "Teens"})
    cleared = await desk.api.patch(f"/api/groups/{youth}", json={"numberId": None})
    assert [each.json()["numberId"] for each in (renamed, cleared)] == [str(second.id), None]


async def test_admins_say_what_a_number_is_for(desk: Desk, client: Client) -> None:
    second = await number(desk)
    path = f"{NUMBERS}/{second.id}"
    async with client(desk.church_id, Role.STAFF) as staff:
        assert (await staff.patch(path, json={"label": "Youth"})).status_code == 403
    labelled = await desk.api.patch(path, json={"label": " Youth  line "})
    assert code(await desk.api.patch(path, json={"label": "x" * 41})) == (400, "VALIDATION_ERROR")
    assert (await desk.api.patch(path, json={"label": None})).json()["label"] is None
    gone = await desk.api.patch(f"{NUMBERS}/{db.uuid7()}", json={"label": "Youth"})
    assert labelled.json()["label"] == "Youth line"
    assert code(gone) == (404, "NUMBER_NOT_FOUND")


async def test_what_was_kept_of_a_preview_of_before_still_holds(desk: Desk) -> None:
    await desk.member()
    preview = await desk.preview()
    await desk.run("UPDATE previews SET summary = summary - 'number_id'")
    sent = await desk.post("send", "Hello", previewHash=preview["previewHash"])
    assert sent.status_code == 202
    async with desk.house.database.transaction(desk.church_id) as session:
        assert await probe.rows(session, "SELECT 1 FROM messages")
