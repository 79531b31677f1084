"""Every request has an id and leaves one line in the log."""

from typing import Any

import httpx
import pytest
import structlog
from fastapi import APIRouter, Request
from starlette.types import Message
from structlog.testing import capture_logs

from koinonia.common import web
from koinonia.common.errors import NotFound

router = APIRouter(prefix="/api/things")


@router.get("/id")
async def bound_request_id() -> str:
    return str(structlog.contextvars.get_contextvars()["request_id"])


@router.get("/long")
async def long_thing() -> str:
    return "long " * 1000


@router.post("/body", openapi_extra={"requestBody": {}})
async def body(request: Request) -> int:
    return len(await request.body())


@router.get("/{thing_id}")
async def thing(thing_id: str, phone: str = "") -> str:
    if thing_id == "broken":
        raise RuntimeError
    if thing_id == "none":
        raise NotFound
    return thing_id + phone


async def fetch(path: str, **headers: str) -> httpx.Response:
    app = web.create_app("things", title="Things", routers=[router])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://things") as client:
        return await client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


async def lines_of(path: str) -> list[Any]:
    merge = structlog.contextvars.merge_contextvars
    with capture_logs(processors=[merge]) as lines:
        await fetch(path)
    return [line for line in lines if line["event"] == "request.finished"]


async def test_a_sane_request_id_is_kept_bound_and_echoed() -> None:
    response = await fetch("/api/things/id", x_request_id="from-the-gateway-1")
    assert response.headers["x-request-id"] == response.json() == "from-the-gateway-1"


@pytest.mark.parametrize("unsafe", ["", "short", "a" * 65, "new\tline-1234", '{"a":"b","c":1}'])
async def test_a_request_id_that_could_spoil_the_log_is_replaced(unsafe: str) -> None:
    response = await fetch("/api/things/id", x_request_id=unsafe)
    assert response.headers["x-request-id"] == response.json() != unsafe


async def test_a_crash_carries_the_request_id_too() -> None:
    with capture_logs():
        response = await fetch("/api/things/broken", x_request_id="crash-0001")
    assert (response.status_code, response.headers["x-request-id"]) == (500, "crash-0001")


async def test_the_log_has_the_route_and_neither_ids_nor_the_query() -> None:
    [line] = await lines_of("/api/things/42?phone=%2B12025550100")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/things/{thing_id}", 200)
    assert "42" not in str({**line, "ms": 0, "request_id": ""})
    assert "2025550100" not in str(line)


async def test_the_log_has_the_code_of_an_error() -> None:
    [line] = await lines_of("/api/things/none")
    assert (line["status"], line["error_code"]) == (404, "NOT_FOUND")


async def test_an_unknown_path_is_not_written_to_the_log() -> None:
    [line] = await lines_of("/wp-admin/install.php")
    assert (line["route"], line["status"]) == ("-", 404)


async def test_a_probe_is_no_news() -> None:
    [line] = await lines_of("/health")
    assert line["log_level"] == "debug"


async def test_long_answers_are_compressed_for_whoever_accepts_it() -> None:
    compressed = await fetch("/api/things/long", accept_encoding="gzip")
    plain = await fetch("/api/things/long", accept_encoding="identity")
    assert compressed.headers["content-encoding"] == "gzip"
    assert (len(compressed.text), "content-encoding" in plain.headers) == (len(plain.text), False)


async def test_short_answers_are_left_alone() -> None:
    response = await fetch("/api/things/id", accept_encoding="gzip")
    assert "content-encoding" not in response.headers


async def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_failure_of_ours() -> None:
    app = web.create_app("things", title="Things", routers=[router])
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/things/body",
        "query_string": b"",
        "headers": [],
        "app": app,
    }
    answers: list[Message] = []

    async def leaves() -> Message:
        return {"type": "http.disconnect"}

    async def answer(message: Message) -> None:
        answers.append(message)

    with capture_logs() as logged:
        await app(scope, leaves, answer)
    assert [(line["event"], line["status"]) for line in logged] == [("request.finished", 499)]
    assert answers == []
