"""Members: a person and a phone, which a household may share."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.testing import probe

from . import factories

ADA = {"firstName": "Ada", "lastName": "Lovelace", "phone": "(202) 555-0142"}


async def _make(api: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    made = await api.post("/api/members", json=ADA | changes)
    assert made.status_code == 201, made.text
    member: dict[str, Any] = made.json()
    return member


async def test_a_member_is_shown_with_phone_groups_and_opt_out(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        group_id = await factories.group(session, church_id, name="Choir")
        await factories.opt_out(session, church_id, "+12025550142")
    member = await _make(api, email="ada@example.org", groupIds=[str(group_id)])
    shown = (await api.get(f"/api/members/{member['id']}")).json()
    assert shown == member
    assert (shown["phone"], shown["email"]) == ("+12025550142", "ada@example.org")
    assert (shown["groups"], shown["optedOut"]) == ([{"id": str(group_id), "name": "Choir"}], True)


async def test_neither_table_nor_outbox_holds_the_plain_phone(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await _make(api)
    async with database.transaction(church_id) as session:
        member = await probe.first(session, "SELECT * FROM members")
        event = await probe.first(
            session, "SELECT name, body FROM outbox WHERE church_id = :id", {"id": church_id}
        )
    assert "2025550142" not in f"{member} {event}"
    assert event is not None
    assert event.name == "member.created"


@pytest.mark.parametrize("phone", ["+12025550142", "202.555.0142", "1-202-555-0142"])
async def test_the_same_person_is_refused_however_the_phone_is_written(
    api: httpx.AsyncClient, phone: str
) -> None:
    await _make(api)
    again = await api.post("/api/members", json=ADA | {"firstName": "ADA", "phone": phone})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "MEMBER_EXISTS")


async def test_a_household_shares_a_phone(api: httpx.AsyncClient) -> None:
    first, second = await _make(api), await _make(api, firstName="Byron")
    assert first["phone"] == second["phone"]


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "12"},
        {"phone": "555-0142"},
        {"phone": "call me"},
        {"phone": ""},
        {"firstName": " "},
        {"email": "ada@"},
        {"groupIds": ["nope"]},
        {"groupIds": None},
    ],
)
async def test_a_member_that_cannot_be_is_refused_and_leaves_nothing(
    api: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    refused = await api.post("/api/members", json=ADA | changes)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert (await api.get("/api/members")).json()["data"] == []


async def test_a_change_touches_only_what_is_sent(api: httpx.AsyncClient) -> None:
    member = await _make(api, email="ada@example.org")
    changed = await api.patch(f"/api/members/{member['id']}", json={"lastName": "King"})
    assert changed.json() == member | {
        "lastName": "King",
        "updatedAt": changed.json()["updatedAt"],
    }


async def test_null_clears_the_email_and_a_new_phone_replaces_the_old(
    api: httpx.AsyncClient,
) -> None:
    member = await _make(api, email="ada@example.org")
    changed = await api.patch(
        f"/api/members/{member['id']}", json={"email": None, "phone": "202-555-0143"}
    )
    assert (changed.json()["email"], changed.json()["phone"]) == (None, "+12025550143")


async def test_a_change_that_makes_two_members_one_is_refused(api: httpx.AsyncClient) -> None:
    await _make(api)
    other = await _make(api, firstName="Byron")
    refused = await api.patch(f"/api/members/{other['id']}", json={"firstName": "Ada"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "MEMBER_EXISTS")


async def test_group_ids_in_a_change_are_all_the_groups_from_then_on(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        old, new = [await factories.group(session, church_id, name=n) for n in ("Old", "New")]
    member = await _make(api, groupIds=[str(old)])
    changed = await api.patch(f"/api/members/{member['id']}", json={"groupIds": [str(new)]})
    assert [group["name"] for group in changed.json()["groups"]] == ["New"]


async def test_a_removed_member_is_gone_and_the_opt_out_stays(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    member = await _make(api)
    async with database.transaction(church_id) as session:
        await factories.opt_out(session, church_id, member["phone"])
    assert (await api.delete(f"/api/members/{member['id']}")).status_code == 204
    assert (await api.delete(f"/api/members/{member['id']}")).status_code == 404
    assert (await _make(api))["optedOut"] is True


async def test_the_newest_member_is_listed_first(api: httpx.AsyncClient) -> None:
    for name in ("One", "Two", "Three"):
        await _make(api, firstName=name)
    first = (await api.get("/api/members", params={"limit": 2})).json()
    rest = (await api.get("/api/members", params={"cursor": first["nextCursor"]})).json()
    names = [member["firstName"] for member in first["data"] + rest["data"]]
    assert names == ["Three", "Two", "One"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("mar", ["Ana Martin", "María Rojas"]),
        ("MARIA R", ["María Rojas"]),
        ("rojas m", ["María Rojas"]),
        ("(202) 555-0101", ["Ana Martin"]),
        ("artin", []),
        ("%", []),
        (" ", ["Bo Lee", "María Rojas", "Ana Martin"]),
    ],
)
async def test_a_search_finds_beginnings_of_names_and_whole_phones(
    api: httpx.AsyncClient, search: str, found: list[str]
) -> None:
    people = (("Ana", "Martin", "01"), ("María", "Rojas", "02"), ("Bo", "Lee", "03"))
    for first, last, ending in people:
        await _make(api, firstName=first, lastName=last, phone=f"+120255501{ending}")
    page = (await api.get("/api/members", params={"search": search, "page": 1})).json()
    assert [f"{each['firstName']} {each['lastName']}" for each in page["data"]] == found
    assert page["total"] == len(found)


async def test_members_are_filtered_by_group_and_by_branch(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        north = await factories.branch(session, church_id, "North")
        choir, band = [
            await factories.group(session, church_id, north, n) for n in ("Choir", "Band")
        ]
        both = await factories.member(session, church_id, groups=[choir, band])
        one = await factories.member(session, church_id, groups=[choir])
        await factories.member(session, church_id)
    in_band = (await api.get("/api/members", params={"groupId": str(band)})).json()["data"]
    in_north = (await api.get("/api/members", params={"branchId": str(north)})).json()["data"]
    assert [member["id"] for member in in_band] == [str(both.id)]
    assert [member["id"] for member in in_north] == [str(one.id), str(both.id)]


@pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "a" * 1001])
async def test_a_cursor_that_is_not_ours_is_refused(api: httpx.AsyncClient, cursor: str) -> None:
    refused = await api.get("/api/members", params={"cursor": cursor})
    assert refused.status_code == 400
