"""Two requests at the same moment leave what one after the other would."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.numbers import numbers

from . import factories
from .imports import imported


async def test_the_same_file_twice_at_once_makes_each_member_once(api: httpx.AsyncClient) -> None:
    rows = [f"P{n},X,20255501{n:02},,Choir;North/Youth" for n in range(40)]
    bodies = await asyncio.gather(imported(api, *rows), imported(api, *reversed(rows)))
    assert sorted(body["created"] for body in bodies) == [0, 40]
    assert len((await api.get("/api/groups")).json()["data"]) == 2
    assert (await api.get("/api/members", params={"page": 1})).json()["total"] == 40


async def test_the_same_person_twice_at_once_is_one_member(api: httpx.AsyncClient) -> None:
    person = {"firstName": "Ada", "lastName": "Lovelace", "phone": "+12025550142"}
    answers = await asyncio.gather(*(api.post("/api/members", json=person) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize(("first", "codes"), [("removal", (204, 404)), ("group", (409, 201))])
async def test_of_a_removed_branch_and_a_group_in_it_whoever_came_first_has_it(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    first: str,
    codes: tuple[int, int],
) -> None:
    branch_id = (await api.post("/api/branches", json={"name": "Main"})).json()["id"]
    group = {"name": "Youth", "branchId": branch_id}
    calls = {
        "removal": lambda: api.delete(f"/api/branches/{branch_id}"),
        "group": lambda: api.post("/api/groups", json=group),
    }
    waiting = {}
    async with database.transaction(church_id) as session:
        await probe.rows(session, "SELECT id FROM branches FOR UPDATE")
        for name in sorted(calls, key=lambda each: each != first):
            waiting[name] = asyncio.create_task(calls[name]())
            await eventually(lambda: has_waiting(database, len(waiting)))
    answers = [(await waiting[name]).status_code for name in calls]
    assert tuple(answers) == codes


async def has_waiting(database: db.Database, connections: int) -> bool:
    """So many connections wait for a lock."""
    async with database.transaction() as session:
        return await probe.waiting_for_locks(session) == connections


async def test_a_church_has_one_number_on_order_however_often_it_asks_at_once(house: Any) -> None:
    async with house.database.transaction() as session:
        church_id = await factories.church(session)

    async def ask() -> bool:
        async with house.database.transaction(church_id) as session:
            number = (db.uuid7(), factories.phone(), "telnyx", "202")
            await numbers.request(session, church_id, *number)
        return True

    answers = await asyncio.gather(*(ask() for _ in range(4)), return_exceptions=True)
    assert answers.count(True) == 1
