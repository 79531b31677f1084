"""What every answer carries."""

import httpx
import pytest
from starlette.responses import Response

from .conftest import Gateway, Peers
from .factories import bearer
from .peers import Seen, free_port

APP = "https://app.example.org"
LARGE = b"x" * 2_000_000


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/messages", 200), ("/api/nothing", 404), ("/api/billing/usage", 503), ("/health", 200)],
)
async def test_every_answer_carries_the_security_headers(
    gateway: Gateway, path: str, status: int
) -> None:
    async with gateway(billing_url=f"http://127.0.0.1:{free_port()}") as client:
        response = await client.get(path, headers=bearer())
    assert response.status_code == status
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in response.headers
    assert "server" not in response.headers


async def test_https_stays_https(gateway: Gateway) -> None:
    async with gateway(public_url="https://texts.example.org") as client:
        response = await client.get("/api/messages")
    assert response.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_answers_are_not_stored_unless_a_service_says_so(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    async def cached(_: Seen) -> Response:
        return Response(headers={"Cache-Control": "private, max-age=60"})

    peers["analytics"].answer = cached
    plain = await client.get("/api/messages", headers=bearer())
    told = await client.get("/api/analytics/stats", headers=bearer())
    assert plain.headers["cache-control"] == "no-store"
    assert told.headers.get_list("cache-control") == ["private, max-age=60"]


async def test_a_frontend_of_ours_may_read_the_answers(gateway: Gateway) -> None:
    async with gateway(allowed_origins=APP) as client:
        response = await client.get("/api/messages", headers={**bearer(), "Origin": APP})
    assert response.headers["access-control-allow-origin"] == APP
    assert response.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in response.headers["vary"]


async def test_a_frontend_of_ours_may_read_a_refusal_too(gateway: Gateway) -> None:
    async with gateway(allowed_origins=APP) as client:
        response = await client.post("/api/messages/send", content=LARGE, headers={"Origin": APP})
    assert response.status_code == 413
    assert response.headers["access-control-allow-origin"] == APP


async def test_another_origin_may_not(gateway: Gateway) -> None:
    async with gateway(allowed_origins=APP) as client:
        sent = {**bearer(), "Origin": "https://evil.example"}
        response = await client.get("/api/messages", headers=sent)
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(("origin", "status"), [(APP, 200), ("https://evil.example", 403)])
async def test_a_browser_asks_before_it_changes_something(
    gateway: Gateway, peers: Peers, origin: str, status: int
) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,idempotency-key,x-csrf-token,"
        "last-event-id,if-none-match,if-match",
    }
    async with gateway(allowed_origins=APP) as client:
        response = await client.options("/api/messages/send", headers=asked)
    assert response.status_code == status
    assert ("access-control-allow-origin" in response.headers) == (status == 200)
    assert not peers["messaging"].seen


@pytest.mark.parametrize(
    ("origin", "method", "header", "status", "code"),
    [
        ("https://evil.example", "POST", "content-type", 403, "ORIGIN_NOT_ALLOWED"),
        ("null", "GET", "content-type", 403, "ORIGIN_NOT_ALLOWED"),
        (APP, "TRACE", "content-type", 400, "VALIDATION_ERROR"),
        (APP, "POST", "x-koinonia-kept", 400, "VALIDATION_ERROR"),
    ],
)
async def test_a_browser_that_may_not_is_told_so_in_the_form_of_every_error(
    gateway: Gateway, origin: str, method: str, header: str, status: int, code: str
) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": header,
    }
    async with gateway(allowed_origins=APP) as client:
        response = await client.options("/api/messages/send", headers=asked)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert error["requestId"] == response.headers["x-request-id"]
    assert response.headers["vary"].startswith("Origin")


async def test_a_frontend_of_ours_may_read_what_a_cache_and_a_repeat_need(gateway: Gateway) -> None:
    async with gateway(allowed_origins=APP) as client:
        answer = await client.get("/api/messages", headers={**bearer(), "Origin": APP})
    exposed = set(answer.headers["access-control-expose-headers"].split(", "))
    assert {"ETag", "Retry-After", "X-Request-Id", "RateLimit-Remaining"} <= exposed


async def test_head_passes_as_head_and_brings_no_body(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    async def long(_: Seen) -> Response:
        return Response(LARGE, headers={"ETag": '"1"'})

    peers["analytics"].answer = long
    answer = await client.head("/api/analytics/stats", headers=bearer())
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (200, b"", '"1"')
    assert peers["analytics"].seen[-1].method == "HEAD"


async def test_head_of_what_the_gateway_answers_itself(client: httpx.AsyncClient) -> None:
    answer = await client.head("/api/csrf-token")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (await client.head("/health")).status_code == 200


async def test_a_wrong_method_is_told_the_right_ones_through_the_gateway(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    async def wrong(_: Seen) -> Response:
        return Response(status_code=405, headers={"Allow": "GET, HEAD"})

    peers["analytics"].answer = wrong
    passed = await client.delete("/api/analytics/stats", headers=bearer())
    own = await client.delete("/api/csrf-token")
    allowed = [each.headers["allow"] for each in (passed, own)]
    assert allowed == ["GET, HEAD", "GET, HEAD, OPTIONS"]


async def test_options_says_what_there_is_to_who_has_no_session(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    async def methods(_: Seen) -> Response:
        return Response(status_code=204, headers={"Allow": "GET, HEAD, OPTIONS"})

    peers["analytics"].answer = methods
    answers = [await client.options(path) for path in ("/api/analytics/stats", "/api/csrf-token")]
    assert [each.status_code for each in answers] == [204, 204]
    assert [each.headers["allow"] for each in answers] == ["GET, HEAD, OPTIONS"] * 2
    assert (await client.options("/api/nothing")).status_code == 404
