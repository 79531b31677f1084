"""What passes the gateway, and in which form."""

import asyncio
import gzip
import json

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from koinonia.common.testing.eventually import eventually

from .conftest import Gateway, Peers
from .factories import bearer, cookie, token
from .peers import Seen, free_port


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/messages/1/recipients", "messaging"),
        ("/api/branches", "messaging"),
        ("/api/groups", "messaging"),
        ("/api/segments/1/members", "messaging"),
        ("/api/members", "messaging"),
        ("/api/phone-numbers", "messaging"),
        ("/api/conversations/1", "conversation"),
        ("/api/billing/usage", "billing"),
        ("/api/analytics/stats", "analytics"),
        ("/api/auth/me", "auth"),
    ],
)
async def test_a_path_leads_to_its_service(
    client: httpx.AsyncClient, peers: Peers, path: str, service: str
) -> None:
    response = await client.get(f"{path}?a=%2B1&b", headers=bearer())
    assert response.json()["path"] == path
    assert peers[service].last.query == "a=%2B1&b"


async def test_a_cookie_becomes_the_token_that_a_service_verifies(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    access = token()
    await client.get("/api/messages", headers=cookie(access, other="x"))
    assert peers["messaging"].last.headers["authorization"] == f"Bearer {access}"
    assert "cookie" not in peers["messaging"].last.headers


async def test_only_auth_is_sent_a_cookie_and_only_its_own(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    await client.post(
        "/api/auth/refresh", headers=cookie(koinonia_refresh="r1", koinonia_device="d1", other="x")
    )
    assert peers["auth"].last.headers["cookie"] == "koinonia_refresh=r1; koinonia_device=d1"


async def test_only_auth_sets_cookies(client: httpx.AsyncClient, peers: Peers) -> None:
    async def setting(_: Seen) -> Response:
        response = PlainTextResponse("ok")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    peers["auth"].answer = peers["messaging"].answer = setting
    from_auth = await client.get("/api/auth/me", headers=bearer())
    from_messaging = await client.get("/api/messages", headers=bearer())
    assert len(from_auth.headers.get_list("set-cookie")) == 2
    assert "set-cookie" not in from_messaging.headers


async def test_a_client_cannot_speak_in_the_name_of_the_gateway(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    smuggled = {
        "X-Koinonia-Csrf-Id": "mine",
        "X-Koinonia-Church": "theirs",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=203.0.113.9",
        "X-Real-Ip": "203.0.113.9",
        "Connection": "keep-alive, X-Dropped",
        "X-Dropped": "1",
        "X-Kept": "1",
    }
    await client.post("/api/auth/login", json={}, headers=smuggled)
    sent = peers["auth"].last.headers
    assert sent["x-forwarded-for"] == "127.0.0.1"
    assert sent["x-kept"] == "1"
    gone = {
        "x-koinonia-csrf-id",
        "x-koinonia-church",
        "x-forwarded-host",
        "forwarded",
        "x-dropped",
        "x-real-ip",
    }
    assert not gone & set(sent)


async def test_a_request_keeps_its_id_and_its_trace(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = {**bearer(), "X-Request-Id": "request-12345", "traceparent": trace}
    response = await client.get("/api/messages", headers=sent)
    assert response.headers.get_list("x-request-id") == ["request-12345"]
    assert peers["messaging"].last.headers["x-request-id"] == "request-12345"
    assert peers["messaging"].last.headers["traceparent"] == trace


async def test_a_request_without_an_id_is_given_one(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    response = await client.get("/api/messages", headers=bearer())
    assert response.headers["x-request-id"] == peers["messaging"].last.headers["x-request-id"]


async def test_the_body_of_a_webhook_arrives_byte_for_byte(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    raw = b'{"a":  1,\r\n "b": "\xc3\xa9"}'
    path = "/api/webhooks/telnyx/status?church=a%20b&recipient=%41"
    await client.post(path, content=raw, headers={"telnyx-signature-ed25519": "s"})
    seen = peers["ingress"].last
    assert (seen.body, seen.query) == (raw, "church=a%20b&recipient=%41")
    assert seen.headers["telnyx-signature-ed25519"] == "s"
    assert "content-type" not in seen.headers


async def test_a_large_body_passes_in_pieces(client: httpx.AsyncClient, peers: Peers) -> None:
    async def pieces():  # type: ignore[no-untyped-def]
        for _ in range(9):
            yield b"x" * 100_000

    response = await client.post("/api/members/import", content=pieces(), headers=bearer())
    assert response.json()["bytes"] == 900_000
    assert peers["messaging"].last.headers["transfer-encoding"] == "chunked"


async def test_a_body_keeps_its_length(client: httpx.AsyncClient, peers: Peers) -> None:
    body = b"x" * 9_000_000
    response = await client.post("/api/members/import", content=body, headers=bearer())
    assert response.json()["bytes"] == 9_000_000
    assert peers["messaging"].last.headers["content-length"] == "9000000"


@pytest.mark.parametrize(
    ("path", "size"), [("/api/messages/send", 1_100_000), ("/api/members/import", 10_500_000)]
)
@pytest.mark.parametrize("streamed", [False, True])
async def test_a_body_over_its_limit_is_refused(
    client: httpx.AsyncClient, path: str, size: int, streamed: bool
) -> None:
    async def pieces():  # type: ignore[no-untyped-def]
        for _ in range(size // 100_000):
            yield b"x" * 100_000

    content = pieces() if streamed else b"x" * size
    response = await client.post(path, content=content, headers=bearer())
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "TOO_LARGE"


async def test_an_answer_streams(client: httpx.AsyncClient, peers: Peers) -> None:
    gate = asyncio.Event()

    async def slowly(_: Seen) -> Response:
        async def parts():  # type: ignore[no-untyped-def]
            yield b"first"
            await gate.wait()
            yield b"second"

        return StreamingResponse(parts(), media_type="text/csv")

    peers["messaging"].answer = slowly
    async with client.stream("GET", "/api/messages/export", headers=bearer()) as response:
        chunks = response.aiter_raw()
        assert await anext(chunks) == b"first"
        gate.set()
        assert await anext(chunks) == b"second"


async def test_what_a_service_compressed_passes_as_it_is(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    compressed = gzip.compress(json.dumps(["x"] * 1000).encode())

    async def answer(_: Seen) -> Response:
        return Response(compressed, headers={"Content-Encoding": "gzip"})

    peers["messaging"].answer = answer
    async with client.stream("GET", "/api/messages", headers=bearer()) as response:
        raw = b"".join([chunk async for chunk in response.aiter_raw()])
    assert raw == compressed
    assert response.headers["content-encoding"] == "gzip"


async def test_status_and_headers_of_an_answer_pass(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    async def answer(_: Seen) -> Response:
        return Response(b"{}", 202, {"Location": "/api/messages/1", "Keep-Alive": "timeout=5"})

    peers["messaging"].answer = answer
    response = await client.post("/api/messages/send", headers=bearer())
    assert (response.status_code, response.headers["location"]) == (202, "/api/messages/1")
    assert "keep-alive" not in response.headers
    assert len(response.headers.get_list("date")) == 1


async def test_head_is_answered_without_a_body(client: httpx.AsyncClient) -> None:
    response = await client.head("/api/messages", headers=bearer())
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/unknown",
        "/api/messagesfoo",
        "/api//messages",
    ],
)
async def test_an_unknown_address_is_a_404_of_ours(
    client: httpx.AsyncClient, peers: Peers, path: str
) -> None:
    response = await client.get(raw(client, path), headers=bearer())
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "NOT_FOUND"
    assert not any(peer.seen for peer in peers.values())


@pytest.mark.parametrize(
    "path",
    [
        "/api/webhooks/%2e%2e/messages",
        "/api/webhooks/..%2fmessages",
        "/api/members/%5c",
        "/api/members/a//b",
    ],
)
async def test_an_address_that_can_be_read_in_two_ways_is_a_value_that_does_not_fit(
    client: httpx.AsyncClient, peers: Peers, path: str
) -> None:
    response = await client.get(raw(client, path), headers=bearer())
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "VALIDATION_ERROR"
    assert not any(peer.seen for peer in peers.values())


def raw(client: httpx.AsyncClient, path: str) -> httpx.URL:
    """As it stands, which a client would otherwise tidy."""
    return httpx.URL(client.base_url).copy_with(raw_path=path.encode())


async def test_a_service_that_is_away_is_a_503_with_advice(gateway: Gateway) -> None:
    async with gateway(messaging_url=f"http://127.0.0.1:{free_port()}") as client:
        response = await client.post("/api/messages/send", json={}, headers=bearer())
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "UPSTREAM_DOWN"
    assert response.headers["retry-after"] == "2"


async def test_a_service_that_is_too_slow_is_a_504(gateway: Gateway, peers: Peers) -> None:
    released = asyncio.Event()

    async def late(_: Seen) -> Response:
        await released.wait()
        return Response()

    peers["messaging"].answer = late
    async with gateway(upstream_seconds=0.3) as client:
        response = await client.get("/api/messages", headers=bearer())
        released.set()
    assert response.status_code == 504
    assert response.json()["error"]["code"] == "UPSTREAM_TIMEOUT"


async def test_a_file_may_take_longer_than_an_answer_as_long_as_it_comes(
    gateway: Gateway, peers: Peers
) -> None:
    async def film(_: Seen) -> Response:
        async def frames():  # type: ignore[no-untyped-def]
            for _ in range(5):
                yield b"x" * 1000
                await asyncio.sleep(0.1)  # five take longer than an answer may

        return StreamingResponse(frames(), media_type="video/mp4")

    peers["conversation"].answer = film
    async with gateway(upstream_seconds=0.3) as client:
        response = await client.get("/api/files/1")
    assert (response.status_code, len(response.content)) == (200, 5000)


async def _broken_off(times: int, counted: list[bytes]) -> asyncio.Server:
    """A server that reads a request and closes, ``times`` times, before it answers one."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counted.append(await reader.readuntil(b"\r\n\r\n"))
        if len(counted) > times:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1")


@pytest.mark.parametrize(
    ("method", "times", "status", "requests"),
    [("GET", 1, 200, 2), ("GET", 2, 502, 2), ("DELETE", 1, 502, 1), ("POST", 1, 502, 1)],
)
async def test_only_a_get_is_repeated_and_only_once(
    gateway: Gateway, method: str, times: int, status: int, requests: int
) -> None:
    counted: list[bytes] = []
    async with await _broken_off(times, counted) as server:
        port = server.sockets[0].getsockname()[1]
        async with gateway(messaging_url=f"http://127.0.0.1:{port}") as client:
            response = await client.request(method, "/api/messages/1", headers=bearer())
    assert (response.status_code, len(counted)) == (status, requests)


async def test_many_requests_at_once_each_get_their_own_answer(
    client: httpx.AsyncClient,
) -> None:
    paths = [f"/api/messages/{number}" for number in range(200)]
    responses = await asyncio.gather(*(client.get(path, headers=bearer()) for path in paths))
    assert [response.json()["path"] for response in responses] == paths


async def test_a_client_that_leaves_ends_its_upload_there_too(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    async def pieces():  # type: ignore[no-untyped-def]
        yield b"x" * 1000
        await asyncio.Event().wait()

    peer = peers["messaging"]
    upload = asyncio.create_task(
        client.post("/api/messages/send", content=pieces(), headers=bearer())
    )
    await eventually(lambda: peer.arrived)
    upload.cancel()
    await eventually(lambda: peer.seen)
    assert peer.last.body == b"x" * 1000
