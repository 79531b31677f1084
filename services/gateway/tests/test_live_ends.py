"""How an event stream begins and ends, and what is left of it then: nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from koinonia.common import db, web
from koinonia.common.identity import Identity, Revocations, Role
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers.ports import accepts
from koinonia.gateway.live import monitor
from koinonia.gateway.live.hub import Hub

from .conftest import Gateway, Parts
from .factories import SIGNER, bearer, cookie
from .listening import OTHER, admin, listening, text
from .peers import free_port, serving

PATH = "/api/events"
QUICK = {"live_beat_seconds": 0.3, "live_session_seconds": 0.05}
MANY = 30


@pytest_asyncio.fixture
async def client(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(**QUICK) as opened:
        yield opened


@asynccontextmanager
async def served(port: int) -> AsyncIterator[httpx.AsyncClient]:
    """A client of many connections, once somebody listens at the port."""
    limits = httpx.Limits(max_connections=MANY + 10)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits) as client:
        await eventually(lambda: accepts("127.0.0.1", port))
        yield client


@asynccontextmanager
async def reading_nothing(url: str, who: Identity) -> AsyncIterator[socket.socket]:
    """A client that opens a stream and never reads it."""
    address = urlsplit(url)
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(opened, (address.hostname, address.port))
        head = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {SIGNER.sign(who)}"
        await loop.sock_sendall(opened, f"{head}\r\n\r\n".encode())
        yield opened


async def read_to_the_end(connection: socket.socket) -> None:
    while await asyncio.get_running_loop().sock_recv(connection, 1_000_000):
        pass


async def test_it_is_answered_as_a_stream_that_nothing_between_may_keep(
    client: httpx.AsyncClient,
) -> None:
    sent = cookie() | {"Origin": str(client.base_url), "Accept-Encoding": "gzip"}
    async with client.stream("GET", PATH, headers=sent) as response:
        headers = response.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in headers


async def test_without_a_session_and_by_another_method_there_is_none(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get(PATH)).status_code == 401
    assert (await client.post(PATH, headers=bearer())).status_code == 405


async def test_it_ends_with_the_access_token(client: httpx.AsyncClient) -> None:
    async with listening(client, admin(expires_in=timedelta(seconds=1))) as page:
        assert (await page.told("bye")).data == {"reason": "token_expired"}
        await eventually(lambda: page.is_over)


async def test_it_ends_with_the_session(client: httpx.AsyncClient, redis_url: str) -> None:
    gone = admin(session_id=db.uuid7())
    async with listening(client, gone) as theirs, listening(client) as others:
        await theirs.told("state")
        async with Redis.from_url(redis_url) as redis:
            await Revocations(redis).revoke(gone.session_id, 60)
        assert (await theirs.told("bye")).data == {"reason": "session_ended"}
        await eventually(lambda: theirs.is_over)
        assert not others.is_over


async def test_it_ends_for_who_has_a_lower_role_now(
    client: httpx.AsyncClient, redis_url: str
) -> None:
    lowered, raised = admin(role=Role.OWNER), admin(role=Role.STAFF)
    async with listening(client, lowered) as theirs, listening(client, raised) as others:
        await theirs.told("state")
        async with Redis.from_url(redis_url) as redis:
            await Revocations(redis).limit_role(raised.admin_id, Role.ADMIN, 60)
            await Revocations(redis).limit_role(lowered.admin_id, Role.ADMIN, 60)
        assert (await theirs.told("bye")).data == {"reason": "token_expired"}
        assert not others.is_over


async def test_an_admin_has_so_many_streams_and_may_open_another_when_one_is_closed(
    gateway: Gateway,
) -> None:
    who = admin()
    sent = bearer(SIGNER.sign(who))
    async with gateway(live_streams_per_admin=2) as client, listening(client, who) as first:
        async with listening(client, who) as second:
            await first.told("state")
            await second.told("state")
            refused = await client.get(PATH, headers=sent)
            async with listening(client) as another:
                await another.told("state")

        async def opens() -> bool:
            async with client.stream("GET", PATH, headers=sent) as again:
                return again.status_code == 200

        await eventually(opens)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "TOO_MANY_STREAMS")
    assert "Close one" in refused.json()["error"]["message"]


async def test_a_process_has_room_for_so_many(gateway: Gateway) -> None:
    async with gateway(live_streams=1) as client, listening(client) as page:
        await page.told("state")
        refused = await client.get(PATH, headers=bearer())
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "STREAMS_FULL")
    assert int(refused.headers["retry-after"]) > 0


async def test_who_leaves_leaves_nothing_behind(parts: Parts) -> None:
    async with parts() as app, serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        hub: Hub = app.state.running.hub
        before = len(asyncio.all_tasks())
        for _ in range(3):
            async with listening(client) as page:
                await page.told("state")
        await eventually(lambda: len(hub) == 0 and len(asyncio.all_tasks()) <= before)
        assert hub.streams() == []


@pytest.mark.parametrize(
    "given",
    [
        {"live_queue_bytes": 600_000, "live_write_seconds": 60},
        {"live_queue_bytes": 100_000_000, "live_write_seconds": 0.1},
    ],
    ids=["its queue overflows", "it takes nothing for too long"],
)
async def test_a_slow_client_is_let_go_and_the_others_go_on(
    parts: Parts, given: dict[str, float]
) -> None:
    async with (
        parts(**QUICK | given) as app,
        serving(app) as url,
        httpx.AsyncClient(base_url=url) as client,
        listening(client) as page,
        reading_nothing(url, admin()) as slow,
    ):
        hub: Hub = app.state.running.hub
        await eventually(lambda: len(hub) == 2)
        hub.current(0)
        for n in range(1, 301):
            hub.heard(n, text("x" * 10_000))
            if n % 50 == 0:
                await eventually(lambda n=n: len(page.previews()) == n)  # type: ignore[misc]
        await eventually(lambda: len(hub) == 1)
        assert not page.is_over
        with pytest.raises(ConnectionResetError):
            await read_to_the_end(slow)


async def test_when_the_process_ends_all_are_sent_away_and_nobody_holds_it_up(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, "STOP_SECONDS", 0.2)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(parts(**QUICK))
        running, port = app.state.running, free_port()
        hub: Hub = running.hub
        serve = web.serve(app, "127.0.0.1", port, running.stop, grace_seconds=20)
        server = asyncio.create_task(serve)
        client = await stack.enter_async_context(served(port))
        pages = [await stack.enter_async_context(listening(client)) for _ in range(MANY)]
        await stack.enter_async_context(reading_nothing(str(client.base_url), admin(OTHER)))
        await eventually(lambda: len(hub) == MANY + 1)
        hub.current(0)
        for n in range(30):
            hub.heard(n + 1, text("x" * 20_000, OTHER))
            await asyncio.sleep(0)
        running.stop.set()
        await asyncio.wait_for(server, 6)
        told = [(await page.told("bye")).data["reason"] for page in pages]
    assert told == ["restarting"] * MANY
