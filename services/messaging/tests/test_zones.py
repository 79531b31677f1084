"""Where a phone may be: written with it, said by people, looked up for old rows."""

from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.testing import probe
from koinonia.messaging.timing import zone_backfill

from .imports import send
from .stage import Stage

BOISE = "America/Boise,America/Los_Angeles"
ADA = {"firstName": "Ada", "phone": "+12085550100"}


async def kept(database: db.Database, church_id: UUID) -> list[tuple[str | None, str | None]]:
    """What each member said of their zone, and what their number says, by first name."""
    async with database.transaction(church_id) as session:
        rows = await probe.rows(session, "SELECT timezone, zones FROM members ORDER BY first_name")
    return [(row.timezone, row.zones) for row in rows]


async def test_a_member_is_written_with_the_zones_of_the_phone(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    member = (await api.post("/api/members", json=ADA)).json()
    assert await kept(database, church_id) == [(None, BOISE)]
    await api.patch(f"/api/members/{member['id']}", json={"phone": "+18085550100"})
    assert await kept(database, church_id) == [(None, "Pacific/Honolulu")]


async def test_staff_say_where_somebody_lives_and_take_it_back(api: httpx.AsyncClient) -> None:
    made = await api.post("/api/members", json=ADA | {"timezone": "America/Denver"})
    assert made.json()["timezone"] == "America/Denver"
    address = f"/api/members/{made.json()['id']}"
    assert (await api.patch(address, json={"firstName": "Eva"})).json()["timezone"] is not None
    assert (await api.patch(address, json={"timezone": None})).json()["timezone"] is None


async def test_a_zone_that_does_not_exist_is_refused(api: httpx.AsyncClient) -> None:
    refused = await api.post("/api/members", json=ADA | {"timezone": "America/Springfield"})
    assert refused.status_code == 400
    assert "America/New_York" in refused.text


async def test_a_file_may_say_where_people_live(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    header = "firstName,phone,timezone\n"
    await send(api, f"{header}Ada,+12085550100,\nBen,+12085550101,America/Denver")
    assert await kept(database, church_id) == [(None, BOISE), ("America/Denver", BOISE)]
    again = await send(api, f"{header}Ada,+12085550100,America/Denver\nBen,+12085550101,")
    assert [row["outcome"] for row in again.json()["rows"]] == ["updated", "skipped"]
    assert await kept(database, church_id) == [("America/Denver", BOISE)] * 2


async def test_a_row_with_an_unknown_zone_fails_and_says_why(api: httpx.AsyncClient) -> None:
    answer = await send(api, "firstName,phone,timezone\nAda,+12085550100,Springfield")
    row = answer.json()["rows"][0]
    assert (row["outcome"], "America/New_York" in row["reason"]) == ("failed", True)


async def test_the_zones_of_old_members_are_looked_up(alone: Stage) -> None:
    await alone.member("+12085550100")
    await alone.member("+18005550100")
    await alone.run("UPDATE members SET zones = NULL")
    await alone.run("INSERT INTO unzoned_churches VALUES (:id)", id=alone.church_id)

    await zone_backfill.fill(alone.running)

    found = await alone.query("SELECT zones FROM members ORDER BY id")
    assert [row.zones for row in found] == [BOISE, ""]
    assert await alone.query("SELECT 1 FROM unzoned_churches") == []


async def test_zones_that_were_answered_before_are_asked_again_and_hold_until_then(
    alone: Stage,
) -> None:
    await alone.member("+18125550100")
    await alone.run("UPDATE members SET zones = 'America/New_York', zones_are_old = true")
    await alone.run("INSERT INTO unzoned_churches VALUES (:id)", id=alone.church_id)
    [before] = await alone.query("SELECT zones FROM members")

    await zone_backfill.fill(alone.running)

    [after] = await alone.query("SELECT zones, zones_are_old FROM members")
    assert before.zones == "America/New_York"
    assert (after.zones, after.zones_are_old) == ("America/Chicago,America/New_York", False)
