"""A browser's session: cookies, CSRF, renewal, the end of it; and tokens that are not ours."""

import secrets
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest
import pytest_asyncio

from koinonia.auth.keys import Keys
from koinonia.common import clock, db
from koinonia.common.crypto import KeyRing
from koinonia.common.identity import Identity, Role, TokenSigner
from koinonia.devkit.system import System

from . import churches
from .churches import PASSWORD, registration
from .conftest import Founded

GROUP = {"name": "North"}


@pytest_asyncio.fixture(loop_scope="session")
async def browser(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """A visitor who registered a church and now has its cookies."""
    email = f"pastor-{secrets.token_hex(4)}@example.org"
    answer = await visitor.post("/api/auth/register", json=registration("Grace", email))
    assert answer.status_code == 201, answer.text
    assert "tokens" not in answer.json()
    return visitor


async def test_cookies_alone_read_and_a_csrf_token_lets_them_write(
    browser: httpx.AsyncClient,
) -> None:
    assert (await browser.get("/api/auth/me")).status_code == 200
    refused = await browser.post("/api/branches", json=GROUP)
    assert code(refused) == (403, "CSRF_MISSING")
    token = (await browser.get("/api/csrf-token")).json()["csrfToken"]
    made = await browser.post("/api/branches", json=GROUP, headers={"X-CSRF-Token": token})
    assert made.status_code == 201


async def test_a_csrf_token_of_another_session_is_refused(
    browser: httpx.AsyncClient, system: System
) -> None:
    async with httpx.AsyncClient(base_url=system.gateway_url, trust_env=False) as stranger:
        token = (await stranger.get("/api/csrf-token")).json()["csrfToken"]
    answer = await browser.post("/api/branches", json=GROUP, headers={"X-CSRF-Token": token})
    assert code(answer) == (403, "CSRF_INVALID")


async def test_cookies_are_out_of_reach_for_scripts_and_other_sites(
    browser: httpx.AsyncClient,
) -> None:
    email = (await browser.get("/api/auth/me")).json()["admin"]["email"]
    answer = await browser.post("/api/auth/login", json={"email": email, "password": PASSWORD})
    cookies = [each.lower() for each in answer.headers.get_list("set-cookie")]
    assert len(cookies) == 3
    assert all("httponly" in each and "samesite=" in each for each in cookies)


async def test_renewal_replaces_both_cookies(browser: httpx.AsyncClient) -> None:
    before = dict(browser.cookies)
    assert (await browser.post("/api/auth/refresh")).status_code == 200
    after = dict(browser.cookies)
    assert before["koinonia_refresh"] != after["koinonia_refresh"]
    assert (await browser.get("/api/auth/me")).status_code == 200


async def test_a_refresh_token_that_comes_back_later_ends_the_session_for_both(
    browser: httpx.AsyncClient, system: System
) -> None:
    stolen = browser.cookies["koinonia_refresh"]
    assert (await browser.post("/api/auth/refresh")).status_code == 200
    owner = await asyncpg.connect(system.environment.database_url)
    await owner.execute(
        "UPDATE auth.refresh_tokens SET used_at = used_at - interval '11 seconds' "
        "WHERE token_hash = sha256(convert_to($1, 'UTF8'))",
        stolen,
    )
    await owner.close()
    async with httpx.AsyncClient(base_url=system.gateway_url, trust_env=False) as thief:
        again = await thief.post("/api/auth/refresh", json={"refreshToken": stolen})
    assert code(again) == (401, "SESSION_ENDED")
    assert code(await browser.get("/api/members")) == (401, "SESSION_ENDED")
    assert (await browser.post("/api/auth/refresh")).status_code == 401


async def test_signing_out_ends_the_session_at_once(browser: httpx.AsyncClient) -> None:
    kept = browser.cookies["koinonia_access"]
    token = (await browser.get("/api/csrf-token")).json()["csrfToken"]
    out = await browser.post("/api/auth/logout", headers={"X-CSRF-Token": token})
    assert out.status_code == 204
    assert not browser.cookies.get("koinonia_access")
    bearer = {"Authorization": f"Bearer {kept}"}
    assert code(await browser.get("/api/members", headers=bearer)) == (401, "SESSION_ENDED")


async def test_who_is_removed_from_a_team_is_out_at_once(found: Founded) -> None:
    church = await found(number=False)
    async with churches.colleague(church, "admin") as naomi:
        assert (await naomi.api.get("/api/members")).status_code == 200
        removed = await church.api.delete(f"/api/auth/team/{naomi.account['admin']['id']}")
        assert removed.status_code == 204
        assert code(await naomi.api.get("/api/members")) == (401, "SESSION_ENDED")
        token = {"refreshToken": naomi.account["tokens"]["refreshToken"]}
        renewed = await naomi.api.post("/api/auth/refresh", json=token)
        assert code(renewed) == (401, "SESSION_ENDED")


async def test_a_form_of_another_site_accepts_no_invitation(visitor: httpx.AsyncClient) -> None:
    path, body = "/api/auth/invitations/accept", {"token": "x" * 43, "password": PASSWORD}
    form = await visitor.post(path, data=body)
    elsewhere = await visitor.post(path, json=body, headers={"Origin": "https://evil.example.com"})
    assert (form.status_code, elsewhere.status_code) == (415, 403)
    assert code(await visitor.post(path, json=body)) == (400, "INVITATION_INVALID")


async def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    browser: httpx.AsyncClient,
) -> None:
    email = (await browser.get("/api/auth/me")).json()["admin"]["email"]
    attempts = [(email, "not the password"), ("nobody@example.org", PASSWORD)]
    answers = [
        await browser.post("/api/auth/login", json={"email": each, "password": password})
        for each, password in attempts
    ]
    errors = [{**answer.json()["error"], "requestId": ""} for answer in answers]
    assert errors[0] == errors[1]
    assert [answer.status_code for answer in answers] == [401, 401]


