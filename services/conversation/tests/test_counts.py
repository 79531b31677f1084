"""How many threads there are of what, without counting them."""

import asyncio
import base64
from typing import Any
from uuid import UUID

import httpx
import orjson

from koinonia.common import db, migrations
from koinonia.common.events.messaging import GroupMembersChanged, GroupRemoved, MemberRemoved
from koinonia.common.identity import Role
from koinonia.common.runtime import Running
from koinonia.common.testing import phones, probe, service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password
from koinonia.conversation.listing import thread_counts
from koinonia.conversation.program import PROGRAM

from .conftest import Client
from .factories import OURS, admin, at, church, hear, joined, member, text, threads
from .truths import untrue

GROUP = UUID(int=1)


def tally(total: int, unread: int) -> dict[str, int]:
    return {"total": total, "unread": unread}


async def asked(api: httpx.AsyncClient) -> Any:
    return (await api.get("/api/conversations/counts")).json()


async def three(database: db.Database, church_id: UUID) -> list[str]:
    """The ids of three threads, each with an unread text; somebody in the group has the first."""
    known = member(church_id, phone=phones.phone(1))
    await hear(
        database,
        joined(church_id, known),
        GroupMembersChanged(church_id=church_id, group_id=GROUP, joined=(known.member_id,)),
        *(text(f"{n}", sender=phones.phone(n), minutes=n) for n in (1, 2, 3)),
    )
    return [str(thread.id) for thread in await threads(database, church_id)]


