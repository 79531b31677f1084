"""Segments: filters that a church saves, which mean the people of now."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.identity import Role

from .conftest import Client
from .desk import Desk
from .filtered_people import settle
from .scheduling import scheduled

NOBODYS = str(UUID(int=1))


async def _made(api: httpx.AsyncClient, name: str = "Singers", **wanted: Any) -> dict[str, Any]:
    answer = await api.post("/api/segments", json={"name": name, "filter": wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_segment_says_what_was_saved_and_whom_it_means_now(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    groups = await settle(database, church_id)
    wanted = {"groups": {"anyOf": [str(groups["Choir"])]}, "consent": ["granted", "revoked"]}
    made = await _made(api, **wanted)
    assert (made["filter"], made["memberCount"], made["missing"]) == (wanted, 2, None)
    [listed] = (await api.get("/api/segments")).json()["data"]
    assert listed == {name: made[name] for name in listed}
    members = (await api.get(f"/api/segments/{made['id']}/members")).json()["data"]
    assert {each["firstName"] for each in members} == {"Ada", "Bo"}
    [ada] = [each for each in members if each["firstName"] == "Ada"]
    await api.delete(f"/api/groups/{groups['Choir']}/members/{ada['id']}")
    assert (await api.get(f"/api/segments/{made['id']}")).json()["memberCount"] == 1


async def test_a_name_belongs_to_one_segment(api: httpx.AsyncClient) -> None:
    made = await _made(api, joinedWithinDays=30)
    again = await api.post(
        "/api/segments", json={"name": "SINGERS ", "filter": {"joinedWithinDays": 3}}
    )
    assert _code(again) == (409, "SEGMENT_EXISTS")
    other = await _made(api, "Others", joinedWithinDays=3)
    taken = await api.patch(f"/api/segments/{other['id']}", json={"name": "Singers"})
    assert _code(taken) == (409, "SEGMENT_EXISTS")
    changed = await api.patch(f"/api/segments/{made['id']}", json={"name": "Band"})
    assert (changed.json()["name"], changed.json()["filter"]) == ("Band", {"joinedWithinDays": 30})


async def test_a_repeated_request_makes_one_segment(api: httpx.AsyncClient) -> None:
    asked = {"name": "New", "filter": {"joinedWithinDays": 30}}
    key = {"Idempotency-Key": "a" * 32}
    first, second = [await api.post("/api/segments", json=asked, headers=key) for _ in range(2)]
    assert (first.json(), second.status_code) == (second.json(), 201)
    assert len((await api.get("/api/segments")).json()["data"]) == 1


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, (400, "VALIDATION_ERROR")),
        ({"search": " "}, (400, "VALIDATION_ERROR")),
        ({"groups": {}}, (400, "VALIDATION_ERROR")),
        ({"birthday": "04"}, (400, "UNKNOWN_FIELD")),
        ({"groups": {"anyOf": [NOBODYS]}}, (404, "GROUP_NOT_FOUND")),
        ({"branchIds": [NOBODYS]}, (404, "BRANCH_NOT_FOUND")),
        ({"fields": [{"field": "shoe", "isSet": True}]}, (400, "UNKNOWN_CUSTOM_FIELD")),
    ],
)
async def test_a_segment_of_everybody_or_of_what_is_not_there_is_refused(
    api: httpx.AsyncClient, wanted: dict[str, Any], found: tuple[int, str]
) -> None:
    refused = await api.post("/api/segments", json={"name": "X", "filter": wanted})
    assert _code(refused) == found


async def test_what_is_removed_is_told_and_nobody_is_texted(
    desk: Desk, database: db.Database, church_id: UUID
) -> None:
    groups = await settle(database, church_id)
    api = desk.api
    band = str(groups["Band"])
    segment = await _made(
        api, groups={"noneOf": [band]}, fields=[{"field": "team", "noneOf": ["red"]}]
    )
    target = {"type": "segment", "segmentId": segment["id"]}
    kept = await scheduled(desk, target=target)
    await api.delete(f"/api/groups/{band}")
    [team] = [f for f in (await api.get("/api/fields")).json()["data"] if f["key"] == "team"]
    assert (await api.delete(f"/api/fields/{team['id']}")).status_code == 204
    shown = (await api.get(f"/api/segments/{segment['id']}")).json()
    assert shown["missing"] == {"groups": [band], "branches": [], "fields": ["team"]}
    assert shown["memberCount"] is None
    for refused in (
        await desk.post("send", "Hello", target=target),
        await desk.post("preview", "Hello", target=target),
        await api.post(f"/api/schedules/{kept['id']}/preview"),
        await api.get(f"/api/segments/{segment['id']}/members"),
    ):
        assert _code(refused) == (409, "SEGMENT_BROKEN")
    error = refused.json()["error"]
    assert "a group and a field" in error["message"]
    assert error["details"]["groups"] == [band]
    mended = await api.patch(
        f"/api/segments/{segment['id']}", json={"filter": {"consent": ["granted"]}}
    )
    assert (mended.json()["missing"], mended.json()["memberCount"]) == (None, 4)
    assert (await desk.post("send", "Hello", target=target)).status_code == 202


async def test_a_segment_of_a_schedule_stays_until_the_schedule_is_over(desk: Desk) -> None:
    await desk.member()
    segment = await _made(desk.api, joinedWithinDays=30)
    target = {"type": "segment", "segmentId": segment["id"]}
    kept = await scheduled(desk, target=target, name="Welcome")
    assert (kept["targetType"], kept["targetIds"], kept["target"]) == ("segment", [], target)
    refused = await desk.api.delete(f"/api/segments/{segment['id']}")
    assert _code(refused) == (409, "SEGMENT_IN_USE")
    assert refused.json()["error"]["details"] == {"schedules": ["Welcome"]}
    await desk.api.delete(f"/api/schedules/{kept['id']}")
    assert (await desk.api.delete(f"/api/segments/{segment['id']}")).status_code == 204
    assert _code(await desk.api.get(f"/api/segments/{segment['id']}")) == (404, "SEGMENT_NOT_FOUND")


async def test_segments_of_others_do_not_exist(
    desk: Desk, client: Client, other_church_id: UUID
) -> None:
    theirs = await _made(client(other_church_id), joinedWithinDays=30)
    path = f"/api/segments/{theirs['id']}"
    target = {"type": "segment", "segmentId": theirs["id"]}
    for refused in (
        await desk.api.get(path),
        await desk.api.patch(path, json={"name": "Ours"}),
        await desk.api.delete(path),
        await desk.post("send", "Hello", target=target),
    ):
        assert _code(refused) == (404, "SEGMENT_NOT_FOUND")


async def test_a_viewer_reads_segments_and_makes_none(client: Client, church_id: UUID) -> None:
    made = await _made(client(church_id), joinedWithinDays=30)
    viewer = client(church_id, Role.VIEWER)
    assert (await viewer.get(f"/api/segments/{made['id']}/members")).status_code == 200
    refused = await viewer.post("/api/segments", json={"name": "X", "filter": {"search": "a"}})
    assert refused.status_code == 403
