"""Branches: made, counted, renamed, and removed only when empty."""

from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.identity import Role

from . import factories
from .conftest import Client


async def test_a_new_branch_is_empty_and_has_its_tidied_name(api: httpx.AsyncClient) -> None:
    made = await api.post("/api/branches", json={"name": "  North \t Campus "})
    assert made.status_code == 201
    assert made.json() | {"id": 0, "createdAt": 0} == {
        "id": 0,
        "name": "North Campus",
        "groupCount": 0,
        "memberCount": 0,
        "createdAt": 0,
    }


async def test_a_person_in_two_groups_of_a_branch_counts_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        branch_id = await factories.branch(session, church_id)
        groups = [
            await factories.group(session, church_id, branch_id, name)
            for name in ("Choir", "Youth")
        ]
        await factories.member(session, church_id, groups=groups)
    branch = (await api.get(f"/api/branches/{branch_id}")).json()
    assert (branch["groupCount"], branch["memberCount"]) == (2, 1)


@pytest.mark.parametrize("name", ["Main", "MAIN", " main ", "Máin"])
async def test_a_second_branch_of_the_same_name_is_refused(
    api: httpx.AsyncClient, name: str
) -> None:
    await api.post("/api/branches", json={"name": "Main"})
    again = await api.post("/api/branches", json={"name": name})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "BRANCH_EXISTS")


async def test_branches_are_listed_by_name_page_by_page(api: httpx.AsyncClient) -> None:
    for name in ("Bethel", "antioch", "Zion", "Corinth"):
        await api.post("/api/branches", json={"name": name})
    first = (await api.get("/api/branches", params={"limit": 3})).json()
    rest = await api.get("/api/branches", params={"limit": 3, "cursor": first["nextCursor"]})
    assert [branch["name"] for branch in first["data"]] == ["antioch", "Bethel", "Corinth"]
    assert [branch["name"] for branch in rest.json()["data"]] == ["Zion"]


async def test_a_numbered_page_says_how_many_there_are(api: httpx.AsyncClient) -> None:
    for name in ("One", "Two", "Three"):
        await api.post("/api/branches", json={"name": name})
    page = (await api.get("/api/branches", params={"page": 2, "limit": 2})).json()
    assert (len(page["data"]), page["total"], page["hasMore"]) == (1, 3, False)


async def test_a_branch_is_renamed(api: httpx.AsyncClient) -> None:
    branch = (await api.post("/api/branches", json={"name": "Old"})).json()
    changed = await api.patch(f"/api/branches/{branch['id']}", json={"name": "New"})
    assert changed.json()["name"] == "New"


async def test_a_branch_with_groups_is_not_removed(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        branch_id = await factories.branch(session, church_id)
        await factories.group(session, church_id, branch_id)
    refused = await api.delete(f"/api/branches/{branch_id}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "BRANCH_NOT_EMPTY")


async def test_an_empty_branch_is_removed(api: httpx.AsyncClient) -> None:
    branch = (await api.post("/api/branches", json={"name": "Gone"})).json()
    assert (await api.delete(f"/api/branches/{branch['id']}")).status_code == 204
    assert (await api.get(f"/api/branches/{branch['id']}")).status_code == 404


async def test_only_an_admin_removes_a_branch_and_a_viewer_only_reads(
    client: Client, church_id: UUID
) -> None:
    staff, viewer = client(church_id, Role.STAFF), client(church_id, Role.VIEWER)
    branch = (await staff.post("/api/branches", json={"name": "Main"})).json()
    assert (await staff.delete(f"/api/branches/{branch['id']}")).status_code == 403
    assert (await viewer.get("/api/branches")).status_code == 200
    assert (await viewer.post("/api/branches", json={"name": "More"})).status_code == 403


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": " \t"}, {"name": "x" * 101}])
async def test_a_branch_without_a_proper_name_is_refused(
    api: httpx.AsyncClient, body: dict[str, str]
) -> None:
    refused = await api.post("/api/branches", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
