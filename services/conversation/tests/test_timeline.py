"""All that happened with the phone of a conversation, in one order."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.events.auth import AdminRemoved
from koinonia.common.events.messaging import GroupMembersChanged, MemberRemoved
from koinonia.common.runtime import Running
from koinonia.common.testing import phones as fictional
from koinonia.common.testing.properties import on_servers

from .calls import code
from .factories import admin, at, hear, joined, member, text, threads
from .messaging import Messaging, answering, broadcast, consent

GROUPS = [UUID(int=3), UUID(int=4)]


@pytest.fixture
def messaging(running: Running) -> Iterator[Messaging]:
    with answering(running) as found:
        yield found


def moved(
    church_id: UUID, member_id: UUID, minutes: float, *, left: bool = False, **fields: Any
) -> GroupMembersChanged:
    who = {"left" if left else "joined": (member_id,)}
    values = {"group_id": GROUPS[0], "group_name": "Youth", "occurred_at": at(minutes)}
    return GroupMembersChanged(church_id=church_id, **(values | who | fields))


async def timeline(api: httpx.AsyncClient, thread_id: UUID | str, **given: Any) -> Any:
    answer = await api.get(f"/api/conversations/{thread_id}/timeline", params=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def everything(api: httpx.AsyncClient, thread_id: UUID | str, limit: int) -> list[Any]:
    page = await timeline(api, thread_id, limit=limit)
    found = page["data"]
    while page["hasMore"]:
        page = await timeline(api, thread_id, limit=limit, cursor=page["nextCursor"])
        found += page["data"]
    return found


async def test_everything_stands_in_one_order_with_who_did_it(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
    messaging: Messaging,
) -> None:
    ruth, ada = admin(church_id), member(church_id)
    who = {"admin_id": ruth.admin_id}
    await hear(database, ruth, joined(church_id, ada), moved(church_id, ada.member_id, -3, **who))
    await hear(database, AdminRemoved(church_id=church_id, admin_id=ruth.admin_id))
    messaging.history.append(consent(at(-4), words="Yes", actorId=str(ruth.admin_id)))
    messaging.broadcasts.append(broadcast(at(-1), createdBy=str(ruth.admin_id)))
    await api.post(f"/api/conversations/{thread_id}/notes", json={"content": "Kind"})

    page = await timeline(api, thread_id)

    shown = page["data"]
    assert [each["kind"] for each in shown] == ["note", "text", "broadcast", "group", "consent"]
    note, said, sent, came, agreed = shown
    assert (note["line"]["content"], said["line"]["content"]) == ("Kind", "Hello")
    assert (sent["content"], sent["status"]) == ("Picnic", "delivered")
    assert (came["groupName"], came["joined"]) == ("Youth", True)
    assert came["memberId"] == str(ada.member_id)
    assert (agreed["decision"], agreed["words"]) == ("granted", "Yes")
    assert {each["by"]["firstName"] for each in (sent, came, agreed)} == {"Ruth"}
    assert (page["hasMore"], page["nextCursor"]) == (False, None)


async def test_kinds_choose_and_messaging_is_asked_only_for_its_own(
    api: httpx.AsyncClient, thread_id: UUID, messaging: Messaging
) -> None:
    messaging.broadcasts.append(broadcast(at(1)))
    [only] = (await timeline(api, thread_id, kinds="broadcast"))["data"]
    assert only["kind"] == "broadcast"
    messaging.is_away = True
    [only] = (await timeline(api, thread_id, kinds=["text", "note", "group"]))["data"]
    assert only["kind"] == "text"
    refused = await api.get(f"/api/conversations/{thread_id}/timeline")
    assert code(refused) == (503, "MESSAGING_AWAY")


async def test_a_page_has_a_limit_and_its_kinds_a_name(
    api: httpx.AsyncClient, thread_id: UUID, messaging: Messaging
) -> None:
    url = f"/api/conversations/{thread_id}/timeline"
    for wrong in ({"limit": 51}, {"kinds": "gossip"}, {"cursor": "x"}):
        assert (await api.get(url, params=wrong)).status_code == 400
    missing = await api.get(f"/api/conversations/{db.uuid7()}/timeline")
    assert code(missing) == (404, "CONVERSATION_NOT_FOUND")


async def test_of_a_removed_person_the_lines_stay(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
    messaging: Messaging,
) -> None:
    ada = member(church_id)
    await hear(database, joined(church_id, ada), moved(church_id, ada.member_id, 1))
    await hear(database, MemberRemoved(church_id=church_id, member_ids=[ada.member_id]))

    shown = (await timeline(api, thread_id))["data"]

    assert [each["kind"] for each in shown] == ["text"]


async def test_who_writes_from_a_short_code_has_a_timeline(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, messaging: Messaging
) -> None:
    await hear(database, text("Your code", sender="72975"))
    [thread] = await threads(database, church_id)

    shown = (await timeline(api, thread.id))["data"]

    assert [each["kind"] for each in shown] == ["text"]
    assert messaging.tokens == []


steps = st.lists(
    st.tuples(
        st.sampled_from(["text", "join", "leave", "broadcast", "consent"]), st.integers(0, 3)
    ),
    min_size=1,
    max_size=8,
)
SENDERS = iter(range(200, 400))


@on_servers(examples=10)
@given(happened=steps, data=st.data())
async def test_in_whatever_order_and_however_often_it_is_heard_and_read_it_is_the_same(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    messaging: Messaging,
    happened: list[tuple[str, int]],
    data: st.DataObject,
) -> None:
    """``happened`` has few minutes, so that much is of the same time."""
    phone = fictional.phone(next(SENDERS))
    ada = member(church_id, phone=phone)
    first = text(sender=phone)
    await hear(database, first, joined(church_id, ada))
    [thread] = [t for t in await threads(database, church_id) if t.last_message_content == "Hello"][
        -1:
    ]
    messaging.broadcasts, messaging.history = [], []
    heard, expected = [], ["text"]
    for step, minutes in happened:
        match step:
            case "text":
                heard.append(text("More", sender=phone, minutes=minutes))
            case "join" | "leave":
                left = step == "leave"
                heard.append(moved(church_id, ada.member_id, minutes, left=left))
            case "broadcast":
                messaging.broadcasts.append(broadcast(at(minutes)))
            case "consent":
                messaging.history.append(consent(at(minutes)))
        expected.append({"join": "group", "leave": "group"}.get(step, step))
    for event in data.draw(st.permutations(heard + heard)):
        await hear(database, event)

    shown = await everything(api, thread.id, data.draw(st.integers(1, 5)))

    assert sorted(each["kind"] for each in shown) == sorted(expected)
    places = [(each["at"], each["id"]) for each in shown]
    assert places == sorted(places, reverse=True)
    assert await everything(api, thread.id, 50) == shown
