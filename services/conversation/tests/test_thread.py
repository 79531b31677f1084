from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.events.messaging import MemberRemoved, MemberUpdated
from koinonia.common.identity import Role
from koinonia.common.testing import phones

from .conftest import Client
from .factories import church, hear, joined, member, messages, said, text, threads


async def test_a_thread_shows_its_newest_messages_the_oldest_of_them_first(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    await hear(database, *(text(f"{n}", minutes=n) for n in range(1, 5)))
    url, seen = f"/api/conversations/{thread_id}", list[list[str]]()
    params: dict[str, str | int] = {"messagesLimit": 2}
    while True:
        body = (await api.get(url, params=params)).json()
        seen.append([message["content"] for message in body["messages"]])
        if body["messagesCursor"] is None:
            break
        params["messagesCursor"] = body["messagesCursor"]
    assert seen == [["3", "4"], ["1", "2"], ["Hello"]]


async def test_the_earlier_frontend_counts_the_pages_of_a_thread(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    await hear(database, *(text(f"{n}", minutes=n) for n in range(1, 5)))
    seen = []
    for page in (1, 2, 3, 4):
        answer = await api.get(f"/api/conversations/{thread_id}", params={"page": page, "limit": 2})
        seen.append([message["content"] for message in answer.json()["messages"]])
    assert seen == [["3", "4"], ["1", "2"], ["Hello"], []]


async def test_a_message_says_everything_about_itself(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("Look"))
    [thread] = await threads(database, church_id)
    body = (await api.get(f"/api/conversations/{thread.id}")).json()
    assert body["messages"] == [
        {
            "id": str(thread.last_message_id),
            "direction": "inbound",
            "content": "Look",
            "mediaUrls": [],
            "media": [],
            "participants": [],
            "status": "received",
            "failure": None,
            "source": None,
            "parts": None,
            "author": None,
            "mentions": [],
            "answers": None,
            "createdAt": "2026-03-01T12:00:00Z",
        }
    ]


async def test_everybody_known_on_a_phone_is_shown_and_the_first_by_name_is_the_member(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    family = [member(church_id, name, "Moss") for name in ("Cid", "Ada", "Ben")]
    await hear(database, joined(church_id, *family))
    body = (await api.get(f"/api/conversations/{thread_id}")).json()
    assert [each["firstName"] for each in body["members"]] == ["Ada", "Ben", "Cid"]
    assert body["members"][0] == {**body["member"], "pinned": False}
    [item] = (await api.get("/api/conversations")).json()["data"]
    assert item["member"] == body["member"]


async def test_a_member_who_changes_phone_or_leaves_is_no_longer_shown(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ada, ben = member(church_id, "Ada"), member(church_id, "Ben")
    moved = member(church_id, "Ada", phone=phones.phone(5), member_id=ada.member_id)
    await hear(
        database,
        joined(church_id, ada, ben),
        MemberUpdated(church_id=church_id, members=[moved]),
        MemberRemoved(church_id=church_id, member_ids=[ben.member_id]),
    )
    assert (await api.get(f"/api/conversations/{thread_id}")).json()["members"] == []


async def test_news_of_members_may_come_in_any_order(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ada, ben = member(church_id, "Ada"), member(church_id, "Ben")
    first = joined(church_id, ada, ben)
    renamed = member(church_id, "Adah", member_id=ada.member_id)
    later = MemberUpdated(church_id=church_id, members=[renamed])
    gone = MemberRemoved(church_id=church_id, member_ids=[ben.member_id])
    await hear(database, gone, later, first)
    body = (await api.get(f"/api/conversations/{thread_id}")).json()
    assert [each["firstName"] for each in body["members"]] == ["Adah"]


async def test_reading_a_thread_leaves_nothing_unread_and_tells_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    before = len(await said(database, ConversationUpdated))
    for _ in range(2):
        answer = await api.patch(f"/api/conversations/{thread_id}/read")
        assert answer.json() == {"id": str(thread_id), "unreadCount": 0}
    assert all(message.is_read for message in await messages(database, church_id))
    [told] = (await said(database, ConversationUpdated))[before:]
    assert (told.unread_count, told.status, told.previous_status) == (0, "open", "open")


async def test_a_new_status_is_told_and_the_present_one_is_not(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    for _ in range(2):
        answer = await api.patch(
            f"/api/conversations/{thread_id}/status", json={"status": "archived"}
        )
        assert (answer.status_code, answer.json()["status"]) == (200, "archived")
    told = (await said(database, ConversationUpdated))[1:]
    assert [(each.previous_status, each.status) for each in told] == [("open", "archived")]


async def test_there_are_three_statuses(api: httpx.AsyncClient, thread_id: UUID) -> None:
    answer = await api.patch(f"/api/conversations/{thread_id}/status", json={"status": "lost"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


ROUTES = [
    ("GET", "", None),
    ("POST", "/reply", {"content": "Hi"}),
    ("POST", "/reply-with-media", {"mediaUrls": ["https://example.org/map.png"]}),
    ("PATCH", "/read", None),
    ("PATCH", "/status", {"status": "closed"}),
]


@pytest.mark.parametrize(("method", "route", "body"), ROUTES)
async def test_another_churchs_thread_does_not_exist(
    client: Client,
    database: db.Database,
    thread_id: UUID,
    method: str,
    route: str,
    body: dict[str, object] | None,
) -> None:
    stranger = await church(database, phones.phone(60))
    async with client(stranger) as http:
        answer = await http.request(method, f"/api/conversations/{thread_id}{route}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "CONVERSATION_NOT_FOUND")


@pytest.mark.parametrize(("method", "route", "body"), ROUTES)
async def test_a_viewer_reads_and_changes_nothing(
    client: Client,
    church_id: UUID,
    thread_id: UUID,
    method: str,
    route: str,
    body: dict[str, object] | None,
) -> None:
    async with client(church_id, Role.VIEWER) as http:
        answer = await http.request(method, f"/api/conversations/{thread_id}{route}", json=body)
    assert answer.status_code == (200 if method == "GET" else 403)


@pytest.mark.parametrize(
    "params",
    [
        {"messagesCursor": "nonsense"},
        {"messagesLimit": 101},
        {"page": 0},
        {"page": 2, "messagesCursor": "nonsense"},
        {"limit": 5, "messagesLimit": 6},
    ],
)
async def test_a_thread_asked_for_wrongly_is_refused(
    api: httpx.AsyncClient, thread_id: UUID, params: dict[str, str]
) -> None:
    answer = await api.get(f"/api/conversations/{thread_id}", params=params)
    assert answer.status_code == 400
