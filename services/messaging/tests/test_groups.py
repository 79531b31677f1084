"""Groups belong to a branch; members come and go."""

from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.identity import Role

from . import factories
from .conftest import Client


async def _branch(api: httpx.AsyncClient, name: str = "Main") -> str:
    return str((await api.post("/api/branches", json={"name": name})).json()["id"])


async def _group(api: httpx.AsyncClient, branch_id: str, name: str = "Youth") -> str:
    made = await api.post("/api/groups", json={"name": name, "branchId": branch_id})
    assert made.status_code == 201
    return str(made.json()["id"])


async def test_a_group_says_which_branch_it_is_in(api: httpx.AsyncClient) -> None:
    branch_id = await _branch(api, "North")
    group = (await api.get(f"/api/groups/{await _group(api, branch_id)}")).json()
    assert (group["branchId"], group["branchName"]) == (branch_id, "North")
    assert (group["name"], group["memberCount"]) == ("Youth", 0)


async def test_two_branches_may_have_a_group_of_the_same_name(api: httpx.AsyncClient) -> None:
    north, south = await _branch(api, "North"), await _branch(api, "South")
    await _group(api, north)
    await _group(api, south)
    again = await api.post("/api/groups", json={"name": "YOUTH", "branchId": south})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "GROUP_EXISTS")


async def test_groups_are_listed_by_name_and_by_branch(api: httpx.AsyncClient) -> None:
    north, south = await _branch(api, "North"), await _branch(api, "South")
    for branch_id, name in ((south, "Choir"), (north, "Ushers"), (north, "Band")):
        await _group(api, branch_id, name)
    every = (await api.get("/api/groups")).json()["data"]
    of_north = (await api.get("/api/groups", params={"branchId": north})).json()["data"]
    assert [group["name"] for group in every] == ["Band", "Choir", "Ushers"]
    assert [group["name"] for group in of_north] == ["Band", "Ushers"]


async def test_pages_of_groups_meet_without_gap_or_overlap(api: httpx.AsyncClient) -> None:
    branch_id = await _branch(api)
    for number in range(5):
        await _group(api, branch_id, f"Group {number}")
    names: list[str] = []
    cursor = None
    while cursor or not names:
        params = {"limit": "2", "branchId": branch_id} | ({"cursor": cursor} if cursor else {})
        page = (await api.get("/api/groups", params=params)).json()
        names += [group["name"] for group in page["data"]]
        cursor = page["nextCursor"]
    assert names == [f"Group {number}" for number in range(5)]


async def test_a_group_is_renamed_and_moved(api: httpx.AsyncClient) -> None:
    north, south = await _branch(api, "North"), await _branch(api, "South")
    group_id = await _group(api, north)
    moved = await api.patch(f"/api/groups/{group_id}", json={"name": "Teens", "branchId": south})
    assert (moved.json()["name"], moved.json()["branchName"]) == ("Teens", "South")


async def test_members_are_added_once_and_taken_out(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        group_id = await factories.group(session, church_id)
        ids = [str((await factories.member(session, church_id)).id) for _ in range(3)]
    path = f"/api/groups/{group_id}/members"
    first = await api.post(path, json={"memberIds": ids[:2]})
    second = await api.post(path, json={"memberIds": [*ids, ids[0]]})
    assert (first.json(), second.json()) == ({"added": 2}, {"added": 1})
    assert (await api.delete(f"{path}/{ids[0]}")).status_code == 204
    assert (await api.get(f"/api/groups/{group_id}")).json()["memberCount"] == 2


async def test_members_outlive_their_group(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        group_id = await factories.group(session, church_id)
        member = await factories.member(session, church_id, groups=[group_id])
    assert (await api.delete(f"/api/groups/{group_id}")).status_code == 204
    assert (await api.get(f"/api/members/{member.id}")).json()["groups"] == []


async def test_a_viewer_changes_no_group(client: Client, church_id: UUID) -> None:
    viewer = client(church_id, Role.VIEWER)
    body = {"name": "Youth", "branchId": str(db.uuid7())}
    assert (await viewer.post("/api/groups", json=body)).status_code == 403
