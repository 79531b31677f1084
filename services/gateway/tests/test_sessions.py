"""Who is let in."""

from datetime import timedelta

import httpx
import jwt
import pytest
from redis.asyncio import Redis

from koinonia.common import db
from koinonia.common.identity import Identity, Revocations, Role

from .conftest import Gateway, Peers
from .factories import FORGER, SIGNER, bearer, cookie, token

EXPIRED = timedelta(seconds=-1)


def code(response: httpx.Response) -> str:
    return str(response.json()["error"]["code"])


@pytest.mark.parametrize("path", ["/api/messages", "/api/auth/me", "/api/auth/login/"])
async def test_without_a_session_nothing_passes(
    client: httpx.AsyncClient, peers: Peers, path: str
) -> None:
    response = await client.get(path)
    assert (response.status_code, code(response)) == (401, "UNAUTHORIZED")
    assert not any(peer.seen for peer in peers.values())


@pytest.mark.parametrize("sent", [bearer, cookie])
async def test_an_expired_token_is_told_to_refresh(client: httpx.AsyncClient, sent) -> None:  # type: ignore[no-untyped-def]
    response = await client.get("/api/messages", headers=sent(token(expires_in=EXPIRED)))
    assert (response.status_code, code(response)) == (401, "TOKEN_EXPIRED")
    assert "POST /api/auth/refresh" in response.json()["error"]["message"]


async def test_a_browser_with_only_a_refresh_token_is_told_to_refresh(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    response = await client.get("/api/auth/me", headers={"Cookie": "koinonia_refresh=r"})
    assert (response.status_code, code(response)) == (401, "TOKEN_EXPIRED")
    assert not peers["auth"].seen


@pytest.mark.parametrize(
    "forged",
    [
        token(signer=FORGER),
        token()[:-6] + "AAAAAA",
        jwt.encode({"sub": "x"}, None, algorithm="none", headers={"kid": "test"}),
        "not a token",
        "x" * 5000,
    ],
)
async def test_a_forged_token_is_refused(
    client: httpx.AsyncClient, peers: Peers, forged: str
) -> None:
    response = await client.get("/api/messages", headers={"Authorization": f"Bearer {forged}"})
    assert (response.status_code, code(response)) == (401, "TOKEN_INVALID")
    assert not peers["messaging"].seen


async def test_a_forged_header_is_not_saved_by_a_good_cookie(client: httpx.AsyncClient) -> None:
    sent = {**cookie(), "Authorization": "Bearer forged"}
    assert (await client.get("/api/messages", headers=sent)).status_code == 401


async def test_an_ended_session_is_refused_at_once(
    client: httpx.AsyncClient, redis_url: str
) -> None:
    session_id = db.uuid7()
    sent = bearer(token(session_id=session_id))
    assert (await client.get("/api/messages", headers=sent)).status_code == 200
    async with Redis.from_url(redis_url) as redis:
        await Revocations(redis).revoke(session_id, 60)
    response = await client.get("/api/messages", headers=sent)
    assert (response.status_code, code(response)) == (401, "SESSION_ENDED")


@pytest.mark.parametrize(
    ("claimed", "now", "answer"),
    [
        (Role.OWNER, Role.VIEWER, (401, "TOKEN_EXPIRED")),
        (Role.STAFF, Role.VIEWER, (401, "TOKEN_EXPIRED")),
        (Role.STAFF, Role.STAFF, (200, None)),
        (Role.STAFF, Role.OWNER, (200, None)),
    ],
)
async def test_a_token_claims_no_more_than_its_admin_may_now(
    client: httpx.AsyncClient, redis_url: str, claimed: Role, now: Role, answer: tuple[int, str]
) -> None:
    who = Identity(db.uuid7(), db.uuid7(), claimed, db.uuid7())
    async with Redis.from_url(redis_url) as redis:
        await Revocations(redis).limit_role(who.admin_id, now, 60)
    response = await client.get("/api/messages", headers=bearer(SIGNER.sign(who)))
    told = code(response) if response.is_error else None
    assert (response.status_code, told) == answer


async def test_signing_out_works_without_a_session(client: httpx.AsyncClient, peers: Peers) -> None:
    response = await client.post("/api/auth/logout")
    assert response.status_code == 200
    assert "authorization" not in peers["auth"].last.headers


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/refresh", "/api/webhooks/telnyx"])
async def test_a_token_is_not_passed_on_where_none_was_checked(
    client: httpx.AsyncClient, peers: Peers, path: str
) -> None:
    await client.post(path, json={}, headers=bearer("anything"))
    (seen,) = [peer.last for peer in peers.values() if peer.seen]
    assert "authorization" not in seen.headers


async def test_over_https_only_cookies_of_this_very_host_count(
    gateway: Gateway, peers: Peers
) -> None:
    """A page of a subdomain beside ours can plant cookies of any other name."""
    access = token()
    async with gateway(public_url="https://texts.example.org") as client:
        planted = {"Cookie": f"koinonia_access={access}; koinonia_refresh=r"}
        refused = await client.get("/api/auth/me", headers=planted)
        own = {"Cookie": f"__Host-koinonia_access={access}; __Host-koinonia_refresh=r; x=y"}
        taken = await client.get("/api/auth/me", headers=own)
    assert (refused.status_code, taken.status_code) == (401, 200)
    assert peers["auth"].last.headers["cookie"] == "__Host-koinonia_refresh=r"
