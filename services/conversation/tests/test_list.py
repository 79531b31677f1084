from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.events.messaging import GroupMembersChanged, MemberRemoved, MemberUpdated
from koinonia.common.testing import phones

from .conftest import Client
from .factories import (
    OURS,
    THEIRS,
    admin,
    assigned,
    church,
    hear,
    joined,
    member,
    text,
    threads,
)


async def listed(api: httpx.AsyncClient, **params: str | int) -> list[str]:
    answer = await api.get("/api/conversations", params=params)
    assert answer.status_code == 200, answer.text
    return [item["lastMessage"]["content"] for item in answer.json()["data"]]


async def test_an_item_says_who_wrote_what_and_when(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    ada = member(church_id, "Ada", "Moss")
    await hear(database, joined(church_id, ada), text("Is there parking?"))
    body = (await api.get("/api/conversations")).json()
    [item] = body.pop("data")
    last = item.pop("lastMessage")
    assert body == {"hasMore": False, "nextCursor": None}
    assert UUID(item.pop("id"))
    assert UUID(last.pop("id"))
    assert item == {
        "status": "open",
        "unreadCount": 1,
        "unreadForMe": False,
        "lastMessageAt": "2026-03-01T12:00:00Z",
        "phone": THEIRS,
        "ourNumber": OURS,
        "optedOut": False,
        "stopQuestion": None,
        "member": {"id": str(ada.member_id), "firstName": "Ada", "lastName": "Moss"},
        "memberCount": 1,
        "assigneeId": None,
        "snoozedUntil": None,
        "labels": [],
    }
    assert last == {
        "direction": "inbound",
        "content": "Is there parking?",
        "media": None,
        "status": "received",
        "createdAt": "2026-03-01T12:00:00Z",
    }


async def test_a_phone_that_nobody_knows_has_no_member(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, text())
    [item] = (await api.get("/api/conversations")).json()["data"]
    assert item["member"] is None


async def test_the_thread_with_the_newest_message_comes_first(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for n, minutes in enumerate((2, 3, 1)):
        await hear(database, text(f"at {minutes}", sender=phones.phone(n + 1), minutes=minutes))
    assert await listed(api) == ["at 3", "at 2", "at 1"]
    assert await listed(api, order="oldest") == ["at 1", "at 2", "at 3"]


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("filters", [{}, {"status": "open"}, {"unread": "true"}])
async def test_cursors_walk_the_whole_list_once(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    filters: dict[str, str],
    order: str,
) -> None:
    for n in range(5):  # two of them at the same moment
        await hear(database, text(f"{n}", sender=phones.phone(n + 1), minutes=n // 2))
    seen, cursor, params = list[str](), "", {"limit": "2", "order": order, **filters}
    while cursor is not None:
        if cursor:
            params["cursor"] = cursor
        body = (await api.get("/api/conversations", params=params)).json()
        seen += [item["lastMessage"]["content"] for item in body["data"]]
        cursor = body["nextCursor"]
    assert len(seen) == 5
    assert (seen[0] if order == "newest" else seen[-1]) == "4"
    assert sorted(seen) == ["0", "1", "2", "3", "4"]


async def test_numbered_pages_come_with_a_total(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for n in range(3):
        await hear(database, text(f"{n}", sender=phones.phone(n + 1), minutes=n))
    body = (await api.get("/api/conversations", params={"page": 2, "limit": 2})).json()
    assert [item["lastMessage"]["content"] for item in body["data"]] == ["0"]
    assert (body["total"], body["hasMore"]) == (3, False)


async def test_a_list_can_be_of_one_status_or_of_unread_threads_only(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for n in range(3):
        await hear(database, text(f"{n}", sender=phones.phone(n + 1), minutes=n))
    async with database.transaction(church_id) as session:
        await db.run(
            session,
            "UPDATE conversations SET status = 'closed' WHERE last_message_content = '0'",
        )
        await db.run(
            session,
            "UPDATE conversations SET unread_count = 0 WHERE last_message_content = '1'",
        )
    assert await listed(api, status="open") == ["2", "1"]
    assert await listed(api, status="closed") == ["0"]
    assert await listed(api, unread="true") == ["2", "0"]
    assert await listed(api, unread="true", status="open", page=1) == ["2"]


async def test_filters_hold_together(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    """Thread n is from phone n; 1 and 2 are labelled, 2 and 3 in the group, 1 and 3 nobody's."""
    second = assigned(church_id, phones.phone(50))
    known = [member(church_id, phone=phones.phone(n)) for n in (2, 3)]
    group_id, ruth = db.uuid7(), admin(church_id)
    into = tuple(each.member_id for each in known)
    await hear(
        database,
        ruth,
        second,
        joined(church_id, *known),
        GroupMembersChanged(church_id=church_id, group_id=group_id, joined=into),
        *(text(f"{n}", sender=phones.phone(n), minutes=n) for n in (1, 2)),
        text("3", sender=phones.phone(3), to=phones.phone(50), minutes=3),
    )
    ids = [str(thread.id) for thread in await threads(database, church_id)]
    named = {"name": "Prayer", "colour": "#2f7d6b"}
    label = (await api.post("/api/labels", json=named)).json()["id"]
    for work in (
        {"ids": ids[:2], "addLabelIds": [label]},
        {"ids": ids[1:2], "assigneeId": str(ruth.admin_id)},
    ):
        assert (await api.post("/api/conversations/bulk", json=work)).status_code == 200
    group, theirs = str(group_id), str(ruth.admin_id)
    assert await listed(api, label=label) == ["2", "1"]
    assert await listed(api, group=group) == ["3", "2"]
    assert await listed(api, assignee=theirs) == ["2"]
    assert await listed(api, assignee="none", page=1) == ["3", "1"]
    assert await listed(api, assignee="me") == []
    assert await listed(api, number=phones.phone(50)) == ["3"]
    assert await listed(api, number=str(second.number_id), unread="true") == ["3"]
    assert await listed(api, label=label, group=group, page=1) == ["2"]
    assert await listed(api, label=label, assignee="none", status="open") == ["1"]
    assert await listed(api, group=group, number=OURS, label=label, assignee=theirs) == ["2"]
    assert await listed(api, label=str(db.uuid7()), number=str(db.uuid7())) == []


async def test_a_member_who_changes_phone_or_leaves_takes_their_groups_along(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    ada, group_id = member(church_id, phone=phones.phone(1)), db.uuid7()
    moved = member(church_id, phone=phones.phone(2), member_id=ada.member_id)
    seen = []
    for event in (
        text("1", sender=phones.phone(1)),
        text("2", sender=phones.phone(2)),
        joined(church_id, ada),
        GroupMembersChanged(church_id=church_id, group_id=group_id, joined=(ada.member_id,)),
        MemberUpdated(church_id=church_id, members=[moved]),
        MemberRemoved(church_id=church_id, member_ids=[ada.member_id]),
    ):
        await hear(database, event)
        seen.append(await listed(api, group=str(group_id)))
    assert seen == [[], [], [], ["1"], ["2"], []]


async def test_a_label_that_is_taken_off_or_removed_lists_nothing(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    async def label() -> str:
        named = {"name": str(db.uuid7()), "colour": "#2f7d6b"}
        return str((await api.post("/api/labels", json=named)).json()["id"])

    ids, url = [await label(), await label()], f"/api/conversations/{thread_id}/labels"
    seen = []
    for left in (ids, ids[1:]):
        await api.put(url, json={"labelIds": left})
        seen.append([len(await listed(api, label=each)) for each in ids])
    await api.delete(f"/api/labels/{ids[1]}")
    seen.append([len(await listed(api, label=each)) for each in ids])
    assert seen == [[1, 1], [0, 1], [0, 0]]


async def test_a_total_of_several_filters_counts_what_has_them_all(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for n in range(3):
        await hear(database, text(f"{n}", sender=phones.phone(n + 1), minutes=n))
    filters = {"number": OURS, "assignee": "none", "status": "open"}
    params = {"page": "1", "limit": "1", **filters}
    body = (await api.get("/api/conversations", params=params)).json()
    assert (body["total"], body["hasMore"]) == (3, True)


async def test_whom_staff_pinned_is_the_member(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    family = [member(church_id, name) for name in ("Ada", "Ben")]
    await hear(database, joined(church_id, *family))
    chosen = {"memberId": str(family[1].member_id)}
    assert (await api.put(f"/api/conversations/{thread_id}/member", json=chosen)).is_success
    [item] = (await api.get("/api/conversations")).json()["data"]
    assert (item["member"]["firstName"], item["memberCount"]) == ("Ben", 2)


@pytest.mark.parametrize(
    "params",
    [
        {"status": "lost"},
        {"cursor": "nonsense"},
        {"limit": 0},
        {"unread": "perhaps"},
        {"assignee": "you"},
        {"label": "prayer"},
        {"group": "7"},
        {"number": "555"},
        {"number": "+1\u0662025550100"},
    ],
)
async def test_a_list_asked_for_wrongly_is_refused(
    api: httpx.AsyncClient, params: dict[str, str]
) -> None:
    answer = await api.get("/api/conversations", params=params)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_a_number_may_lose_its_plus_on_the_way(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    answer = await api.get(f"/api/conversations?number={OURS}")  # + is a blank in an address
    assert len(answer.json()["data"]) == 1


async def test_a_church_sees_its_own_threads_only(
    client: Client, database: db.Database, church_id: UUID
) -> None:
    theirs = await church(database, phones.phone(50))
    await hear(database, text("ours"), text("theirs", to=phones.phone(50)))
    async with client(theirs) as http:
        assert await listed(http) == ["theirs"]
