"""Messages for later: made, shown, changed and cancelled over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import probe

from .conftest import Client
from .desk import Desk
from .scheduling import later, nine_in_chicago, scheduled

SUNDAYS = "FREQ=WEEKLY;BYDAY=SU"


async def test_a_message_for_later_is_kept_and_nothing_is_sent(desk: Desk) -> None:
    await desk.member()
    at = later()
    before = await desk.rows()
    sent = await desk.post("send", "Hello", scheduledAt=at)
    assert sent.status_code == 202
    assert sent.json() | {"scheduledAt": None} == {
        "kind": "schedule",
        "id": sent.json()["scheduleId"],
        "scheduleId": sent.json()["scheduleId"],
        "status": "scheduled",
        "totalRecipients": 1,
        "scheduledAt": None,
    }
    assert datetime.fromisoformat(sent.json()["scheduledAt"]) == datetime.fromisoformat(at)
    assert await desk.rows() == before
    assert (await desk.api.get(f"/api/schedules/{sent.json()['id']}")).json()["status"] == "active"


@pytest.mark.parametrize("ask", ["", "/recipients"])
async def test_the_id_of_a_schedule_is_never_taken_for_a_message(desk: Desk, ask: str) -> None:
    await desk.member()
    schedule_id = (await desk.post("send", "Hello", scheduledAt=later())).json()["scheduleId"]
    answer = await desk.api.get(f"/api/messages/{schedule_id}{ask}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "MESSAGE_NOT_FOUND"
    assert answer.json()["error"]["details"] == {"scheduleId": schedule_id}


async def test_a_repeated_request_makes_one_schedule(desk: Desk) -> None:
    asked = {"content": "Hello", "targetType": "all", "scheduledAt": later()}
    key = {"Idempotency-Key": str(db.uuid7())}
    first, second = [
        await desk.api.post("/api/messages/send", json=asked, headers=key) for _ in range(2)
    ]
    assert first.json() == second.json()
    assert len((await desk.api.get("/api/schedules")).json()["data"]) == 1


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ({"scheduledAt": "2027-01-01T09:00:00"}, "VALIDATION_ERROR"),
        ({"scheduledAt": "2020-01-01T09:00:00Z"}, "SCHEDULED_TOO_SOON"),
        ({"scheduledAt": "2199-01-01T09:00:00Z"}, "SCHEDULED_TOO_FAR"),
        ({"scheduledAt": "1900-01-01T00:00:00+14:00"}, "SCHEDULED_TOO_SOON"),
        ({"scheduledAt": "2200-12-31T23:59:59-12:00"}, "SCHEDULED_TOO_FAR"),
        ({"scheduledAt": "0001-01-01T00:00:00+14:00"}, "VALIDATION_ERROR"),
        ({"scheduledAt": "9999-12-31T23:59:59-12:00"}, "VALIDATION_ERROR"),
        (
            {"scheduledFor": {"localTime": "2020-01-01T09:00", "timezone": "America/Chicago"}},
            "SCHEDULED_TOO_SOON",
        ),
        (
            {"scheduledFor": {"localTime": "2199-01-01T09:00", "timezone": "America/Chicago"}},
            "SCHEDULED_TOO_FAR",
        ),
        (
            {"scheduledFor": {"localTime": "9999-01-01T09:00", "timezone": "America/Chicago"}},
            "VALIDATION_ERROR",
        ),
        (
            {"scheduledFor": {"localTime": "2027-01-01T09:00Z", "timezone": "America/Chicago"}},
            "VALIDATION_ERROR",
        ),
        (
            {"scheduledFor": {"localTime": "2027-01-01T09:00", "timezone": "America/Springfield"}},
            "VALIDATION_ERROR",
        ),
    ],
)
async def test_a_time_that_cannot_be_is_refused(
    desk: Desk, time: dict[str, Any], code: str
) -> None:
    for path in ("send", "preview"):
        refused = await desk.post(path, "Hello", **time)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)


async def test_less_than_a_minute_ahead_is_too_soon(desk: Desk) -> None:
    refused = await desk.post("send", "Hello", scheduledAt=later(seconds=50))
    assert refused.json()["error"]["code"] == "SCHEDULED_TOO_SOON"
    assert (await desk.post("send", "Hello", scheduledAt=later(seconds=65))).status_code == 202


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"scheduledFor": None}, "SCHEDULED_WITHOUT_TIME"),
        ({"rrule": "FREQ=HOURLY"}, "BAD_RULE"),
        ({"rrule": "FREQ=DAILY;UNTIL=20200101"}, "NEVER_OCCURS"),
        ({"scheduledFor": None, "scheduledAt": "?", "rrule": SUNDAYS}, "RULE_WITHOUT_ZONE"),
        ({"rrule": SUNDAYS, "emergency": {"reason": "Flood"}}, "EMERGENCY_RECURS"),
        ({"content": ""}, "EMPTY_TEXT"),
        ({"content": "Hi {{nobody}}"}, "UNKNOWN_CUSTOM_FIELD"),
        ({"previewHash": "x"}, "PREVIEW_EXPIRED"),
    ],
)
async def test_what_could_never_be_sent_is_refused_at_once(
    desk: Desk, given: dict[str, Any], code: str
) -> None:
    asked = {"content": "Hello", "targetType": "all", "scheduledFor": nine_in_chicago()} | given
    if asked.get("scheduledAt"):
        asked["scheduledAt"] = later()
    refused = await desk.api.post("/api/schedules", json=asked)
    assert refused.json()["error"]["code"] == code


async def test_a_schedule_is_shown_as_it_was_asked_for(desk: Desk) -> None:
    wall = nine_in_chicago()
    made = await scheduled(desk, rrule="rrule:freq=daily", name="Verse", skipIfLaterMinutes=30)
    assert (made["rrule"], made["name"], made["skipIfLaterMinutes"]) == ("FREQ=DAILY", "Verse", 30)
    assert (made["localTime"], made["timezone"]) == (wall["localTime"], "America/Chicago")
    next_at = datetime.fromisoformat(made["nextAt"])
    assert next_at.astimezone(UTC).hour in (14, 15)  # with and without daylight saving
    assert (await desk.api.get(f"/api/schedules/{made['id']}")).json() == made


async def test_schedules_are_listed_latest_first_and_by_status(desk: Desk) -> None:
    made = [await scheduled(desk, name=f"{n}") for n in range(3)]
    await desk.api.delete(f"/api/schedules/{made[0]['id']}")
    pages: list[list[str]] = []
    cursor = None
    while cursor is not None or not pages:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await desk.api.get("/api/schedules", params=params)).json()
        pages.append([each["name"] for each in page["data"]])
        cursor = page["nextCursor"]
    assert pages == [["2", "1"], ["0"]]
    active = (await desk.api.get("/api/schedules", params={"status": "active", "page": 1})).json()
    assert ([each["name"] for each in active["data"]], active["total"]) == (["2", "1"], 2)


async def test_a_change_touches_only_what_is_sent(desk: Desk) -> None:
    made = await scheduled(desk, rrule=SUNDAYS, name="Welcome")
    address = f"/api/schedules/{made['id']}"
    changed = (await desk.api.patch(address, json={"content": "Good morning"})).json()
    assert changed | {"content": "", "changedAt": ""} == made | {"content": "", "changedAt": ""}
    assert changed["content"] == "Good morning"

    moved = nine_in_chicago() | {"timezone": "America/New_York"}
    changed = (await desk.api.patch(address, json={"scheduledFor": moved})).json()
    before, after = (datetime.fromisoformat(each["nextAt"]) for each in (made, changed))
    assert (before - after, changed["rrule"]) == (timedelta(hours=1), SUNDAYS)


async def test_a_new_rule_begins_with_the_next_occurrence(desk: Desk) -> None:
    made = await scheduled(desk, rrule=SUNDAYS)
    address = f"/api/schedules/{made['id']}"
    daily = (await desk.api.patch(address, json={"rrule": "FREQ=DAILY"})).json()
    assert daily["nextAt"] == made["nextAt"]
    once = (await desk.api.patch(address, json={"rrule": None})).json()
    assert (once["rrule"], once["nextAt"]) == (None, made["nextAt"])


async def test_a_change_that_makes_no_sense_is_refused(desk: Desk) -> None:
    made = await scheduled(desk)
    address = f"/api/schedules/{made['id']}"
    refused = await desk.api.patch(address, json={"targetType": "groups"})
    assert (refused.status_code, "targetIds" in refused.text) == (400, True)
    assert (await desk.api.patch(address, json={"content": ""})).status_code == 400
    assert (await desk.api.get(address)).json() == made


async def test_a_cancelled_schedule_stays_cancelled(desk: Desk) -> None:
    address = f"/api/schedules/{(await scheduled(desk))['id']}"
    for _ in range(2):
        assert (await desk.api.delete(address)).status_code == 204
    shown = (await desk.api.get(address)).json()
    assert (shown["status"], shown["nextAt"]) == ("cancelled", None)
    refused = await desk.api.patch(address, json={"content": "Hi"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "SCHEDULE_OVER")


async def test_dates_tell_what_clocks_and_quiet_hours_make_of_a_rule(desk: Desk) -> None:
    wall = {"localTime": "2026-03-07T02:30:00", "timezone": "America/Chicago"}
    asked = {"scheduledFor": wall, "rrule": "FREQ=DAILY;COUNT=2"}
    dates = (await desk.api.post("/api/schedules/dates", json=asked)).json()
    assert dates["isComplete"]
    _, skipped = dates["occurrences"]
    assert skipped["localTime"] == "2026-03-08T03:30:00"
    assert "The clocks skip 02:30" in skipped["note"]
    assert "texts leave from 08:00" in skipped["note"]


async def test_the_next_ten_instants_of_a_schedule_are_shown(desk: Desk) -> None:
    made = await scheduled(desk, rrule=SUNDAYS)
    shown = (await desk.api.get(f"/api/schedules/{made['id']}/dates")).json()
    days = [datetime.fromisoformat(each["localTime"]) for each in shown["occurrences"]]
    assert (len(days), shown["isComplete"]) == (10, False)
    assert {(day.weekday(), day.hour) for day in days} == {(6, 9)}
    assert shown["occurrences"][0]["at"] == made["nextAt"]


async def test_a_preview_of_a_schedule_tells_whom_it_reaches_now(desk: Desk) -> None:
    await desk.members(3)
    made = await scheduled(desk)
    preview = (await desk.api.post(f"/api/schedules/{made['id']}/preview")).json()
    assert preview["phones"] == 3
    assert preview["startsAt"] >= made["nextAt"]


async def test_only_an_owner_may_have_texts_sent_at_night(
    desk: Desk, client: Client, church_id: UUID
) -> None:
    await desk.member()
    emergency = {"emergency": {"reason": "Flood warning"}}
    admin = Desk(desk.house, church_id, client(church_id, Role.ADMIN))
    for asked in (emergency, emergency | {"scheduledAt": later()}):
        refused = await admin.post("send", "Leave now", **asked)
        assert refused.status_code == 403
        assert refused.json()["error"]["code"] == "EMERGENCY_TAKES_OWNER"

    sent = (await desk.post("send", "Leave now", **emergency)).json()
    shown = (await desk.api.get(f"/api/messages/{sent['id']}")).json()
    assert shown["emergency"] == {"reason": "Flood warning"}
    async with desk.house.database.transaction(church_id) as session:
        told = await probe.rows(
            session,
            """
            SELECT body FROM outbox
             WHERE church_id = :church AND name = 'message.quiet_hours_overridden'
            """,
            {"church": church_id},
        )
    assert len(told) == 1
    assert "Flood warning" in str(told[0].body)


async def test_a_viewer_looks_and_does_not_touch(
    desk: Desk, client: Client, church_id: UUID
) -> None:
    made = await scheduled(desk)
    viewer, address = client(church_id, Role.VIEWER), f"/api/schedules/{made['id']}"
    assert (await viewer.get(address)).status_code == 200
    assert (await viewer.delete(address)).status_code == 403
    assert (await viewer.patch(address, json={"name": "X"})).status_code == 403


async def test_a_schedule_of_another_church_is_not_there(
    desk: Desk, client: Client, other_church_id: UUID
) -> None:
    made = await scheduled(desk)
    other, address = client(other_church_id), f"/api/schedules/{made['id']}"
    asked: list[httpx.Response] = [
        await other.get(address),
        await other.get(f"{address}/dates"),
        await other.get(f"{address}/occurrences"),
        await other.post(f"{address}/preview"),
        await other.patch(address, json={"content": "Hi"}),
        await other.delete(address),
    ]
    assert {each.status_code for each in asked} == {404}
    assert (await desk.api.get(address)).json() == made
