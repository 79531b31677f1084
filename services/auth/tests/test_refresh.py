"""Renewing a session: each refresh token once, but for a few seconds."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from koinonia.auth import sessions
from koinonia.auth.macs import Macs
from koinonia.auth.running import Running
from koinonia.auth.sessions import GRACE
from koinonia.auth.worker import prune
from koinonia.common import clock, db
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually

from . import factories


async def test_a_refresh_token_gives_the_next_of_the_same_session(api: httpx.AsyncClient) -> None:
    body = await factories.register(api, tokens=True)
    first = body.pop("tokens")
    answer = await factories.renew(api, first["refreshToken"])
    second = answer.json().pop("tokens")
    assert answer.status_code == 200
    assert {"admin": answer.json()["admin"], "church": answer.json()["church"]} == body
    before = await factories.identity(api, first["accessToken"])
    after = await factories.identity(api, second["accessToken"])
    assert before.session_id == after.session_id
    assert (await factories.renew(api, second["refreshToken"])).status_code == 200


async def test_two_tabs_that_renew_one_after_the_other_get_the_same_tokens(
    api: httpx.AsyncClient,
) -> None:
    given = await factories.tokens(api)
    with clock.freeze(clock.now()):
        first = await factories.renew(api, given["refreshToken"])
    with clock.shift(GRACE - timedelta(seconds=1)):
        second = await factories.renew(api, given["refreshToken"])
    assert first.json() == second.json()
    assert (await factories.renew(api, first.json()["tokens"]["refreshToken"])).status_code == 200


async def test_a_tab_that_is_two_renewals_behind_gets_the_newest_token(
    api: httpx.AsyncClient,
) -> None:
    given = await factories.tokens(api)
    second = (await factories.renew(api, given["refreshToken"])).json()["tokens"]
    third = (await factories.renew(api, second["refreshToken"])).json()["tokens"]
    behind = (await factories.renew(api, given["refreshToken"])).json()["tokens"]
    assert behind["refreshToken"] == third["refreshToken"]


async def test_a_successor_is_given_again_after_the_key_was_replaced(
    api: httpx.AsyncClient, running: Running
) -> None:
    given = await factories.tokens(api)
    first = (await factories.renew(api, given["refreshToken"])).json()["tokens"]
    running.macs = Macs([b"a new key" * 4, *running.settings.ring_keys])
    again = (await factories.renew(api, given["refreshToken"])).json()["tokens"]
    assert again["refreshToken"] == first["refreshToken"]


async def reuse(api: httpx.AsyncClient, token: str) -> httpx.Response:
    """Show a token again when nobody can mean the same renewal any more."""
    with clock.shift(GRACE + timedelta(seconds=1)):
        return await factories.renew(api, token)


async def test_a_reused_token_ends_its_whole_family(api: httpx.AsyncClient) -> None:
    first = await factories.tokens(api)
    second = (await factories.renew(api, first["refreshToken"])).json()["tokens"]
    reused = await reuse(api, first["refreshToken"])
    assert (reused.status_code, reused.json()["error"]["code"]) == (401, "SESSION_ENDED")
    latest = await factories.renew(api, second["refreshToken"])
    assert (latest.status_code, latest.json()["error"]["code"]) == (401, "SESSION_ENDED")


async def test_a_reused_token_ends_the_access_tokens_of_its_family(
    api: httpx.AsyncClient, database: db.Database, running: Running
) -> None:
    body = await factories.register(api, tokens=True)
    given = body["tokens"]
    identity = await factories.identity(api, given["accessToken"])
    await factories.renew(api, given["refreshToken"])
    await reuse(api, given["refreshToken"])
    assert await running.revocations.is_revoked(identity.session_id)
    me = await api.get("/api/auth/me", headers=factories.bearing(given["accessToken"]))
    assert (me.status_code, me.json()["error"]["code"]) == (401, "SESSION_ENDED")
    trail = await factories.trail(database, body["church"]["id"])
    assert trail == ["church.registered", "session.token_reused"]


async def test_another_session_of_the_admin_outlives_the_reuse(api: httpx.AsyncClient) -> None:
    given = await factories.tokens(api)
    other = (await factories.login(api, tokens=True)).json()["tokens"]
    await factories.renew(api, given["refreshToken"])
    await reuse(api, given["refreshToken"])
    assert (await factories.renew(api, given["refreshToken"])).status_code == 401
    assert (await factories.renew(api, other["refreshToken"])).status_code == 200


async def test_many_renewals_at_once_get_the_same_token(api: httpx.AsyncClient) -> None:
    given = await factories.tokens(api)
    answers = await asyncio.gather(*(factories.renew(api, given["refreshToken"]) for _ in range(5)))
    [latest] = {answer.json()["tokens"]["refreshToken"] for answer in answers}
    assert (await factories.renew(api, latest)).status_code == 200


async def test_a_renewal_that_waits_for_another_gets_its_token(
    api: httpx.AsyncClient, database: db.Database, running: Running
) -> None:
    given = await factories.tokens(api)
    async with database.transaction() as session:
        first = await sessions.renew(session, running.macs, given["refreshToken"], sessions.Place())
        second = asyncio.create_task(factories.renew(api, given["refreshToken"]))
        await eventually(lambda: factories.waits_for_locks(database, 1))
    assert isinstance(first, sessions.Live)
    assert (await second).json()["tokens"]["refreshToken"] == first.refresh_token


async def test_every_renewal_gives_thirty_days_more(api: httpx.AsyncClient) -> None:
    given = await factories.tokens(api)
    with clock.shift(timedelta(days=29)):
        renewed = (await factories.renew(api, given["refreshToken"])).json()["tokens"]
    with clock.shift(timedelta(days=58)):
        assert (await factories.renew(api, renewed["refreshToken"])).status_code == 200


async def test_after_thirty_idle_days_the_session_has_ended(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    body = await factories.register(api, tokens=True)
    with clock.shift(timedelta(days=30, seconds=1)):
        answers = [await factories.renew(api, body["tokens"]["refreshToken"]) for _ in range(2)]
    assert [answer.json()["error"]["code"] for answer in answers] == ["SESSION_ENDED"] * 2
    assert await factories.trail(database, body["church"]["id"]) == ["church.registered"]


async def test_tokens_too_old_to_renew_anything_are_forgotten(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    old = await factories.tokens(api)
    with clock.shift(timedelta(days=31)):
        new = (await factories.login(api, tokens=True)).json()["tokens"]
        async with database.transaction() as session:
            assert await sessions.prune(session) == 1
            assert await sessions.by_token(session, old["refreshToken"]) is None
        assert (await factories.renew(api, new["refreshToken"])).status_code == 200


async def test_sessions_that_expired_a_month_ago_are_forgotten(
    api: httpx.AsyncClient, database: db.Database, running: Any
) -> None:
    ages = {"31 days": 0, "29 days": 1}
    for age in ages:
        church_id = (await factories.register(api, email=f"{ages[age]}@example.org"))["church"][
            "id"
        ]
        async with database.transaction(UUID(church_id)) as session:
            await db.run(
                session,
                "UPDATE sessions SET expires_at = now() - CAST(CAST(:age AS text) AS interval)",
                {"age": age},
            )

        await prune(running)

        async with database.transaction(church_id) as session:
            left = await probe.rows(session, "SELECT 1 FROM sessions")
        assert len(left) == ages[age]
