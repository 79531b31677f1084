"""Text that no database holds is refused at the door, wherever it stands in a request."""

from typing import Annotated, Any

import httpx
import pytest
import structlog
from fastapi import APIRouter, Form
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import errors, web
from koinonia.common.web import problems

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


def _client() -> httpx.AsyncClient:
    app = web.create_app("things", routers=[router])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://things")


JSON = {"Content-Type": "application/json"}
BODIES = [
    b'{"a": "\\ud83d"}',
    b'{"a": "b\\u0000"}',
    b'{"\\ud83d": 1}',
    b'{"a": {"b": [1, {"c\\udc00": null}]}}',
    b'{"a": "\xed\xa0\xbd"}',  # half a character in bytes
    '{"a": "\\ud83d"}'.encode("utf-16"),
    b'{"a": ' + b"[" * 400 + b'"\\udead"' + b"]" * 400 + b"}",
]


@pytest.mark.parametrize("body", BODIES)
async def test_json_with_half_a_character_is_refused_with_a_sentence(body: bytes) -> None:
    async with _client() as client:
        refused = await client.post("/api/things", content=body, headers=JSON)
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].endswith("Remove it.")


async def test_a_form_and_an_address_are_checked_too() -> None:
    async with _client() as client:
        form = await client.post("/api/things/forms", data={"name": "a\0"})
        path = await client.get("/api/things/a%00b")
        query = await client.get("/api/things/a", params={"search": "\0"})
    assert [each.status_code for each in (form, path, query)] == [400, 400, 400]


WHOLE = [b'{"a": "\\ud83d\\ude00"}', '{"é": "😀\\n"}'.encode(), b'{"a": 1}']


@pytest.mark.parametrize("body", WHOLE)
async def test_whole_characters_pass(body: bytes) -> None:
    async with _client() as client:
        assert (await client.post("/api/things", content=body, headers=JSON)).status_code == 200


halves = st.text(st.characters(exclude_categories=()), max_size=9)


@given(st.dictionaries(halves, halves))
def test_no_answer_breaks_on_what_a_client_sent(said: dict[str, str]) -> None:
    assert problems.answer(errors.Invalid("No.", details=said)).body
    structlog.contextvars.clear_contextvars()
