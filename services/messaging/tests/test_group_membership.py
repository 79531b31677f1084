"""Whoever keeps a copy of who is in which group is told of every change."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from koinonia.common import db
from koinonia.common.events import REGISTRY
from koinonia.common.events.messaging import GroupMembersChanged, GroupRemoved
from koinonia.common.testing import probe
from koinonia.messaging.people import group_membership

from . import factories

SOURCE = Path(group_membership.__file__).parents[1]
WRITES = re.compile(r"(INSERT INTO|DELETE FROM|UPDATE)\s+group_members\b")


@pytest_asyncio.fixture
async def group_id(database: db.Database, church_id: UUID) -> UUID:
    async with database.transaction(church_id) as session:
        return await factories.group(session, church_id)


async def told(database: db.Database, church_id: UUID) -> list[Any]:
    async with database.transaction() as session:
        rows = await probe.rows(
            session,
            """
            SELECT name, body FROM outbox WHERE church_id = :church AND name LIKE 'group.%'
             ORDER BY position
            """,
            {"church": church_id},
        )
    return [REGISTRY[row.name].model_validate_json(row.body) for row in rows]


def test_one_module_writes_who_is_in_a_group() -> None:
    writers = [path.name for path in SOURCE.rglob("*.py") if WRITES.search(path.read_text())]
    assert writers == ["group_membership.py"]


async def test_staff_put_a_member_in_and_take_them_out(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, group_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        member_id = (await factories.member(session, church_id)).id
    path = f"/api/groups/{group_id}/members"
    for _ in range(2):
        await api.post(path, json={"memberIds": [str(member_id)]})
    for _ in range(2):
        await api.delete(f"{path}/{member_id}")
    await api.delete(f"/api/groups/{group_id}")
    changes = await told(database, church_id)
    assert [(e.joined, e.left) for e in changes if isinstance(e, GroupMembersChanged)] == [
        ((member_id,), ()),
        ((), (member_id,)),
    ]
    assert [e.group_id for e in changes if isinstance(e, GroupRemoved)] == [group_id]


async def test_a_member_is_made_and_changed_with_groups(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, group_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        choir = await factories.group(session, church_id, name="Choir")
    person = {"firstName": "Ada", "phone": factories.phone(), "groupIds": [str(group_id)]}
    made = (await api.post("/api/members", json=person)).json()
    await api.patch(f"/api/members/{made['id']}", json={"groupIds": [str(choir)]})
    member_id = UUID(made["id"])
    assert [(e.group_id, e.joined, e.left) for e in await told(database, church_id)] == [
        (group_id, (member_id,), ()),
        (group_id, (), (member_id,)),
        (choir, (member_id,), ()),
    ]


async def test_an_import_tells_of_up_to_five_hundred_at_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    rows = (f"Ada,{factories.phone()},Choir" for _ in range(600))
    file = "\n".join(("firstName,phone,groups", *rows)).encode()
    for _ in range(2):
        answer = await api.post("/api/members/import", files={"files": ("m.csv", file)})
    assert answer.json()["skipped"] == 600
    changes = await told(database, church_id)
    assert [len(change.joined) for change in changes] == [500, 100]
    assert len({member for change in changes for member in change.joined}) == 600
