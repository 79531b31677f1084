"""Who came by a keyword has no name, until staff or a file say who they are."""

from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from koinonia.common import db
from koinonia.common.events import REGISTRY
from koinonia.common.events.conversation import MemberRequested
from koinonia.common.testing import probe, service
from koinonia.messaging.people import unnamed_members
from koinonia.messaging.program import PROGRAM

from . import factories

PHONE = "+12025550142"


@pytest_asyncio.fixture
async def group_id(database: db.Database, church_id: UUID) -> UUID:
    async with database.transaction(church_id) as session:
        return await factories.group(session, church_id)


@pytest_asyncio.fixture
async def nameless(database: db.Database, church_id: UUID) -> str:
    """The id of a member without a name, in a group."""
    index, sealed = factories.PHONES.index(church_id, PHONE), factories.PHONES.seal(PHONE)
    async with database.transaction(church_id) as session:
        await unnamed_members.create(session, church_id, index, sealed, factories.PHONES)
        row = await probe.first(session, "SELECT id FROM members")
    assert row is not None
    return str(row.id)


async def people(api: httpx.AsyncClient) -> list[tuple[str, str, str]]:
    listed = (await api.get("/api/members")).json()["data"]
    return [(each["id"], each["firstName"], each["lastName"]) for each in listed]


async def request(house: Any, church_id: UUID, *groups: UUID, name: str = "Mary") -> UUID:
    event = MemberRequested(
        church_id=church_id,
        member_id=db.uuid7(),
        conversation_id=db.uuid7(),
        admin_id=db.uuid7(),
        sealed_phone=factories.PHONES.seal(PHONE),
        first_name=name,
        last_name="Jones",
        group_ids=groups,
    )
    await service.hear(PROGRAM, house, event)
    await service.hear(PROGRAM, house, event.model_copy(update={"id": db.uuid7()}))
    return event.member_id


async def told(database: db.Database, church_id: UUID) -> list[str]:
    async with database.transaction() as session:
        rows = await probe.rows(
            session,
            "SELECT name, body FROM outbox WHERE church_id = :church ORDER BY position",
            {"church": church_id},
        )
    return [row.name for row in rows if REGISTRY[row.name].model_validate_json(row.body)]


async def test_staff_see_the_phone_and_write_the_name(
    api: httpx.AsyncClient, nameless: str
) -> None:
    found = (await api.get(f"/api/members/{nameless}")).json()
    assert (found["firstName"], found["phone"]) == ("", PHONE)
    await api.patch(f"/api/members/{nameless}", json={"firstName": "Mary"})
    assert await people(api) == [(nameless, "Mary", "")]


async def test_a_member_made_of_that_phone_is_the_same_one(
    api: httpx.AsyncClient, nameless: str, group_id: UUID
) -> None:
    body = {"firstName": "Mary", "phone": PHONE, "email": "m@grace.example"}
    made = await api.post("/api/members", json=body | {"groupIds": [str(group_id)]})
    assert (made.status_code, made.json()["id"]) == (201, nameless)
    assert (made.json()["email"], len(made.json()["groups"])) == ("m@grace.example", 1)
    await api.post("/api/members", json=body | {"firstName": "Ben"})
    assert [name for _, name, _ in await people(api)] == ["Ben", "Mary"]


async def test_an_import_names_them_and_says_so(api: httpx.AsyncClient, nameless: str) -> None:
    file = f"firstName,lastName,phone\nMary,Jones,{PHONE}\nBen,Jones,{PHONE}\n".encode()
    answer = await api.post("/api/members/import", files={"files": ("m.csv", file)})
    assert [row["outcome"] for row in answer.json()["rows"]] == ["updated", "created"]
    assert (nameless, "Mary", "Jones") in await people(api)
    assert len(await people(api)) == 2


async def test_staff_name_a_phone_in_the_inbox(
    house: Any,
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    group_id: UUID,
    other_church_id: UUID,
) -> None:
    async with database.transaction(other_church_id) as session:
        foreign = await factories.group(session, other_church_id)
    member_id = await request(house, church_id, group_id, foreign, db.uuid7())
    member = (await api.get(f"/api/members/{member_id}")).json()
    assert (member["firstName"], member["phone"], member["consent"]) == ("Mary", PHONE, "none")
    assert [group["id"] for group in member["groups"]] == [str(group_id)]
    assert await told(database, church_id) == ["group.members_changed", "member.created"]


async def test_a_name_that_is_known_on_the_phone_makes_nobody(
    house: Any, api: httpx.AsyncClient, church_id: UUID, group_id: UUID
) -> None:
    first = await request(house, church_id)
    await request(house, church_id, group_id, name="MARY")
    assert await people(api) == [(str(first), "Mary", "Jones")]


async def test_staff_name_who_came_by_a_keyword(
    house: Any,
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    nameless: str,
    group_id: UUID,
) -> None:
    await request(house, church_id, group_id)
    assert await people(api) == [(nameless, "Mary", "Jones")]
    assert (await told(database, church_id))[-1] == "member.updated"
