"""What another site may not make a browser do."""

import httpx
import pytest

from koinonia.gateway.csrf import CsrfTokens

from .conftest import Gateway, Peers
from .factories import bearer, cookie, token

SEND = "/api/messages/send"


async def csrf_token(client: httpx.AsyncClient, headers: dict[str, str] | None = None) -> str:
    response = await client.get("/api/csrf-token", headers=headers)
    return str(response.json()["csrfToken"])


def code(response: httpx.Response) -> str:
    return str(response.json()["error"]["code"])


async def test_a_change_with_a_cookie_needs_a_token(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    response = await client.post(SEND, json={}, headers=cookie())
    assert (response.status_code, code(response)) == (403, "CSRF_MISSING")
    assert "GET /api/csrf-token" in response.json()["error"]["message"]
    assert not peers["messaging"].seen


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_token_of_the_session_lets_every_change_pass(
    client: httpx.AsyncClient, peers: Peers, method: str
) -> None:
    session = cookie()
    sent = {**session, "X-CSRF-Token": await csrf_token(client, session)}
    response = await client.request(method, "/api/messages/1", headers=sent)
    assert response.status_code == 200
    assert "x-csrf-token" not in peers["messaging"].last.headers


async def test_reading_needs_no_token(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/messages", headers=cookie())).status_code == 200


async def test_a_program_needs_no_token(client: httpx.AsyncClient) -> None:
    assert (await client.post(SEND, json={}, headers=bearer())).status_code == 200


async def test_an_unknown_method_counts_as_a_change(client: httpx.AsyncClient) -> None:
    response = await client.request("PURGE", "/api/messages", headers=cookie())
    assert code(response) == "CSRF_MISSING"


async def test_a_token_of_another_session_is_refused(client: httpx.AsyncClient) -> None:
    theirs = await csrf_token(client, cookie())
    response = await client.post(SEND, json={}, headers={**cookie(), "X-CSRF-Token": theirs})
    assert (response.status_code, code(response)) == (403, "CSRF_INVALID")


@pytest.mark.parametrize("bad", ["x", "ÿ".encode("latin-1"), "A" * 64, ""])
async def test_a_token_that_was_never_issued_is_refused(
    client: httpx.AsyncClient, bad: str | bytes
) -> None:
    sent = {**cookie(), "X-CSRF-Token": bad}
    response = await client.post(SEND, json={}, headers=sent)
    assert response.status_code == 403


async def test_a_token_fetched_before_signing_in_is_good_after(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    before = await csrf_token(client)
    await client.post("/api/auth/login", json={})
    told = peers["auth"].last.headers["x-koinonia-csrf-id"]
    assert told == client.cookies["koinonia_csrf"]
    sent = {**cookie(token(told)), "X-CSRF-Token": before}
    assert (await client.post(SEND, json={}, headers=sent)).status_code == 200


async def test_a_token_fetched_before_signing_in_is_good_in_that_session_only(
    client: httpx.AsyncClient,
) -> None:
    before = await csrf_token(client)
    anonymous = client.cookies["koinonia_csrf"]
    sent = {**cookie(token("of-another-session"), koinonia_csrf=anonymous), "X-CSRF-Token": before}
    response = await client.post(SEND, json={}, headers=sent)
    assert code(response) == "CSRF_INVALID"


async def test_the_anonymous_id_stays_until_the_browser_forgets_it(
    client: httpx.AsyncClient,
) -> None:
    first = await client.get("/api/csrf-token")
    second = await client.get("/api/csrf-token")
    (set_cookie,) = first.headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(set_cookie.split("; "))
    assert "Secure" not in set_cookie
    assert "set-cookie" not in second.headers


async def test_over_https_the_anonymous_id_is_secure_and_of_this_host_alone(
    gateway: Gateway,
) -> None:
    async with gateway(public_url="https://texts.example.org") as client:
        response = await client.get("/api/csrf-token")
    named, *attributes = response.headers["set-cookie"].split("; ")
    assert named.startswith("__Host-koinonia_csrf=")
    assert {"Secure", "Path=/"} <= set(attributes)
    assert not any(each.startswith("Domain") for each in attributes)


async def test_an_anonymous_id_that_is_not_ours_is_replaced_and_not_told(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    sent = {"Cookie": "koinonia_csrf=short"}
    assert "set-cookie" in (await client.get("/api/csrf-token", headers=sent)).headers
    await client.post("/api/auth/login", json={}, headers=sent)
    assert "x-koinonia-csrf-id" not in peers["auth"].last.headers


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/register"])
async def test_a_form_of_another_site_cannot_sign_a_visitor_in(
    client: httpx.AsyncClient, peers: Peers, path: str
) -> None:
    form = await client.post(path, data={"email": "mine@example.org"})
    script = await client.post(path, json={}, headers={"Origin": "https://evil.example"})
    assert (form.status_code, code(form)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert (script.status_code, code(script)) == (403, "ORIGIN_NOT_ALLOWED")
    assert not peers["auth"].seen


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8080", "https://app.example.org", "own"])
async def test_pages_of_ours_may_sign_in(gateway: Gateway, origin: str) -> None:
    async with gateway(allowed_origins="https://app.example.org/, https://b.example") as client:
        own = str(client.base_url).rstrip("/")
        sent = {"Origin": own if origin == "own" else origin}
        assert (await client.post("/api/auth/login", json={}, headers=sent)).status_code == 200


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1:1"])
async def test_a_good_token_does_not_help_another_origin(
    client: httpx.AsyncClient, origin: str
) -> None:
    session = cookie()
    sent = {**session, "X-CSRF-Token": await csrf_token(client, session), "Origin": origin}
    response = await client.post(SEND, json={}, headers=sent)
    assert code(response) == "ORIGIN_NOT_ALLOWED"


@pytest.mark.parametrize(("scheme", "status"), [("https", 200), ("http", 403)])
async def test_over_https_a_page_that_came_over_http_is_another_site(
    gateway: Gateway, scheme: str, status: int
) -> None:
    async with gateway(public_url="https://texts.example.org") as client:
        sent = {"Host": "alias.example.org", "Origin": f"{scheme}://alias.example.org"}
        response = await client.post("/api/auth/login", json={}, headers=sent)
    assert response.status_code == status


@pytest.mark.parametrize("scheme", ["file", "ftp", "chrome-extension", "", "HTTPX"])
async def test_a_page_that_came_another_way_is_another_site(gateway: Gateway, scheme: str) -> None:
    async with gateway(public_url="http://texts.example.org") as client:
        sent = {"Host": "alias.example.org", "Origin": f"{scheme}://alias.example.org"}
        response = await client.post("/api/auth/login", json={}, headers=sent)
    assert code(response) == "ORIGIN_NOT_ALLOWED"


async def test_refreshing_needs_no_token(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/auth/refresh", headers={"Cookie": "koinonia_refresh=r"})
    assert response.status_code == 200


async def test_signing_out_of_a_live_session_needs_a_token(client: httpx.AsyncClient) -> None:
    session = cookie()
    refused = await client.post("/api/auth/logout", headers=session)
    sent = {**session, "X-CSRF-Token": await csrf_token(client, session)}
    accepted = await client.post("/api/auth/logout", headers=sent)
    assert (code(refused), accepted.status_code) == ("CSRF_MISSING", 200)


async def test_a_webhook_needs_no_token(client: httpx.AsyncClient) -> None:
    sent = {**cookie(), "Origin": "https://carrier.example"}
    assert (await client.post("/api/webhooks/telnyx/status", headers=sent)).status_code == 200


def test_two_tokens_of_one_id_differ_and_both_match() -> None:
    tokens = CsrfTokens(bytes(32))
    one, two = tokens.issue("a"), tokens.issue("a")
    assert one != two
    assert tokens.match(one, "a")
    assert tokens.match(two, "a")


def test_a_token_made_with_another_key_does_not_match() -> None:
    assert not CsrfTokens(bytes(32)).match(CsrfTokens(b"x" * 32).issue("a"), "a")


async def test_cookies_that_other_sites_make_a_browser_send_still_do_nothing_there(
    gateway: Gateway, peers: Peers
) -> None:
    ours, theirs = "https://app.example.org", {"Origin": "https://evil.example"}
    https = {"public_url": "https://texts.example.net", "trusted_proxies": "0"}
    async with gateway(cross_site_cookies=True, allowed_origins=ours, **https) as client:
        session = cookie(prefix="__Host-")
        told = await client.get("/api/csrf-token", headers={"Origin": ours})
        given = await csrf_token(client, session)
        answers = [
            await client.post(SEND, json={}, headers={**session, **theirs}),
            await client.post(SEND, json={}, headers=session),
            await client.post("/api/auth/refresh", headers={**session, **theirs}),
            await client.post("/api/auth/login", json={}, headers=theirs),
        ]
        refused = [code(each) for each in answers]
        own = {**session, "Origin": ours, "X-CSRF-Token": given}
        assert (await client.post(SEND, json={}, headers=own)).status_code == 200
    assert refused == [
        *("ORIGIN_NOT_ALLOWED", "CSRF_MISSING"),
        *("ORIGIN_NOT_ALLOWED", "ORIGIN_NOT_ALLOWED"),
    ]
    assert "SameSite=none" in told.headers["set-cookie"]
    assert len(peers["messaging"].seen) == 1
