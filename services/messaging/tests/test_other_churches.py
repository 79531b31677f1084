"""To one church, what another one has does not exist: 404 on every route, never 403."""

from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.testing import probe

from . import factories
from .conftest import Client


@pytest_asyncio.fixture
async def theirs(database: db.Database, other_church_id: UUID) -> dict[str, str]:
    """Ids of another church."""
    async with database.transaction(other_church_id) as session:
        branch = await factories.branch(session, other_church_id)
        group = await factories.group(session, other_church_id, branch)
        member = await factories.member(session, other_church_id, groups=[group])
    return {"branch": str(branch), "group": str(group), "member": str(member.id)}


PATHS = [
    ("GET", "/api/branches/{branch}", None),
    ("PATCH", "/api/branches/{branch}", {"name": "Mine"}),
    ("DELETE", "/api/branches/{branch}", None),
    ("GET", "/api/groups/{group}", None),
    ("PATCH", "/api/groups/{group}", {"name": "Mine"}),
    ("DELETE", "/api/groups/{group}", None),
    ("GET", "/api/groups?branchId={branch}", None),
    ("POST", "/api/groups/{group}/members", {"memberIds": ["{member}"]}),
    ("DELETE", "/api/groups/{group}/members/{member}", None),
    ("GET", "/api/members/{member}", None),
    ("PATCH", "/api/members/{member}", {"firstName": "Mine"}),
    ("DELETE", "/api/members/{member}", None),
    ("GET", "/api/members?groupId={group}", None),
    ("GET", "/api/members?branchId={branch}", None),
]


@pytest.mark.parametrize(("method", "path", "body"), PATHS)
async def test_an_id_of_another_church_is_not_found(
    api: httpx.AsyncClient, theirs: dict[str, str], method: str, path: str, body: Any
) -> None:
    if body and "memberIds" in body:
        body = {"memberIds": [theirs["member"]]}
    answer = await api.request(method, path.format(**theirs), json=body)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith("There is no")


async def test_an_id_of_another_church_within_a_body_is_not_found(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, theirs: dict[str, str]
) -> None:
    async with database.transaction(church_id) as session:
        group_id = await factories.group(session, church_id)
        member = await factories.member(session, church_id)
    person = {"firstName": "Ada", "phone": "+12025550177", "groupIds": [theirs["group"]]}
    file = {"files": ("m.csv", b"firstName,phone\nAda,+12025550177\n")}
    answers = [
        await api.post("/api/groups", json={"name": "Mine", "branchId": theirs["branch"]}),
        await api.patch(f"/api/groups/{group_id}", json={"branchId": theirs["branch"]}),
        await api.post(f"/api/groups/{group_id}/members", json={"memberIds": [theirs["member"]]}),
        await api.delete(f"/api/groups/{group_id}/members/{theirs['member']}"),
        await api.post("/api/members", json=person),
        await api.patch(f"/api/members/{member.id}", json={"groupIds": [theirs["group"]]}),
        await api.put("/api/members/by-external-id/pco/1", json=person),
        await api.post("/api/members/import", files=file, data={"branchId": theirs["branch"]}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert len((await api.get("/api/members")).json()["data"]) == 1


async def test_lists_hold_only_what_is_ours(api: httpx.AsyncClient, theirs: dict[str, str]) -> None:
    for path in ("/api/branches", "/api/groups", "/api/members", "/api/phone-numbers"):
        assert (await api.get(path)).json()["data"] == []


async def test_two_churches_may_have_the_same_person(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    person = {"firstName": "Ada", "lastName": "Lovelace", "phone": "+12025550142"}
    for each in (church_id, other_church_id):
        assert (await client(each).post("/api/members", json=person)).status_code == 201


async def test_the_role_of_the_service_itself_reads_no_other_church(
    database: db.Database, church_id: UUID, theirs: dict[str, str]
) -> None:
    for scope in (church_id, None):
        async with database.transaction(scope) as session:
            for table in ("branches", "groups", "members", "group_members", "churches"):
                query = f"SELECT count(*) FROM {table} WHERE church_id IS DISTINCT FROM :id"
                found = await probe.first(session, query, {"id": scope})
                assert found is not None
                assert found[0] == 0
