"""Text that no database holds is refused at the door, wherever it stands in a request."""

import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
import structlog
from fastapi import APIRouter, Form
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from koinonia.common import errors, visible_text, web
from koinonia.common.web import problems, stored_text
from koinonia.common.web.stored_text import StoredText

router = APIRouter(prefix="/api/things")


@router.post("")
async def add_thing(thing: dict[str, Any]) -> int:
    return len(thing)


@router.post("/forms")
async def add_form(name: Annotated[str, Form()]) -> int:
    return len(name)


@router.get("/{name}")
async def read_thing(name: str, search: str = "") -> int:
    return len(name + search)


def _client(*, checks_text: bool = True) -> httpx.AsyncClient:
    app = web.create_app("things", routers=[router], checks_text=checks_text)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://things")


JSON = {"Content-Type": "application/json"}
BODIES = [
    b'{"a": "\\ud83d"}',
    b'{"a": "b\\u0000"}',
    b'{"\\ud83d": 1}',
    b'{"a": {"b": [1, {"c\\udc00": null}]}}',
    b'{"a": "\xed\xa0\xbd"}',  # half a character in bytes
    '{"a": "\\ud83d"}'.encode("utf-16"),
    b'{"a": "\\ud83d\\\\\\ude00"}',  # what stands between is a backslash, so neither is whole
    b'{"a": "\\ude00\\ud83d"}',
    b'{"a": ' + b"[" * 400 + b'"\\udead"' + b"]" * 400 + b"}",
]


@pytest.mark.parametrize("body", BODIES)
async def test_json_with_half_a_character_is_refused_with_a_sentence(body: bytes) -> None:
    async with _client() as client:
        refused = await client.post("/api/things", content=body, headers=JSON)
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].endswith("Remove it.")


@pytest.mark.parametrize("size", [1, 7, 64])
async def test_a_body_in_pieces_is_checked_as_a_whole(size: int) -> None:
    body = b'{"a": "\\ud83d", "b": "' + b"a" * 100 + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), size):
            yield body[at : at + size]

    async with _client() as client:
        refused = await client.post("/api/things", content=pieces(), headers=JSON)
    assert refused.json()["error"]["details"][0]["field"] == "a"


@given(st.text(st.characters(exclude_categories=()), max_size=9), st.booleans())
def test_json_is_refused_exactly_when_what_it_says_cannot_be_stored(
    said: str, escaped: bool
) -> None:
    raw = json.dumps([said], ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    assert _is_refused(raw) == (visible_text.obstacle(json.loads(raw)[0]) is not None)


def _is_refused(raw: bytes) -> bool:
    async def receive() -> Message:
        return {"type": "http.request", "body": raw}

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b""}
    scope["headers"] = [(b"content-type", b"application/json")]
    reading = StoredText(read)(scope, receive, _nowhere)
    try:
        reading.send(None)
    except StopIteration:
        return False
    except stored_text.UnstorableText:
        return True
    raise AssertionError("nothing here waits")


async def _nowhere(_: Message) -> None:
    raise AssertionError("nothing here answers")


def test_a_hostile_body_costs_less_than_a_tenth_of_a_second() -> None:
    hostile = b"[" + b'"\\ud83d\\ude00",' * 60_000 + b'"\\ud83d"]'
    assert _is_refused(hostile[-10:])  # what is loaded once is no part of it
    spent = []
    for _ in range(3):  # a busy neighbour slows down one of them
        began = time.thread_time()
        assert _is_refused(hostile)
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.1


async def test_a_form_that_names_a_charset_of_escapes_is_checked_after_it_was_read() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\\ud83d\r\n--x--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x; charset=raw_unicode_escape"}
    async with _client() as client:
        refused = await client.post("/api/things/forms", content=body, headers=kind)
    assert refused.status_code == 400
    assert refused.json()["error"]["details"][0]["field"] == "name"


async def test_who_takes_requests_as_they_are_gets_them() -> None:
    async with _client(checks_text=False) as client:
        taken = await client.post("/api/things", content=BODIES[0], headers=JSON)
        address = await client.get("/api/things/a%00b")
    assert (taken.status_code, address.status_code) == (200, 200)


async def test_a_form_and_an_address_are_checked_too() -> None:
    async with _client() as client:
        form = await client.post("/api/things/forms", data={"name": "a\0"})
        path = await client.get("/api/things/a%00b")
        query = await client.get("/api/things/a", params={"search": "\0"})
    assert [each.status_code for each in (form, path, query)] == [400, 400, 400]


WHOLE = [
    b'{"a": "\\ud83d\\ude00"}',
    '{"é": "😀\\n"}'.encode(),
    '{"é": "😀"}'.encode("utf-16"),
    b'{"a": "a path: C:\\\\ud83d"}',  # a backslash and letters
    b'{"a": 1}',
]


@pytest.mark.parametrize("body", WHOLE)
async def test_whole_characters_pass(body: bytes) -> None:
    async with _client() as client:
        assert (await client.post("/api/things", content=body, headers=JSON)).status_code == 200


halves = st.text(st.characters(exclude_categories=()), max_size=9)


@given(st.dictionaries(halves, halves))
def test_no_answer_breaks_on_what_a_client_sent(said: dict[str, str]) -> None:
    assert problems.answer(errors.Invalid("No.", details=said)).body
    structlog.contextvars.clear_contextvars()
