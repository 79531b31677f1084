"""A client that has an answer already is told so, and is never told so of what others have."""

import os
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, HTTPException
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from koinonia.common import db, web
from koinonia.common.identity import Identity, Role, TokenSigner, TokenVerifier
from koinonia.common.web.keeping import entity_tags

SIGNER = TokenSigner(os.urandom(32), "first")
CHURCH, ADMIN = db.uuid7(), db.uuid7()
router = APIRouter(prefix="/api/things")
made: list[str] = []


class Thing(BaseModel):
    said: str


@router.get("/plain", dependencies=web.TAGGED)
async def plain(said: str = "yes") -> Thing:
    return Thing(said=said)


@router.get("/long", dependencies=web.TAGGED)
async def long() -> Thing:
    return Thing(said="long " * 1000)


@router.get("/kept")
async def kept(tags: web.TagsDep) -> Thing:
    tags.compare(b"what it is made of")
    made.append("kept")
    return Thing(said="yes")


@router.get("/gone", dependencies=web.TAGGED)
async def gone() -> Thing:
    raise HTTPException(404)


@router.get("/open")
async def untagged() -> Thing:
    return Thing(said="yes")


async def published_keys() -> Mapping[str, Any]:
    return {"keys": [SIGNER.jwk]}


def token(church_id: UUID = CHURCH, admin_id: UUID = ADMIN, role: Role = Role.STAFF) -> str:
    return SIGNER.sign(Identity(admin_id, church_id, role, db.uuid7()))


async def ask(
    path: str, known: str | None = None, method: str = "GET", who: str = "", **headers: str
) -> httpx.Response:
    app = web.create_app("things", routers=[router])
    app.state.running = SimpleNamespace(verifier=TokenVerifier(published_keys))
    sent = {"Authorization": f"Bearer {who or token()}", **headers}
    if known is not None:
        sent["If-None-Match"] = known
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://things") as client:
        return await client.request(method, f"/api/things{path}", headers=sent)


@pytest.mark.parametrize("path", ["/plain", "/long", "/kept"])
async def test_who_has_the_answer_is_not_sent_it_again(path: str) -> None:
    first = await ask(path)
    again = await ask(path, first.headers["etag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] in first.headers[name]
    assert first.headers["cache-control"] == "private, no-cache"
    assert "content-type" not in again.headers


@pytest.mark.parametrize(
    "form", ["{tag}", "{bare}", '"other", {tag}', 'W/"other",{bare} , "more"', "*", " * "]
)
async def test_a_list_of_tags_is_compared_weakly(form: str) -> None:
    tag = (await ask("/plain")).headers["etag"]
    known = form.format(tag=tag, bare=tag.removeprefix("W/"))
    assert (await ask("/plain", known)).status_code == 304


@pytest.mark.parametrize("known", ['"other"', "", "W/", "tag", '"*"', '"a, *'])
async def test_what_names_another_answer_is_sent_the_answer(known: str) -> None:
    answer = await ask("/plain", known)
    assert (answer.status_code, answer.json()) == (200, {"said": "yes"})


@given(said=st.text(max_size=200))
def test_what_is_no_list_of_tags_is_never_an_error(said: str) -> None:
    assert entity_tags.matches(said, 'W/"a"') == (said.strip() == "*" or '"a"' in said)


async def test_a_changed_answer_has_another_tag() -> None:
    tag = (await ask("/plain")).headers["etag"]
    assert (await ask("/plain?said=no", tag)).status_code == 200


async def test_head_has_the_tag_of_get_and_answers_304() -> None:
    tag = (await ask("/long")).headers["etag"]
    heads = [await ask("/long", method="HEAD"), await ask("/long", tag, method="HEAD")]
    assert [head.status_code for head in heads] == [200, 304]
    assert {head.headers["etag"] for head in heads} == {tag}


async def test_what_is_compressed_has_the_same_tag() -> None:
    whole = await ask("/long", **{"Accept-Encoding": "identity"})
    short = await ask("/long", **{"Accept-Encoding": "gzip"})
    assert short.headers["content-encoding"] == "gzip"
    assert short.headers["etag"] == whole.headers["etag"]
    assert "Accept-Encoding" in short.headers.get("vary", "")


async def test_an_answer_whose_tag_is_known_before_is_not_made() -> None:
    tag = (await ask("/kept")).headers["etag"]
    made.clear()
    assert ((await ask("/kept", tag)).status_code, made) == (304, [])


@pytest.mark.parametrize("path", ["/plain", "/kept"])
@pytest.mark.parametrize(
    "other",
    [{"church_id": db.uuid7()}, {"admin_id": db.uuid7()}, {"role": Role.VIEWER}],
)
async def test_the_tag_of_one_is_not_that_of_another(path: str, other: dict[str, Any]) -> None:
    tag = (await ask(path)).headers["etag"]
    assert (await ask(path, tag, who=token(**other))).status_code == 200


async def test_who_may_not_read_is_told_that_whatever_they_have() -> None:
    assert (await ask("/plain", "*", who="none")).status_code == 401


async def test_errors_and_other_answers_have_no_tag() -> None:
    answers = [await ask("/gone", "*"), await ask("/open", "*")]
    assert [answer.status_code for answer in answers] == [404, 200]
    assert all("etag" not in answer.headers for answer in answers)


def test_the_document_says_so() -> None:
    document = web.create_app("things", routers=[router]).openapi()
    operation = document["paths"]["/api/things/plain"]["get"]
    assert "ETag" in operation["responses"]["200"]["headers"]
    assert "ETag" in operation["responses"]["304"]["headers"]
    assert [each["name"] for each in operation["parameters"]] == ["said", "If-None-Match"]
    assert "304" not in document["paths"]["/api/things/open"]["get"]["responses"]