async def test_without_a_session_every_route_says_to_sign_in(visitor: httpx.AsyncClient) -> None:
    for path in ("/api/members", "/api/messages", "/api/conversations", "/api/billing/usage"):
        assert code(await visitor.get(path)) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer x", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic eDp4"],
)
async def test_what_is_no_token_is_refused(visitor: httpx.AsyncClient, header: str) -> None:
    answer = await visitor.get("/api/members", headers={"Authorization": header})
    assert answer.status_code == 401


async def test_a_token_signed_by_another_key_is_refused(
    visitor: httpx.AsyncClient, browser: httpx.AsyncClient, system: System
) -> None:
    account = (await browser.get("/api/auth/me")).json()
    forger = TokenSigner(bytes(32), (await signer(system)).jwk["kid"])
    forged = forger.sign(whoever(account["church"]["id"], timedelta(minutes=5)))
    answer = await visitor.get("/api/members", headers={"Authorization": f"Bearer {forged}"})
    assert code(answer) == (401, "TOKEN_INVALID")


async def test_an_expired_token_is_told_to_renew(
    visitor: httpx.AsyncClient, browser: httpx.AsyncClient, system: System
) -> None:
    account = (await browser.get("/api/auth/me")).json()
    genuine = await signer(system)
    expired = genuine.sign(whoever(account["church"]["id"], timedelta(minutes=-5)))
    answer = await visitor.get("/api/members", headers={"Authorization": f"Bearer {expired}"})
    assert code(answer) == (401, "TOKEN_EXPIRED")


async def signer(system: System) -> TokenSigner:
    """What auth signs with, read as auth reads it."""
    environment = system.environment.variables("auth")
    database = db.Database(environment["KOINONIA_DATABASE_URL"])
    ring = KeyRing.parse(environment["KOINONIA_SIGNING_KEY_RING"])
    try:
        return await Keys(database, ring, timedelta(days=30)).signer()
    finally:
        await database.close()


def whoever(church_id: str, valid_for: timedelta) -> Identity:
    until = (clock.now() + valid_for).replace(microsecond=0)
    return Identity(db.uuid7(), UUID(church_id), Role.OWNER, db.uuid7(), expires_at=until)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]
