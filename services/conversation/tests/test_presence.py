"""Who is answering: seen in the thread and told on the stream, and over by itself."""

import socket
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from koinonia.common import clock, db
from koinonia.common.events.auth import AdminRemoved
from koinonia.common.events.conversation import PresenceChanged
from koinonia.common.identity import Role
from koinonia.common.runtime import Running
from koinonia.common.testing import phones, service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.properties import on_servers
from koinonia.conversation import answering_leases
from koinonia.conversation.presence import presence
from koinonia.conversation.program import PROGRAM

from .calls import code
from .conftest import Client
from .factories import admin, hear, said, text, threads


def url(thread_id: object) -> str:
    return f"/api/conversations/{thread_id}/presence"


async def answering(api: httpx.AsyncClient, thread_id: object) -> list[Any]:
    shown: list[Any] = (await api.get(f"/api/conversations/{thread_id}")).json()["answering"]
    return shown


async def told(database: db.Database) -> list[tuple[UUID, bool]]:
    return [
        (each.conversation_id, each.is_answering) for each in await said(database, PresenceChanged)
    ]


async def pass_by(redis_url: str, thread_id: object, seconds: float = 32) -> None:
    """Date the leases back, as if so much time had passed."""
    async with Redis.from_url(redis_url) as redis:
        for key in await redis.keys("conversation:presence:*"):
            for member, score in await redis.zrange(key, 0, -1, withscores=True):
                await redis.zadd(key, {member: score - seconds})


async def test_who_answers_is_seen_and_told_once_until_they_give_it_up(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    for _ in range(3):
        answer = await api.put(url(thread_id))
    until = answer.json()["expiresAt"]
    [shown] = await answering(api, thread_id)
    assert (shown["expiresAt"], until > (clock.now() + timedelta(seconds=20)).isoformat()) == (
        until,
        True,
    )
    assert await told(database) == [(thread_id, True)]
    for _ in range(2):
        assert (await api.delete(url(thread_id))).status_code == 204
    assert (await answering(api, thread_id), await told(database)) == (
        [],
        [(thread_id, True), (thread_id, False)],
    )


@pytest.mark.parametrize("way", ["reply", "reply-with-media", "scheduled-replies"])
async def test_a_reply_ends_it(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID, way: str
) -> None:
    await api.put(url(thread_id))
    later = (clock.now() + timedelta(hours=1)).isoformat()
    bodies: dict[str, dict[str, Any]] = {
        "reply": {"content": "Yes"},
        "reply-with-media": {"mediaUrls": ["https://example.org/map.png"]},
        "scheduled-replies": {"content": "Yes", "sendAt": later},
    }
    answer = await api.post(f"/api/conversations/{thread_id}/{way}", json=bodies[way])
    assert answer.status_code in (201, 202)
    assert (await answering(api, thread_id), (await told(database))[-1]) == ([], (thread_id, False))


async def test_it_ends_by_itself_and_that_is_told_once(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    redis_url: str,
    thread_id: UUID,
) -> None:
    await api.put(url(thread_id))
    await presence.end_lapsed(running)
    await pass_by(redis_url, thread_id)
    assert await answering(api, thread_id) == []
    for _ in range(2):
        await presence.end_lapsed(running)
    assert await told(database) == [(thread_id, True), (thread_id, False)]


async def test_somebody_answers_five_at_a_time(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, *(text(sender=phones.phone(n)) for n in range(1, 8)))
    ids = [thread.id for thread in await threads(database, church_id)]
    for thread_id in ids:
        await api.put(url(thread_id))
    seen = [bool(await answering(api, thread_id)) for thread_id in ids]
    assert seen == [False] * 2 + [True] * answering_leases.MOST
    assert [each for each in await told(database) if not each[1]] == [
        (each, False) for each in ids[:2]
    ]


async def test_names_are_shown_and_who_left_is_not(
    running: Running,
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    ruth, ben = admin(church_id), admin(church_id, "Ben")
    await hear(database, ruth, ben)
    for each in (ruth, ben):
        await running.answering.hold(church_id, thread_id, each.admin_id)  # type: ignore[attr-defined]
    await hear(database, AdminRemoved(church_id=church_id, admin_id=ben.admin_id))
    [shown] = await answering(api, thread_id)
    assert (shown["id"], shown["firstName"]) == (str(ruth.admin_id), "Ruth")


async def test_a_viewer_and_a_stranger_answer_nothing(
    client: Client, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    async with client(church_id, Role.VIEWER) as viewer, client(db.uuid7()) as stranger:
        assert code(await viewer.put(url(thread_id))) == (403, "FORBIDDEN")
        assert code(await stranger.put(url(thread_id))) == (404, "CONVERSATION_NOT_FOUND")
        assert code(await stranger.delete(url(thread_id))) == (404, "CONVERSATION_NOT_FOUND")
    assert await told(database) == []


steps = st.lists(
    st.tuples(st.sampled_from(["hold", "end", "pass", "sweep"]), st.integers(0, 6)), max_size=15
)


@pytest_asyncio.fixture
async def leases(redis_url: str) -> AsyncIterator[answering_leases.AnsweringLeases]:
    opened = answering_leases.AnsweringLeases(redis_url)
    yield opened
    await opened.close()


@on_servers(examples=30)
@given(history=steps)
async def test_each_beginning_has_one_end_whatever_happens(
    leases: answering_leases.AnsweringLeases, redis_url: str, history: list[tuple[str, int]]
) -> None:
    church, ann = db.uuid7(), db.uuid7()
    ids = [db.uuid7() for _ in range(7)]
    open_ = set[UUID]()
    for step, which in [*history, ("pass", 0), ("sweep", 0)]:
        match step:
            case "hold":
                held = await leases.hold(church, ids[which], ann)
                assert held
                assert held.is_new is (ids[which] not in open_)
                assert set(held.ended) <= open_
                open_ = (open_ | {ids[which]}) - set(held.ended)
            case "end":
                assert await leases.end(church, ids[which], ann) is (ids[which] in open_)
                open_ -= {ids[which]}
            case "pass":
                await pass_by(redis_url, None)
            case _:
                lapsed = {each.thread_id for each in await leases.lapsed(100)}
                assert lapsed <= open_
                open_ -= lapsed
    assert open_ == set()


@pytest.fixture
def silent_url() -> Iterator[str]:
    """A Redis that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


async def test_without_redis_nobody_is_seen_and_nothing_fails(
    databases: Databases, silent_url: str, rabbitmq_url: str, church_id: UUID, thread_id: UUID
) -> None:
    servers = {"redis_url": silent_url, "rabbitmq_url": rabbitmq_url, "bus_namespace": "unused."}
    async with (
        service.opened(PROGRAM, databases, servers) as running,
        service.client(PROGRAM, running, service.token(church_id)) as api,
    ):
        begun = await api.put(url(thread_id))
        shown = await answering(api, thread_id)
        sent = await api.post(f"/api/conversations/{thread_id}/reply", json={"content": "Yes"})
        ended = await api.delete(url(thread_id))
        await presence.end_lapsed(running)
    assert (begun.json(), shown, sent.status_code, ended.status_code) == (
        {"expiresAt": None},
        [],
        202,
        204,
    )
