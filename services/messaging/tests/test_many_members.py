"""Many members at once: into groups, to another branch, and out of the church."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import probe

from . import factories
from .conftest import Client
from .loop_watch import watched

BULK = "/api/members/bulk"


async def _members(database: db.Database, church_id: UUID, *groups: list[UUID]) -> list[str]:
    """A member for each list of groups."""
    async with database.transaction(church_id) as session:
        made = [await factories.member(session, church_id, groups=each) for each in groups]
    return [str(each.id) for each in made]


async def _branch(
    database: db.Database, church_id: UUID, name: str, *groups: str
) -> tuple[UUID, dict[str, UUID]]:
    async with database.transaction(church_id) as session:
        branch = await factories.branch(session, church_id, name)
        made = {each: await factories.group(session, church_id, branch, each) for each in groups}
    return branch, made


async def _groups(api: httpx.AsyncClient, member_id: str) -> set[str]:
    shown = (await api.get(f"/api/members/{member_id}")).json()
    return {each["id"] for each in shown["groups"]}


async def done(api: httpx.AsyncClient, path: str, **body: Any) -> tuple[int, int, int]:
    text = json.dumps(body, default=str)
    answer = await api.post(
        f"{BULK}/{path}", content=text, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert set(shown["notFound"]) <= {str(each) for each in body["memberIds"]}
    return shown["changed"], shown["unchanged"], len(shown["notFound"])


async def test_everybody_of_a_filter_joins_page_by_page_and_again_changes_nothing(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("koinonia.messaging.api.people.many_members.MOST_MEMBERS", 2)
    _, groups = await _branch(database, church_id, "North", "Choir", "Band")
    ids = await _members(database, church_id, *[[groups["Band"]]] * 3, [])
    body = {
        "filter": {"groups": {"anyOf": [str(groups["Band"])]}},
        "join": [str(groups["Choir"])],
        "leave": [str(groups["Band"])],
    }
    cursor, changed = None, []
    while True:
        asked = body | ({"cursor": cursor} if cursor else {})
        answer = await api.post(f"{BULK}/groups/by-filter", json=asked)
        assert answer.status_code == 200, answer.text
        changed.append(answer.json()["changed"])
        if (cursor := answer.json()["nextCursor"]) is None:
            break
    assert changed == [2, 1]
    assert [await _groups(api, each) for each in ids] == [{str(groups["Choir"])}] * 3 + [set()]
    again = (await api.post(f"{BULK}/groups/by-filter", json=body)).json()
    assert again == {"changed": 0, "unchanged": 0, "nextCursor": None}


async def test_many_join_and_leave_and_the_same_again_changes_nothing(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    _, groups = await _branch(database, church_id, "North", "Choir", "Band")
    choir, band = groups["Choir"], groups["Band"]
    ids = await _members(database, church_id, [], [band], [choir])
    body = {"memberIds": [*ids, ids[0], db.uuid7()], "join": [choir], "leave": [band]}
    assert await done(api, "groups", **body) == (2, 1, 1)
    assert [await _groups(api, each) for each in ids] == [{str(choir)}] * 3
    assert await done(api, "groups", **body) == (0, 3, 1)
    async with database.transaction() as session:
        told = await probe.rows(
            session,
            "SELECT name, body FROM outbox WHERE church_id = :id "
            "AND name <> 'messaging.action_taken' ORDER BY position",
            {"id": church_id},
        )
    assert [each.name for each in told] == ["group.members_changed"] * 2


async def test_who_moves_is_in_the_groups_of_the_same_names(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    north, old = await _branch(database, church_id, "North", "Choir", "Band")
    south, new = await _branch(database, church_id, "South", "choir", "Guests")
    other, elsewhere = await _branch(database, church_id, "East", "Choir")
    ids = await _members(
        database, church_id, [old["Choir"], elsewhere["Choir"]], [old["Band"]], [], [new["choir"]]
    )
    body = {"memberIds": ids, "fromBranchId": north, "toBranchId": south}
    refused = await api.post(f"{BULK}/move", json=json.loads(json.dumps(body, default=str)))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "NO_GROUP_TO_MOVE_TO")
    assert "Band" in refused.json()["error"]["message"]
    assert await done(api, "move", **body, groupId=new["Guests"]) == (2, 2, 0)
    assert [await _groups(api, each) for each in ids] == [
        {str(new["choir"]), str(elsewhere["Choir"])},
        {str(new["Guests"])},
        set(),
        {str(new["choir"])},
    ]
    assert other != north


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"toBranchId": "from"}, "SAME_BRANCH"),
        ({"groupId": "old"}, "GROUP_ELSEWHERE"),
        ({"memberIds": []}, "VALIDATION_ERROR"),
        ({"groupId": str(db.uuid7())}, "GROUP_NOT_FOUND"),
        ({"toBranchId": str(db.uuid7())}, "BRANCH_NOT_FOUND"),
        ({"memberIds": [str(db.uuid7())]}, "MEMBER_NOT_FOUND"),
    ],
)
async def test_a_move_that_cannot_be_is_refused(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    change: dict[str, Any],
    code: str,
) -> None:
    north, old = await _branch(database, church_id, "North", "Choir")
    south, _ = await _branch(database, church_id, "South", "Choir")
    ids = await _members(database, church_id, [old["Choir"]])
    named = {"from": str(north), "old": str(old["Choir"])}
    body = {"memberIds": ids, "fromBranchId": str(north), "toBranchId": str(south)}
    body |= {name: named.get(str(each), each) for name, each in change.items()}
    refused = await api.post(f"{BULK}/move", json=body)
    assert refused.json()["error"]["code"] == code
    assert await _groups(api, ids[0]) == {str(old["Choir"])}


async def test_many_are_removed_and_their_opt_outs_stay(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        bo = await factories.member(session, church_id)
        await factories.opt_out(session, church_id, bo.phone)
    ids = [*await _members(database, church_id, [], []), str(bo.id)]
    [stays] = await _members(database, church_id, [])
    assert await done(api, "remove", memberIds=[*ids, db.uuid7()]) == (3, 0, 1)
    assert [each["id"] for each in (await api.get("/api/members")).json()["data"]] == [stays]
    known = await api.get("/api/consents", params={"phone": bo.phone})
    assert known.json()["state"] == "revoked"


async def test_a_group_is_joined_or_left(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    _, groups = await _branch(database, church_id, "North", "Choir")
    choir = [str(groups["Choir"])]
    body = {"memberIds": await _members(database, church_id, []), "join": choir, "leave": choir}
    refused = await api.post(f"{BULK}/groups", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "GROUP_TWICE")


@pytest.mark.parametrize("body", [{}, {"join": [], "leave": []}, {"join": [1]}])
async def test_groups_that_mean_nothing_are_refused(
    api: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    refused = await api.post(f"{BULK}/groups", json={"memberIds": [str(db.uuid7())], **body})
    assert refused.status_code == 400


async def test_removing_many_takes_an_admin_and_the_rest_staff(
    client: Client, church_id: UUID
) -> None:
    body = {"memberIds": [str(db.uuid7())]}
    staff, viewer = client(church_id, Role.STAFF), client(church_id, Role.VIEWER)
    assert (await staff.post(f"{BULK}/remove", json=body)).status_code == 403
    for path in ("groups", "move"):
        assert (await viewer.post(f"{BULK}/{path}", json=body)).status_code == 403
        assert (await staff.post(f"{BULK}/{path}", json=body)).status_code == 400


async def test_thousands_join_and_go_and_nobody_waits(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    many = 2000
    _, groups = await _branch(database, church_id, "North", "Choir")
    async with database.transaction(church_id) as session:
        await factories.members(session, church_id, many)
        ids = await db.values(session, UUID, "SELECT id FROM members")
    async with watched():
        assert await done(api, "groups", memberIds=ids, join=[groups["Choir"]]) == (many, 0, 0)
        assert await done(api, "remove", memberIds=ids) == (many, 0, 0)
    async with database.transaction() as session:
        told = await probe.rows(
            session,
            """
            SELECT name, count(*) AS events FROM outbox
             WHERE church_id = :id AND name <> 'messaging.action_taken'
             GROUP BY name ORDER BY name
            """,
            {"id": church_id},
        )
    assert [tuple(each) for each in told] == [("group.members_changed", 4), ("member.removed", 4)]
