"""Nothing of a request is dropped: what a route does not declare is refused, with its name."""

from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import APIRouter, Depends, File, Form, Query, UploadFile

from koinonia.common import web
from koinonia.common.web import PageQuery, known_input

router = APIRouter(prefix="/api/choirs")


class Choir(web.Input):
    name: str
    is_open: bool = True


class Wanted(web.Schema):
    sung_in: str | None = None


async def wanted(query: Annotated[Wanted, Query()]) -> Wanted:
    return query


@router.get("")
async def list_choirs(
    page: PageQuery,
    chosen: Annotated[Wanted, Depends(wanted)],
    group_id: Annotated[int | None, Query(alias="groupId")] = None,
    tags: Annotated[list[str], Query()] = (),  # type: ignore[assignment]
) -> list[str]:
    return [*tags, str(page.limit), str(chosen.sung_in), str(group_id)]


@router.post("", status_code=201)
async def found_choir(choir: Choir) -> Choir:
    return choir


@router.post("/{choir_id}/sing", status_code=204)
async def sing(choir_id: int, loud: bool = False, alone: bool | Literal["first"] = False) -> None:
    """Takes no body."""


@router.post("/{choir_id}/scores")
async def upload_scores(
    choir_id: int,
    scores: Annotated[list[UploadFile], File()],
    title: Annotated[str, Form(alias="songTitle")] = "",
    is_new: Annotated[bool, Form(alias="isNew")] = False,
) -> str:
    return f"{len(scores)} {title}"


async def call(method: str, path: str = "", **request: object) -> httpx.Response:
    app = web.create_app("choirs", title="Choirs", routers=[router])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://choirs") as client:
        return await client.request(method, "/api/choirs" + path, **request)  # type: ignore[arg-type]


def refusal(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 400, answer.text
    error: dict[str, Any] = answer.json()["error"]
    return error


async def test_what_is_declared_is_taken() -> None:
    answer = await call("GET", "?limit=5&groupId=7&tags=a&tags=b&sungIn=de")
    assert answer.json() == ["a", "b", "5", "de", "7"]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("groupID", "groupId"),
        ("group_id", "groupId"),
        ("sung_in", "sungIn"),
        ("limits", "limit"),
        ("consent", None),
        ("", None),
        ("%00", None),
    ],
)
async def test_an_unknown_parameter_is_refused_with_the_nearest_known_one(
    name: str, nearest: str | None
) -> None:
    error = refusal(await call("GET", f"?limit=5&{name}=7"))
    if name != "%00":
        [detail] = error["details"]
        assert (error["code"], detail["place"]) == ("UNKNOWN_FIELD", "query")
        assert (detail["field"], detail["nearest"]) == (name, nearest)


async def test_all_unknown_ones_are_named() -> None:
    error = refusal(await call("GET", "?a=1&limit=5&b=2&a=3"))
    assert [each["field"] for each in error["details"]] == ["a", "b"]
    assert "1 more under details" in error["message"]


async def test_one_that_is_given_twice_is_refused() -> None:
    error = refusal(await call("GET", "?limit=5&limit=6"))
    assert (error["code"], error["details"][0]["field"]) == ("REPEATED_FIELD", "limit")


@pytest.mark.parametrize("written", ["1", "yes", "on", "t", "True", "TRUE", "0", "no", " true"])
async def test_a_boolean_of_an_address_or_a_form_is_true_or_false(written: str) -> None:
    asked = {"%6Coud": written} if written == "0" else {"loud": written}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    error = refusal(await call("POST", f"/1/sing?{query}"))
    detail = {"field": "loud", "problem": "This must be true or false.", "place": "query"}
    assert (error["code"], error["details"]) == ("VALIDATION_ERROR", [detail])
    files, form = {"scores": ("a.pdf", b"x")}, {"isNew": written}
    error = refusal(await call("POST", "/1/scores", files=files, data=form))
    assert error["details"] == [detail | {"field": "isNew", "place": "body"}]
    assert (await call("POST", "/1/sing?loud=false")).status_code == 204
    [wrong] = refusal(await call("POST", f"/1/sing?alone={written}"))["details"]
    assert wrong == detail | {"field": "alone", "problem": "This must be true, false or first."}
    for word in ("true", "false", "first"):
        assert (await call("POST", f"/1/sing?alone={word}")).status_code == 204
    form = {"isNew": "true"}
    assert (await call("POST", "/1/scores", files=files, data=form)).status_code == 200


async def test_a_body_is_refused_where_none_is_taken() -> None:
    error = refusal(await call("POST", "/1/sing", json={"loud": True}))
    assert error["code"] == "UNEXPECTED_BODY"
    assert refusal(await call("GET", json={"limit": 5}))["code"] == "UNEXPECTED_BODY"
    pieces = {"content": piece(b'{"loud":', b" true}")}
    assert refusal(await call("POST", "/1/sing", **pieces))["code"] == "UNEXPECTED_BODY"


@pytest.mark.parametrize("said", [b"", b"{}", b" {} ", b"null"])
async def test_a_body_that_says_nothing_is_none(said: bytes) -> None:
    json = {"Content-Type": "application/json"}
    assert (await call("POST", "/1/sing", content=said, headers=json)).status_code == 204


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"name": "A", "name": "B"}', "name"),
        ('{"name": "A", "isOpen": true, "is\\u004fpen": false}', "isOpen"),
        ('{"name": {"x": [{"y": 1, "y": 1}]}}', "y"),
    ],
)
async def test_a_name_that_stands_twice_in_an_object_is_refused(body: str, name: str) -> None:
    json = {"Content-Type": "application/json"}
    for content in (body, piece(body[:10].encode(), body[10:].encode())):
        error = refusal(await call("POST", content=content, headers=json))
        assert (error["code"], error["details"][0]["field"]) == ("REPEATED_FIELD", name)


async def test_a_body_once_over_is_taken() -> None:
    answer = await call("POST", json={"name": '"name": "name":', "isOpen": False})
    assert answer.status_code == 201


async def test_a_form_is_held_to_its_fields() -> None:
    files = [("scores", b"1"), ("scores", b"2")]
    answer = await call("POST", "/1/scores", files=files, data={"songTitle": "Amazing"})
    assert answer.json() == "2 Amazing"
    error = refusal(await call("POST", "/1/scores", files=files, data={"song_title": "x"}))
    assert error["details"][0]["nearest"] == "songTitle"
    error = refusal(await call("POST", "/1/scores", files=[*files, ("score", b"3")]))
    assert error["code"] == "UNKNOWN_FIELD"
    error = refusal(await call("POST", "/1/scores", files=files, data={"songTitle": ["a", "b"]}))
    assert error["code"] == "REPEATED_FIELD"


async def test_what_is_unknown_is_refused_before_the_path_is_looked_at() -> None:
    assert refusal(await call("POST", "/one/sing?lod=1"))["code"] == "UNKNOWN_FIELD"


async def test_a_wrong_method_is_405_whatever_it_says() -> None:
    assert (await call("DELETE", "?x=1")).status_code == 405


async def test_a_router_may_be_in_several_applications() -> None:
    for _ in range(3):
        assert (await call("GET", "?limit=5")).status_code == 200
    [route] = [each for each in router.routes if each.path.endswith("/sing")]  # type: ignore[attr-defined]
    assert isinstance(route.handle, known_input.Guarded)
    assert not isinstance(route.handle._handle, known_input.Guarded)


async def piece(*pieces: bytes) -> Any:
    for each in pieces:
        yield each
