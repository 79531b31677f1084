"""A schedule that staff pause, and dates of it that they skip."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock
from koinonia.common.identity import Role
from koinonia.messaging.schedules import due_schedules

from .conftest import Client
from .desk import Desk
from .scheduling import nine_in_chicago, scheduled

DAILY = "FREQ=DAILY"


async def daily(desk: Desk) -> tuple[str, list[dict[str, Any]]]:
    """A schedule at nine each day from a month from now on: its address and its next dates."""
    await desk.member()
    path = f"/api/schedules/{(await scheduled(desk, rrule=DAILY))['id']}"
    return path, await dates(desk, path)


async def dates(desk: Desk, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.api.get(f"{path}/dates?count=4")).json()[
        "occurrences"
    ]
    return found


def day(occurrence: dict[str, Any]) -> dict[str, str]:
    return {"date": occurrence["localTime"][:10]}


async def pass_by(desk: Desk, occurrence: dict[str, Any]) -> None:
    """The worker looks right after this instant."""
    with clock.freeze(datetime.fromisoformat(occurrence["at"]) + timedelta(seconds=1)):
        await due_schedules.make_messages(desk.house)


async def past(desk: Desk, path: str) -> list[tuple[str, str | None]]:
    """Outcomes and their codes, the first first."""
    found = (await desk.api.get(f"{path}/occurrences")).json()["data"]
    return [(each["outcome"], each["code"]) for each in reversed(found)]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_nothing_leaves_on_a_date_that_is_skipped_and_the_next_one_does(desk: Desk) -> None:
    path, coming = await daily(desk)
    answer = await desk.api.post(f"{path}/skip", json=day(coming[0]))
    assert answer.json()["skippedDates"] == [day(coming[0])["date"]]
    assert answer.json()["nextAt"] == coming[1]["at"]
    assert [each["isSkipped"] for each in await dates(desk, path)] == [True, False, False, False]
    for each in coming[:2]:
        await pass_by(desk, each)
    assert await past(desk, path) == [("skipped", "skipped"), ("sent", None)]


async def test_a_date_can_be_sent_after_all(desk: Desk) -> None:
    path, coming = await daily(desk)
    await desk.api.post(f"{path}/skip", json=day(coming[0]))
    for _ in "ab":
        answer = await desk.api.post(f"{path}/unskip", json=day(coming[0]))
        assert (answer.status_code, answer.json()["skippedDates"]) == (200, [])
    await pass_by(desk, coming[0])
    assert await past(desk, path) == [("sent", None)]


async def test_what_passes_while_it_is_paused_is_skipped_and_it_goes_on_afterwards(
    desk: Desk,
) -> None:
    path, coming = await daily(desk)
    paused = (await desk.api.post(f"{path}/pause")).json()
    assert (paused["status"], paused["nextAt"]) == ("paused", None)
    assert all(each["isSkipped"] for each in await dates(desk, path))
    await pass_by(desk, coming[1])
    resumed = (await desk.api.post(f"{path}/resume")).json()
    assert (resumed["status"], resumed["pausedAt"]) == ("active", None)
    await pass_by(desk, coming[2])
    assert await past(desk, path) == [("skipped", "paused"), ("skipped", "paused"), ("sent", None)]


async def test_after_a_downtime_the_latest_date_that_is_not_skipped_is_sent(desk: Desk) -> None:
    path, coming = await daily(desk)
    await desk.api.post(f"{path}/skip", json=day(coming[2]))
    await pass_by(desk, coming[2])
    assert await past(desk, path) == [
        ("missed", "superseded"),
        ("sent", None),
        ("skipped", "skipped"),
    ]


async def test_paused_schedules_are_listed_by_themselves(desk: Desk) -> None:
    path, _ = await daily(desk)
    await scheduled(desk)
    await desk.api.post(f"{path}/pause")
    for status, count in {"paused": 1, "active": 1, "finished": 0}.items():
        listed = (await desk.api.get("/api/schedules", params={"status": status})).json()["data"]
        assert [each["status"] for each in listed] == [status] * count


async def test_a_date_on_which_nothing_leaves_is_refused(desk: Desk) -> None:
    path, coming = await daily(desk)
    before = datetime.fromisoformat(coming[0]["at"]) - timedelta(days=2)
    for wrong in (f"{before:%Y-%m-%d}", "2199-01-01"):
        answer = await desk.api.post(f"{path}/skip", json={"date": wrong})
        assert code(answer) == (422, "NO_SUCH_DATE")
    assert code(await desk.api.post(f"{path}/skip", json={"date": "soon"})) == (
        400,
        "VALIDATION_ERROR",
    )


async def test_a_new_rule_forgets_skipped_dates(desk: Desk) -> None:
    path, coming = await daily(desk)
    await desk.api.post(f"{path}/skip", json=day(coming[1]))
    renamed = await desk.api.patch(path, json={"name": "Morning"})
    assert renamed.json()["skippedDates"] == [day(coming[1])["date"]]
    moved = await desk.api.patch(
        path, json={"rrule": "FREQ=WEEKLY", "scheduledFor": nine_in_chicago()}
    )
    assert moved.json()["skippedDates"] == []


@pytest.mark.parametrize("act", ["pause", "resume", "skip", "unskip"])
async def test_who_reads_holds_nothing_and_what_is_over_is_over(
    desk: Desk, client: Client, act: str
) -> None:
    path, coming = await daily(desk)
    body = day(coming[0]) if "skip" in act else None
    async with client(desk.church_id, Role.VIEWER) as viewer:
        assert (await viewer.post(f"{path}/{act}", json=body)).status_code == 403
    async with client(UUID(int=5), Role.OWNER) as stranger:
        assert code(await stranger.post(f"{path}/{act}", json=body)) == (404, "SCHEDULE_NOT_FOUND")
    await desk.api.delete(path)
    assert code(await desk.api.post(f"{path}/{act}", json=body)) == (409, "SCHEDULE_OVER")
