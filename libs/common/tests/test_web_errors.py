"""Whatever goes wrong, the answer has one form and says what to do."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from koinonia.common import web
from koinonia.common.errors import Conflict

router = APIRouter(prefix="/api/things")


class NewThing(web.Input):
    first_name: str
    tag_names: list[int] = Field(default=[])


class AlreadyThere(Conflict):
    code = "ALREADY_THERE"
    message = "This thing exists. Change it with PATCH /api/things/1."


class SqlState(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@router.post("", status_code=201)
async def add_thing(thing: NewThing) -> NewThing:
    return thing


@router.post("/taken")
async def add_taken_thing() -> None:
    raise AlreadyThere(details={"id": 1}, headers={"Retry-After": "7"})


@router.post("/upload")
async def upload_thing(file: UploadFile) -> int:
    return len(await file.read())


@router.get("/broken")
async def broken_thing() -> None:
    raise RuntimeError("the password is hunter2")


@router.get("/database/{state}")
async def database_thing(state: str) -> None:
    raise DBAPIError("SELECT", {}, SqlState(state))


@router.get("/{thing_id}")
async def thing(thing_id: int) -> int:
    return thing_id


@router.delete("/{thing_id}", status_code=204)
async def remove_thing(thing_id: int) -> None:
    """Gone."""


@router.get("/{thing_id}/endless")
async def endless_thing(thing_id: int) -> StreamingResponse:
    async def pieces() -> AsyncIterator[str]:
        while True:
            yield str(thing_id)

    return StreamingResponse(pieces())


async def call(method: str, path: str, **request: object) -> httpx.Response:
    app = web.create_app("things", title="Things", routers=[router])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://things") as client:
        return await client.request(method, "/api/things" + path, **request)  # type: ignore[arg-type]


def problem(response: httpx.Response) -> dict[str, object]:
    assert set(response.json()) == {"error"}
    error: dict[str, object] = response.json()["error"]
    assert set(error) == {"message", "code", "details", "requestId"}
    assert error.pop("requestId") == response.headers["x-request-id"]
    return error


async def test_an_error_of_the_domain_carries_its_status_sentence_details_and_headers() -> None:
    response = await call("POST", "/taken")
    assert (response.status_code, response.headers["retry-after"]) == (409, "7")
    assert problem(response) == {
        "message": AlreadyThere.message,
        "code": "ALREADY_THERE",
        "details": {"id": 1},
    }


async def test_a_bad_field_is_named_as_the_client_wrote_it() -> None:
    body = {"firstName": 7, "tagNames": [1, "x"]}
    response = await call("POST", "", json=body)
    error = problem(response)
    assert (response.status_code, error["code"]) == (400, "VALIDATION_ERROR")
    assert [entry["field"] for entry in error["details"]] == ["firstName", "tagNames[1]"]  # type: ignore[attr-defined]
    assert str(error["message"]).startswith(
        "firstName: This must be text, in quotation marks. 1 more"
    )


async def test_what_the_client_sent_is_not_sent_back() -> None:
    response = await call("POST", "", json={"firstName": {"phone": "+12025550100"}})
    assert "+1202" not in response.text


async def test_a_field_of_the_path_is_named_in_camel_case() -> None:
    error = problem(await call("GET", "/seven"))
    assert error["details"][0]["field"] == "thingId"  # type: ignore[index]


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        (
            {"content": "{bad", "headers": {"Content-Type": "application/json"}},
            400,
            "not valid JSON",
        ),
        ({"content": b'"\xff"', "headers": {"Content-Type": "application/json"}}, 400, "UTF-8"),
        ({}, 400, "A JSON body is required"),
        ({"content": "{}", "headers": {"Content-Type": "text/plain"}}, 415, "application/json"),
        ({"json": {}}, 400, "firstName: This is required"),
    ],
)
async def test_a_body_that_cannot_be_used_is_explained(
    request_: dict[str, object], status: int, words: str
) -> None:
    response = await call("POST", "", **request_)
    assert response.status_code == status
    assert words in str(problem(response)["message"])


async def test_a_form_cut_short_is_explained() -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await call("POST", "/upload", content=b"--x\r\nnonsense", headers=form)
    assert (response.status_code, problem(response)["code"]) == (400, "VALIDATION_ERROR")


async def test_an_address_that_does_not_exist_is_404_in_the_same_form() -> None:
    response = await call("GET", "/1/2/3")
    assert (response.status_code, problem(response)["code"]) == (404, "NOT_FOUND")


async def test_an_address_with_several_routes_allows_all_of_their_methods() -> None:
    response = await call("PATCH", "/7")
    assert (response.status_code, response.headers["allow"]) == (405, "DELETE, GET, HEAD, OPTIONS")
    assert problem(response)["message"] == "PATCH is not possible here. Use DELETE, GET, HEAD."


async def test_head_answers_as_get_without_a_body() -> None:
    head, get = await call("HEAD", "/7"), await call("GET", "/7")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert (await call("HEAD", "/nothing/here")).status_code == 404
    assert (await call("HEAD", "/seven")).status_code == 400


async def test_head_does_not_wait_for_an_answer_that_goes_on() -> None:
    head = await call("HEAD", "/7/endless")
    assert (head.status_code, head.content) == (200, b"")


async def test_options_says_which_methods_an_address_has() -> None:
    answer = await call("OPTIONS", "/7")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "DELETE, GET, HEAD, OPTIONS"
    assert (await call("OPTIONS", "/nothing/here")).status_code == 404


async def test_a_wrong_method_is_405_and_says_which_is_right() -> None:
    response = await call("PUT", "/taken")
    assert (response.status_code, problem(response)["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "OPTIONS, POST"


async def test_an_address_of_its_own_is_never_an_id() -> None:
    response = await call("DELETE", "/taken")
    assert (response.status_code, response.headers["allow"]) == (405, "OPTIONS, POST")


async def test_a_crash_is_a_500_that_tells_the_log_everything_and_the_client_nothing() -> None:
    with capture_logs() as lines:
        response = await call("GET", "/broken")
    assert (response.status_code, problem(response)["code"]) == (500, "INTERNAL_ERROR")
    assert "hunter2" not in response.text
    assert "hunter2" in str(next(line for line in lines if line["event"] == "request.failed"))


@pytest.mark.parametrize(
    ("state", "status"), [("22021", 400), ("57P01", 503), ("08006", 503), ("23505", 500)]
)
async def test_a_failure_of_the_database_is_told_by_its_kind(state: str, status: int) -> None:
    with capture_logs():
        response = await call("GET", f"/database/{state}")
    assert response.status_code == status
    problem(response)