async def test_counts_are_by_status_and_for_open_ones_by_everything_else(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    first, second, third = await three(database, church_id)
    ruth = admin(church_id)
    await hear(database, ruth)
    given = {"name": "Prayer", "colour": "#2f7d6b"}
    label_id = (await api.post("/api/labels", json=given)).json()["id"]
    work = {"ids": [first, second], "addLabelIds": [label_id], "assigneeId": str(ruth.admin_id)}
    await api.post("/api/conversations/bulk", json=work)
    await api.patch(f"/api/conversations/{second}/read")
    await api.patch(f"/api/conversations/{third}/status", json={"status": "closed"})
    nothing = tally(0, 0)
    assert await asked(api) == {
        "statuses": {
            "open": tally(2, 1),
            "snoozed": nothing,
            "closed": tally(1, 1),
            "archived": nothing,
        },
        "unreadForMe": {"total": 0, "hasMore": False},  # of somebody who has not joined
        "mine": nothing,
        "unassigned": nothing,
        "stopQuestions": nothing,
        "assignees": [{"id": str(ruth.admin_id), **tally(2, 1)}],
        "labels": [{"id": label_id, **tally(2, 1)}],
        "groups": [{"id": str(GROUP), **tally(1, 1)}],
        "numbers": [{"number": OURS, **tally(2, 1)}],
    }


async def test_mine_are_those_of_who_asks(
    client: Client, database: db.Database, church_id: UUID
) -> None:
    first, _, _ = await three(database, church_id)
    async with client(church_id) as ruth, client(church_id) as joel:
        taken = await ruth.patch(f"/api/conversations/{first}/assign", json={"adminId": me(ruth)})
        assert taken.status_code == 200
        assert [(await asked(each))["mine"] for each in (ruth, joel)] == [tally(1, 1), tally(0, 0)]


def me(api: httpx.AsyncClient) -> str:
    """The id of who is signed in."""
    claims = api.headers["authorization"].split(".")[1]
    return str(orjson.loads(base64.urlsafe_b64decode(claims + "=="))["sub"])


async def test_adding_up_changes_no_count_whoever_does_it(
    api: httpx.AsyncClient, running: Running, database: db.Database, church_id: UUID
) -> None:
    other = await church(database, phones.phone(60))
    await three(database, church_id)
    await hear(database, text(to=phones.phone(60)))
    before = await asked(api)
    await asyncio.gather(*(thread_counts.add_up(running) for _ in range(3)))
    await hear(database, text(sender=phones.phone(9)))  # makes old what was kept of the counts
    async with database.transaction(other) as session:
        assert not await probe.rows(session, "SELECT 1 FROM conversation_count_deltas")
    after = await asked(api)
    assert before["statuses"]["open"] == tally(3, 3)
    assert after["statuses"]["open"] == tally(4, 4)
    assert await untrue(database, church_id) == await untrue(database, other) == {}


async def test_an_import_and_texts_of_those_imported_at_once_leave_no_thread_out_of_its_group(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    numbers = [phones.phone(n) for n in range(40)]
    people = [member(church_id, f"{n}", phone=numbers[n % 40]) for n in range(400)]
    half = len(people) // 2
    in_group = [
        GroupMembersChanged(
            church_id=church_id, group_id=GROUP, joined=tuple(m.member_id for m in part)
        )
        for part in (people[:half], people[half:])
    ]
    news = [joined(church_id, *people[half:]), *in_group, joined(church_id, *people[:half])]
    texts = [text(f"{n}", sender=number) for number in numbers for n in range(2)]
    events = [*texts[:40], *news, *texts[40:]]
    await asyncio.gather(*(service.hear(PROGRAM, running, event) for event in events))
    assert await untrue(database, church_id) == {}
    async with database.transaction(church_id) as session:
        found = await probe.rows(
            session,
            "SELECT 1 FROM conversation_facets WHERE facet = :facet",
            {"facet": f"group:{GROUP}"},
        )
    assert len(found) == len(numbers)


async def test_news_of_groups_may_come_in_any_order(
    database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ada, ben = member(church_id, "Ada"), member(church_id, "Ben")
    known = {"church_id": church_id, "group_id": GROUP}
    left = GroupMembersChanged(**known, left=(ada.member_id,), occurred_at=at(2))
    came = GroupMembersChanged(**known, joined=(ada.member_id, ben.member_id), occurred_at=at(1))
    gone = MemberRemoved(church_id=church_id, member_ids=[ben.member_id], occurred_at=at(3))
    await hear(database, left, gone, came, joined(church_id, ada, ben, occurred_at=at(0)))
    assert await groups(database, church_id) == []


async def test_a_group_that_was_removed_lists_nothing_whatever_is_heard_late(
    database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ada = member(church_id, "Ada")
    came = GroupMembersChanged(
        church_id=church_id, group_id=GROUP, joined=(ada.member_id,), occurred_at=at(1)
    )
    removed = GroupRemoved(church_id=church_id, group_id=GROUP, occurred_at=at(2))
    seen = []
    for event in (
        joined(church_id, ada),
        came,
        removed,
        came.model_copy(update={"id": db.uuid7()}),
    ):
        await hear(database, event)
        seen.append(len(await groups(database, church_id)))
    assert seen == [0, 1, 0, 0]


async def groups(database: db.Database, church_id: UUID) -> list[str]:
    async with database.transaction(church_id) as session:
        found = await probe.rows(
            session, "SELECT facet FROM conversation_facets WHERE facet LIKE 'group:%'"
        )
    return [row.facet for row in found]


async def test_threads_that_were_there_before_there_were_facets_are_listed_and_counted(
    api: httpx.AsyncClient, databases: Databases, database: db.Database, church_id: UUID
) -> None:
    await three(database, church_id)
    await migrations.downgrade(databases.admin_url, "conversation", revision="conversation_0003")
    password = role_password(databases.admin_url)
    await migrations.upgrade(databases.admin_url, "conversation", password)
    assert await untrue(database, church_id) == {}
    assert (await asked(api))["groups"] == [{"id": str(GROUP), **tally(1, 1)}]


async def test_a_viewer_may_count(client: Client, church_id: UUID) -> None:
    async with client(church_id, Role.VIEWER) as http:
        assert (await asked(http))["numbers"] == []
