"""Files of members: everybody of a filter, in pieces, for a spreadsheet or a program."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog

from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.messaging.people import member_export
from koinonia.messaging.people.filters import conditions
from koinonia.messaging.people.filters.people_filter import PeopleFilter

from . import factories
from .conftest import Client
from .imports import send
from .loop_watch import watched

EXPORT = "/api/members/export"


async def rows(api: httpx.AsyncClient, **params: Any) -> list[dict[str, str]]:
    answer = await api.get(EXPORT, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


async def _people(api: httpx.AsyncClient, database: db.Database, church_id: UUID) -> None:
    await api.post("/api/fields", json={"key": "team", "label": "Team"})
    async with database.transaction(church_id) as session:
        north = await factories.branch(session, church_id, "North")
        choir, band = [
            str(await factories.group(session, church_id, north, name))
            for name in ("Choir", "Band")
        ]
        await factories.opt_out(session, church_id, "+12025550102")
    ada = {"firstName": "Ada", "lastName": "Moß", "phone": "+12025550101", "email": "a@example.org"}
    ada |= {"groupIds": [choir, band], "fields": {"team": 'Blue, "the" best'}}
    bo = {"firstName": "Bo", "phone": "+12025550102", "timezone": "America/Denver"}
    cy = {"firstName": "Cy", "phone": "+12025550103", "consent": False, "groupIds": [band]}
    for each in (ada, bo, cy):
        assert (await api.post("/api/members", json=each)).status_code == 201


async def test_a_file_has_everybody_with_all_that_is_known(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await _people(api, database, church_id)
    ada, bo, cy = await rows(api)
    assert (ada["lastName"], ada["phone"], ada["email"]) == ("Moß", "+12025550101", "a@example.org")
    assert (ada["groups"], ada["team"]) == ("North/Band; North/Choir", 'Blue, "the" best')
    assert [each["consent"] for each in (ada, bo, cy)] == ["granted", "revoked", "none"]
    lines = (await api.get(EXPORT, params={"format": "jsonl"})).text.splitlines()
    listed = (await api.get("/api/members")).json()["data"]
    assert [json.loads(line) for line in lines] == listed[::-1]


async def test_a_file_is_filtered_as_lists_are(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await _people(api, database, church_id)
    for params, names in (
        ({"optedOut": False}, ["Ada", "Cy"]),
        ({"field": "team:*"}, ["Ada"]),
        ({"search": "b"}, ["Bo"]),
        ({"consent": "none", "format": "csv"}, ["Cy"]),
    ):
        assert [each["firstName"] for each in await rows(api, **params)] == names
    segment = {"name": "B", "filter": {"search": "b"}}
    saved = (await api.post("/api/segments", json=segment)).json()["id"]
    assert [each["firstName"] for each in await rows(api, segmentId=saved)] == ["Bo"]
    both = await api.get(EXPORT, params={"segmentId": saved, "search": "b"})
    assert both.json()["error"]["code"] == "BAD_FILTER"
    nobody = await api.get(EXPORT, params={"groupsAnyOf": str(db.uuid7())})
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (404, "GROUP_NOT_FOUND")


async def test_a_file_can_be_imported_elsewhere_and_means_the_same(
    api: httpx.AsyncClient,
    client: Client,
    database: db.Database,
    church_id: UUID,
    other_church_id: UUID,
) -> None:
    await _people(api, database, church_id)
    other = client(other_church_id)
    await other.post("/api/fields", json={"key": "team", "label": "Team"})
    file = (await api.get(EXPORT)).text
    imported = await send(other, file, mapping='{"consent": "consent"}')
    assert imported.json()["created"] == 3, imported.text
    left, right = await rows(api), await rows(other)
    for each in (*left, *right):
        for own in ("id", "createdAt", "updatedAt"):
            del each[own]
    assert sorted(left, key=str) == sorted(right, key=str)


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)", "|x", "%x"])
async def test_a_spreadsheet_carries_nothing_out(api: httpx.AsyncClient, name: str) -> None:
    await api.post("/api/members", json={"firstName": name, "phone": "+12025550101"})
    [row] = await rows(api)
    assert row["firstName"] == f"'{name}"


async def test_who_took_a_file_is_written_down_without_anybody_in_it(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await _people(api, database, church_id)
    with structlog.testing.capture_logs() as logs:
        await api.get(EXPORT, params={"search": "Ada", "format": "jsonl"})
    [line] = [each for each in logs if each["event"] == "members.exported"]
    assert (line["rows"], line["form"], line["is_filtered"]) == (1, "jsonl", True)
    assert line["church_id"] == str(church_id)
    assert "Ada" not in str(line)


@pytest.mark.parametrize(("role", "status"), [(Role.STAFF, 403), (Role.ADMIN, 200)])
async def test_a_file_takes_an_admin(
    client: Client, church_id: UUID, role: Role, status: int
) -> None:
    assert (await client(church_id, role).get(EXPORT)).status_code == status


async def test_thousands_come_in_pieces_and_nobody_waits(
    house: Any, database: db.Database, church_id: UUID
) -> None:
    count = 3 * member_export.PAGE + 1
    async with database.transaction(church_id) as session:
        await factories.members(session, church_id, count)
        sheet = await member_export.sheet(session)
    everybody = conditions.conditions(PeopleFilter(), church_id, factories.PHONES, now=clock.now())
    pieces = member_export.pieces(
        house,
        church_id,
        db.uuid7(),
        everybody,
        sheet,
        lambda members: member_export.csv_rows(members, sheet, factories.PHONES),
        "csv",
    )
    async with watched():
        lengths = [piece.count("\n") async for piece in pieces]
    assert lengths == [member_export.PAGE] * 3 + [1]
