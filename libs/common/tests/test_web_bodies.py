"""A body over its limit is refused before it fills the memory; one that fits arrives whole."""

import hashlib
from collections.abc import AsyncIterator

import httpx
from fastapi import APIRouter, Request, UploadFile

from koinonia.common import web
from koinonia.common.web.bodies import BODY_LIMIT, MB

router = APIRouter(prefix="/api")


@router.post("/digest", openapi_extra={"requestBody": {}})
async def digest(request: Request) -> str:
    return hashlib.sha256(await request.body()).hexdigest()


@router.post("/untouched")
async def untouched() -> str:
    return "the body was never read"


@router.post("/texts/{text_id}/file")
@router.post("/import")
async def import_file(file: UploadFile) -> int:
    return len(await file.read())


async def chunks(count: int, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    for number in range(count):
        yield bytes([number % 251]) * size


async def post(path: str, **request: object) -> httpx.Response:
    limits = {"/api/import": 3 * MB, "/api/texts/*/file": 3 * MB}
    app = web.create_app("files", routers=[router], body_limits=limits)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://files") as client:
        return await client.post(path, **request)  # type: ignore[arg-type]


def assert_too_large(response: httpx.Response, limit: str) -> None:
    assert (response.status_code, response.json()["error"]["code"]) == (413, "TOO_LARGE")
    assert limit in response.json()["error"]["message"]


async def test_a_body_of_exactly_the_limit_arrives_whole() -> None:
    body = bytes(range(256)) * (BODY_LIMIT // 256)
    response = await post("/api/digest", content=body)
    assert response.json() == hashlib.sha256(body).hexdigest()


async def test_a_streamed_body_within_the_limit_arrives_whole() -> None:
    response = await post("/api/digest", content=chunks(4))
    whole = b"".join([chunk async for chunk in chunks(4)])
    assert response.json() == hashlib.sha256(whole).hexdigest()


async def test_a_declared_length_over_the_limit_is_refused_unread() -> None:
    response = await post("/api/untouched", content=b"x" * (BODY_LIMIT + 1))
    assert_too_large(response, "256 KB")


async def test_a_streamed_body_is_counted() -> None:
    assert_too_large(await post("/api/digest", content=chunks(5)), "256 KB")


async def test_a_path_may_have_a_larger_limit() -> None:
    for path in ("/api/import", "/api/texts/7/file"):
        response = await post(path, files={"file": b"x" * (2 * MB)})
        assert (response.status_code, response.json()) == (200, 2 * MB)
    assert_too_large(await post("/api/texts/7/8/file", content=b"x" * (2 * MB)), "256 KB")


async def test_a_streamed_form_is_counted_against_its_own_limit() -> None:
    async def form() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        async for chunk in chunks(49):
            yield chunk

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert_too_large(await post("/api/import", content=form(), headers=headers), "3 MB")
