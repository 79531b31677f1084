"""A read that goes past FastAPI is answered as FastAPI answers it."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import Field

from koinonia.common import errors, web
from koinonia.common.web import PageQuery
from koinonia.common.web.quick import inputs
from koinonia.common.web.quick.read_routes import READ, ReadRoutes

router = APIRouter(prefix="/api/choirs")
parts = APIRouter(dependencies=[])
steps: list[str] = []


class Choir(web.Schema):
    name: str
    sung_in: str | None = None


class Wanted(web.Schema):
    tags: list[str] = Field(default_factory=list)


async def wanted(query: Annotated[Wanted, Query()]) -> Wanted:
    return query


async def known(request: Request, key: Annotated[str | None, Header(alias="X-Key")] = None) -> str:
    steps.append("known")
    if key is None:
        raise errors.Unauthorized
    return f"{key} at {request.url.path}"


Known = Annotated[str, Depends(known)]


async def opened(key: Known) -> AsyncIterator[str]:
    steps.append("opened")
    yield key
    steps.append("closed")


Opened = Annotated[str, Depends(opened, scope="function")]


@router.get("", response_model=list[Choir])
async def list_choirs(
    key: Known, session: Opened, page: PageQuery, name: Annotated[str, Query(max_length=5)] = "all"
) -> Response:
    return web.json_answer({"key": key, "session": session, "limit": page.limit, "name": name})


@router.get("/wanted")
async def list_wanted(query: Annotated[Wanted, Depends(wanted)]) -> list[str]:
    query.tags.append("seen")
    return query.tags


@router.get("/{choir_id}")
async def read_choir(choir_id: int, session: Opened) -> Choir:
    if choir_id == 404:
        raise errors.NotFound
    return Choir(name=f"{choir_id} {session}")


@router.get("/{choir_id}/headers")
async def read_headers(choir_id: int, response: Response) -> str:
    """FastAPI has to answer it: it is given its own answer."""
    response.headers["X-Choir"] = str(choir_id)
    return "sung"


@router.post("/sing", status_code=204)
async def sing() -> None:
    """What stands here is no choir's id."""


@parts.get("/parts")
async def list_parts(choir_id: int) -> str:
    return f"parts of {choir_id}"


router.include_router(parts, prefix="/{choir_id}", dependencies=[Depends(known)])

GOOD = {"X-Key": "alto"}
ASKED = [
    ("GET", "", GOOD),
    ("GET", "?limit=5&name=bach", GOOD),
    ("GET", "?limit=5&name=beethoven", GOOD),
    ("GET", "?limit=none&name=beethoven", GOOD),
    ("GET", "?limit=none", {}),
    ("GET", "?limit=5&limit=6", GOOD),
    ("GET", "?unknown=5", GOOD),
    ("GET", "/wanted?tags=a&tags=b", {}),
    ("GET", "/7", GOOD),
    ("HEAD", "/7", GOOD),
    ("GET", "/7?limit=3", GOOD),
    ("GET", "/seven", GOOD),
    ("GET", "/seven", {}),
    ("GET", "/404", GOOD),
    ("GET", "/7/headers", {}),
    ("GET", "/7/parts", GOOD),
    ("GET", "/7/parts", {}),
    ("GET", "/sing", GOOD),
    ("GET", "/7/nothing", GOOD),
    ("POST", "/7", GOOD),
    ("OPTIONS", "/7", GOOD),
]


def app() -> FastAPI:
    return web.create_app("choirs", title="Choirs", routers=[router])


def slow_app() -> FastAPI:
    made = app()
    assert isinstance(made.router.routes.pop(0), ReadRoutes)
    return made


async def call(
    app: FastAPI, method: str, path: str, headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://choirs"
    ) as client:
        sent = {"X-Request-Id": "same-request", **headers}
        answer = await client.request(method, "/api/choirs" + path, headers=sent)
        return answer.status_code, dict(answer.headers), answer.content


@pytest.mark.parametrize(("method", "path", "headers"), ASKED)
async def test_the_answer_is_the_same(method: str, path: str, headers: dict[str, str]) -> None:
    quick = app()
    expected = await call(slow_app(), method, path, headers)
    assert await call(quick, method, path, headers) == expected
    assert await call(quick, method, path, headers) == expected  # also from what is remembered


@pytest.mark.parametrize(
    ("path", "is_quick"),
    [("", True), ("/7", True), ("/7/parts", True), ("/7/headers", False), ("/sing", False)],
)
async def test_what_is_plain_goes_past_the_framework(path: str, is_quick: bool) -> None:
    scope = {"type": "http", "method": "GET", "path": f"/api/choirs{path}"}
    _, found = ReadRoutes([router]).matches(scope)
    app()  # guards the routes, which is what a plain one is known by
    _, found = ReadRoutes([router]).matches(scope)
    assert (READ in found) is is_quick


async def test_a_dependency_is_asked_once_and_over_before_the_answer_leaves() -> None:
    steps.clear()
    status, _, _ = await call(app(), "GET", "/7", GOOD)
    assert (status, steps) == (200, ["known", "opened", "closed"])


async def test_what_a_request_changes_is_not_remembered() -> None:
    quick = app()
    answers = [await call(quick, "GET", "/wanted?tags=a", {}) for _ in range(2)]
    assert [body for _, _, body in answers] == [b'["a","seen"]', b'["a","seen"]']


async def test_no_more_is_remembered_than_has_room() -> None:
    [route] = [each for each in router.routes if getattr(each, "name", "") == "list_choirs"]
    assert isinstance(route, APIRoute)
    remembered = inputs.Query(route.dependant.query_params)
    for n in range(inputs.REMEMBERED + 10):
        asked = Request({"type": "http", "query_string": f"name={n}".encode()})
        assert remembered.read(asked) == ({"name": str(n)}, [])
    assert len(remembered._known) == inputs.REMEMBERED
    remembered.read(Request({"type": "http", "query_string": b"name=a&b=" + b"x" * 999}))
    assert b"name=0" not in remembered._known
    assert b"name=20" in remembered._known
