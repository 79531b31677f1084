"""Two requests at the same moment leave what one after the other would."""

import asyncio
from typing import Any

import httpx

from koinonia.common import db
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


async def test_a_branch_is_not_removed_while_a_group_is_made_in_it(api: httpx.AsyncClient) -> None:
    for _ in range(5):
        branch_id = (await api.post("/api/branches", json={"name": "Main"})).json()["id"]
        removed, made = await asyncio.gather(
            api.delete(f"/api/branches/{branch_id}"),
            api.post("/api/groups", json={"name": "Youth", "branchId": branch_id}),
        )
        if removed.status_code == 409:
            assert made.status_code == 201
            await api.delete(f"/api/groups/{made.json()['id']}")
            await api.delete(f"/api/branches/{branch_id}")
        else:
            assert (removed.status_code, made.status_code) == (204, 404)


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
