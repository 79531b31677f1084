"""The first page of the list and the counts are kept for a while, and never older than a change."""

import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from redis.asyncio import Redis

from koinonia.common import db
from koinonia.common.events.messaging import GroupMembersChanged, MemberOptedOut
from koinonia.common.runtime import Running
from koinonia.common.testing import explain, phones, service
from koinonia.common.testing.databases import Databases
from koinonia.conversation.listing import cached_lists
from koinonia.conversation.program import PROGRAM

from .factories import THEIRS, hear, joined, member, opted, text

URLS = ("/api/conversations", "/api/conversations?assignee=me&limit=5", "/api/conversations/counts")
Change = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]

WORK: dict[str, Change] = {
    "read": lambda api, url: api.patch(f"{url}/read"),
    "status": lambda api, url: api.patch(f"{url}/status", json={"status": "closed"}),
    "reply": lambda api, url: api.post(f"{url}/reply", json={"content": "Yes"}),
    "snooze": lambda api, url: api.post(f"{url}/snooze", json={"until": "2027-01-01T00:00:00Z"}),
}


@pytest.mark.parametrize("url", URLS)
async def test_who_asks_again_is_answered_without_the_database(
    api: httpx.AsyncClient, running: Running, thread_id: UUID, url: str
) -> None:
    first = await api.get(url)
    with explain.watched(running.database) as ran:
        again = await api.get(url)
    assert (again.json(), ran) == (first.json(), [])


@pytest.mark.parametrize("work", WORK)
async def test_staff_read_what_they_did_at_once(
    api: httpx.AsyncClient, thread_id: UUID, work: str
) -> None:
    before = (await api.get("/api/conversations")).json()
    answer = await WORK[work](api, f"/api/conversations/{thread_id}")
    assert answer.is_success
    assert (await api.get("/api/conversations")).json() != before


async def test_whatever_is_heard_of_texts_people_opt_outs_and_groups_is_shown(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ada = member(church_id)
    group_id = db.uuid7()
    came = GroupMembersChanged(church_id=church_id, group_id=group_id, joined=(ada.member_id,))
    seen = []
    for event in (
        text("Again", minutes=1),
        joined(church_id, ada),
        opted(MemberOptedOut, church_id),
        came,
    ):
        await hear(database, event)
        [item] = (await api.get("/api/conversations")).json()["data"]
        [*listed] = (await api.get(f"/api/conversations?group={group_id}")).json()["data"]
        seen.append((item["unreadCount"], bool(item["member"]), item["optedOut"], len(listed)))
    assert seen == [
        (2, False, False, 0),
        (2, True, False, 0),
        (2, True, True, 0),
        (2, True, True, 1),
    ]


async def test_later_pages_are_read_each_time(
    api: httpx.AsyncClient, running: Running, database: db.Database, thread_id: UUID
) -> None:
    await hear(database, text("Second", sender=phones.phone(2), minutes=1))
    cursor = (await api.get("/api/conversations?limit=1")).json()["nextCursor"]
    bodies, statements = [], list[Any]()
    for _ in range(2):
        with explain.watched(running.database) as ran:
            answer = await api.get("/api/conversations", params={"limit": 1, "cursor": cursor})
        bodies.append(answer.json()["data"][0]["id"])
        statements.append(bool(ran))
    assert (bodies, statements) == ([str(thread_id)] * 2, [True, True])


async def test_no_phone_is_readable_in_what_is_kept(
    api: httpx.AsyncClient, redis_url: str, thread_id: UUID
) -> None:
    shown = (await api.get("/api/conversations")).json()["data"][0]["phone"]
    async with Redis.from_url(redis_url) as redis:
        kept = [await redis.get(key) or b"" for key in await redis.keys("conversation:v:list:*")]
    assert shown == THEIRS
    assert kept
    assert not any(THEIRS.removeprefix("+").encode() in each for each in kept)


@pytest.fixture
def silent_url() -> Iterator[str]:
    """A Redis that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


async def test_a_redis_that_never_answers_fails_nothing(
    databases: Databases, silent_url: str, rabbitmq_url: str, church_id: UUID, thread_id: UUID
) -> None:
    servers = {"redis_url": silent_url, "rabbitmq_url": rabbitmq_url, "bus_namespace": "unused."}
    async with (
        service.opened(PROGRAM, databases, servers) as running,
        service.client(PROGRAM, running, service.token(church_id)) as api,
    ):
        read = await api.patch(f"/api/conversations/{thread_id}/read")
        [item] = (await api.get("/api/conversations")).json()["data"]
    assert (read.status_code, item["unreadCount"]) == (200, 0)


async def test_a_release_does_not_read_a_page_that_another_one_kept(
    api: httpx.AsyncClient, thread_id: UUID, monkeypatch: pytest.MonkeyPatch, running: Running
) -> None:
    with monkeypatch.context() as other_release:
        other_release.setattr(cached_lists, "_FORM", "another")
        await api.get(URLS[0])
    with explain.watched(running.database) as ran:
        [shown] = (await api.get(URLS[0])).json()["data"]
    assert (shown["id"], bool(ran)) == (str(thread_id), True)
