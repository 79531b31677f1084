"""Two members were one person: the phone that they have no more goes on to be known as theirs."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db, migrations
from koinonia.common.events import Event
from koinonia.common.events.messaging import (
    GroupMembersChanged,
    MemberMerged,
    MemberRemoved,
    MemberUpdated,
)
from koinonia.common.testing import phones as fictional
from koinonia.common.testing import probe
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.properties import on_servers
from koinonia.common.testing.secrets import role_password

from .factories import PHONES, THEIRS, at, hear, joined, member, text
from .truths import untrue

OTHER = fictional.phone(7)
GROUPS = (UUID(int=3), UUID(int=4))


def merged(church_id: UUID, gone: UUID, into: UUID, phone: str | None, minutes: float) -> Event:
    return MemberMerged(
        church_id=church_id,
        member_id=gone,
        into=into,
        occurred_at=at(minutes),
        dropped_phone_index=PHONES.index(church_id, phone) if phone else None,
    )


def removed(church_id: UUID, member_id: UUID, minutes: float) -> Event:
    return MemberRemoved(church_id=church_id, member_ids=[member_id], occurred_at=at(minutes))


def renamed(church_id: UUID, member_id: UUID, name: str, phone: str, minutes: float) -> Event:
    now = member(church_id, name, phone=phone, member_id=member_id)
    return MemberUpdated(church_id=church_id, members=[now], occurred_at=at(minutes))


def grouped(church_id: UUID, group_id: UUID, *member_ids: UUID) -> Event:
    return GroupMembersChanged(
        church_id=church_id, group_id=group_id, joined=member_ids, occurred_at=at(1)
    )


async def known(api: httpx.AsyncClient) -> dict[str, Any]:
    """Who is shown for each phone, in the list and in the thread."""
    found = {}
    for thread in (await api.get("/api/conversations")).json()["data"]:
        shown = (await api.get(f"/api/conversations/{thread['id']}")).json()
        people = [(each["id"], each["firstName"]) for each in shown["members"]]
        first = thread["member"] and (thread["member"]["id"], thread["member"]["firstName"])
        assert first in (people or [None])
        assert thread["memberCount"] == len(people)
        found[thread["phone"]] = people
    return found


@pytest.mark.parametrize("phone_of", ["kept", "merged"])
async def test_both_conversations_are_those_of_who_stays(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, phone_of: str
) -> None:
    kept, gone = member(church_id, "Ada"), member(church_id, "Adah", phone=OTHER)
    stays, goes = (THEIRS, OTHER) if phone_of == "kept" else (OTHER, THEIRS)
    await hear(database, text("Lunch?", THEIRS), text("Lunch!", OTHER))
    await hear(database, joined(church_id, kept, gone))

    await hear(database, removed(church_id, gone.member_id, 600_000))
    await hear(database, renamed(church_id, kept.member_id, "Ada", stays, 600_000))
    await hear(database, merged(church_id, gone.member_id, kept.member_id, goes, 600_000))

    ada = (str(kept.member_id), "Ada")
    assert await known(api) == {THEIRS: [ada], OTHER: [ada]}
    found = (await api.get("/api/conversations/search", params={"q": "ada"})).json()["data"]
    assert {each["match"]["memberId"] for each in found} == {ada[0]}
    assert len(found) == 2
    of_ada = {"q": "lunch", "memberId": ada[0]}
    lines = (await api.get("/api/conversations/search", params=of_ada)).json()["data"]
    assert {each["conversation"]["phone"] for each in lines} == {THEIRS, OTHER}
    assert await untrue(database, church_id) == {}


async def test_who_is_shown_can_be_pinned_and_goes_with_who_stays(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    kept, gone = member(church_id, phone=OTHER), member(church_id)
    await hear(database, text(), joined(church_id, kept, gone))
    await hear(database, merged(church_id, gone.member_id, kept.member_id, THEIRS, 1))
    [thread] = (await api.get("/api/conversations")).json()["data"]

    url = f"/api/conversations/{thread['id']}/member"
    pinned = await api.put(url, json={"memberId": str(kept.member_id)})

    assert pinned.status_code == 200, pinned.text
    assert [each["pinned"] for each in pinned.json()["members"]] == [True]
    await hear(database, removed(church_id, kept.member_id, 600_000))
    assert (await known(api))[THEIRS] == []


async def test_whom_staff_pinned_stays_pinned_under_the_new_id(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    kept, gone = member(church_id, phone=OTHER), member(church_id, "Zoe")
    await hear(database, text(), joined(church_id, kept, gone, member(church_id, "Bo")))
    [thread] = (await api.get("/api/conversations")).json()["data"]
    pin = {"memberId": str(gone.member_id)}
    await api.put(f"/api/conversations/{thread['id']}/member", json=pin)

    await hear(database, merged(church_id, gone.member_id, kept.member_id, THEIRS, 1))

    [thread] = (await api.get("/api/conversations")).json()["data"]
    assert thread["member"]["id"] == str(kept.member_id)
    shown = (await api.get(f"/api/conversations/{thread['id']}")).json()["members"]
    assert {each["firstName"]: each["pinned"] for each in shown} == {"Ada": True, "Bo": False}


async def test_who_has_the_phone_now_comes_before_who_had_it(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    kept, gone = member(church_id, phone=OTHER), member(church_id)
    await hear(database, text(), joined(church_id, kept, gone, member(church_id, "Zoe")))

    await hear(database, merged(church_id, gone.member_id, kept.member_id, THEIRS, 1))

    assert [name for _, name in (await known(api))[THEIRS]] == ["Zoe", "Ada"]


async def test_the_groups_of_who_stays_are_those_of_both_phones(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    kept, gone, group, later = member(church_id, phone=OTHER), member(church_id), *GROUPS
    await hear(database, text(sender=THEIRS), text(sender=OTHER), joined(church_id, kept, gone))
    await hear(database, grouped(church_id, group, kept.member_id))

    await hear(database, merged(church_id, gone.member_id, kept.member_id, THEIRS, 1))
    await hear(database, grouped(church_id, later, kept.member_id))
    await hear(database, grouped(church_id, later, gone.member_id))

    for each in GROUPS:
        listed = (await api.get("/api/conversations", params={"group": str(each)})).json()
        assert {thread["phone"] for thread in listed["data"]} == {THEIRS, OTHER}
    await hear(database, removed(church_id, kept.member_id, 600_000))
    assert await untrue(database, church_id) == {}


async def test_without_the_columns_who_was_merged_is_gone_and_facets_stay_true(
    databases: Databases, database: db.Database, church_id: UUID
) -> None:
    kept, gone = member(church_id, phone=OTHER), member(church_id)
    await hear(database, text(sender=THEIRS), text(sender=OTHER), joined(church_id, kept, gone))
    await hear(database, grouped(church_id, GROUPS[0], kept.member_id))
    await hear(database, merged(church_id, gone.member_id, kept.member_id, THEIRS, 1))

    await migrations.downgrade(databases.admin_url, "conversation", revision="conversation_0017")
    async with database.transaction(church_id) as session:
        names = "SELECT first_name FROM contacts WHERE phone_index IS NOT NULL"
        assert [row.first_name for row in await probe.rows(session, names)] == ["Ada"]
        swapped = {"index": gone.phone_index}
        await db.run(
            session,
            "UPDATE contacts SET phone_index = :index WHERE phone_index IS NOT NULL",
            swapped,
        )
    password = role_password(databases.admin_url)
    await migrations.upgrade(databases.admin_url, "conversation", password)

    assert await untrue(database, church_id) == {}


SENDERS = iter(range(500, 700, 3))


@on_servers(examples=8)
@given(data=st.data(), is_gone=st.booleans())
async def test_it_is_the_same_in_whatever_order_and_however_often_it_is_heard(
    database: db.Database,
    church_id: UUID,
    data: st.DataObject,
    is_gone: bool,
) -> None:
    """One merged into another, and that one into a third, who is removed or renamed."""
    number = next(SENDERS)
    phones = [fictional.phone(number + n) for n in range(3)]
    one, two, three = (member(church_id, "Ada", phone=each) for each in phones)
    ids = [each.member_id for each in (one, two, three)]
    await hear(database, *(text(sender=each) for each in phones))
    last = (
        removed(church_id, ids[2], 9)
        if is_gone
        else renamed(church_id, ids[2], "Eve", phones[2], 9)
    )
    heard: list[Event] = [
        joined(church_id, one, two, three, occurred_at=at(0)),
        grouped(church_id, GROUPS[0], *ids),
        removed(church_id, ids[0], 2),
        merged(church_id, ids[0], ids[1], phones[0], 2),
        removed(church_id, ids[1], 5),
        merged(church_id, ids[1], ids[2], phones[1], 5),
        last,
    ]
    again = [event.model_copy(update={"id": db.uuid7()}) for event in heard]

    for event in data.draw(st.permutations(heard + again)):
        await hear(database, event)

    async with database.transaction(church_id) as session:
        people = await probe.rows(
            session,
            "SELECT phone_index, member_id, first_name FROM known_people"
            " WHERE phone_index = ANY(:indexes)",
            {"indexes": [PHONES.index(church_id, each) for each in phones]},
        )
    expected = set() if is_gone else {PHONES.index(church_id, each) for each in phones}
    assert {tuple(each) for each in people} == {(index, ids[2], "Eve") for index in expected}
    assert len(people) == len(expected)
    assert await untrue(database, church_id) == {}
