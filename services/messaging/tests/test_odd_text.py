"""Odd text in requests: half characters, controls, and letters that nobody sees."""

import httpx
import pytest

from koinonia.common.testing import service
from koinonia.common.testing.odd_input import odd_fields, odd_text
from koinonia.messaging.program import PROGRAM

from .desk import Desk

UNSEEN = "\u200b\u2060\ufeff"
HALF = b'{"content": "a\\ud83d", "targetType": "all", "scheduledFor": {"localTime": '
LATER = HALF + b'"2027-03-03T09:00:00", "timezone": "America/Chicago"}}'

MESSAGE = {"targetType": "all", "content": "plain"}
BESIDE = {  # what only a route knows that a body needs
    "/api/consents": {"phone": "+12025550142", "note": "Called"},
    "/api/consents/stop-question": {"phone": "+12025550142"},
    "/api/keywords": {"answer": "plain"},
    "/api/messages/preview": MESSAGE,
    "/api/messages/send": MESSAGE,
    "/api/schedules": MESSAGE
    | {"scheduledFor": {"localTime": "2027-01-03T09:00:00", "timezone": "America/Chicago"}},
}


async def test_no_text_in_any_request_is_a_fault_of_ours(api: httpx.AsyncClient) -> None:
    assert await odd_text.broken(api, service.document(PROGRAM)) == []


@pytest.mark.parametrize("name", odd_fields.ODD)
async def test_an_odd_text_in_any_field_is_taken_or_refused(
    api: httpx.AsyncClient, name: str
) -> None:
    sweep = odd_fields.Sweep(api, service.document(PROGRAM), beside=BESIDE)
    await sweep.prepare()
    assert await sweep.broken(odd_fields.ODD[name]) == []


@pytest.mark.parametrize("path", ["messages/preview", "messages/send", "schedules"])
async def test_half_a_character_is_refused_with_a_sentence(desk: Desk, path: str) -> None:
    refused = await desk.api.post(
        f"/api/{path}", content=LATER, headers={"Content-Type": "application/json"}
    )
    assert refused.status_code == 400
    assert "content: Text holds half of a character" in refused.json()["error"]["message"]


async def test_a_text_in_which_nothing_is_seen_is_empty(desk: Desk) -> None:
    await desk.member()
    sent = await desk.post("send", UNSEEN)
    assert (sent.status_code, sent.json()["error"]["code"]) == (400, "EMPTY_TEXT")


async def test_a_name_in_which_nothing_is_seen_is_none(api: httpx.AsyncClient) -> None:
    refused = await api.post("/api/members", json={"firstName": UNSEEN, "phone": "2025550142"})
    assert refused.status_code == 400


async def test_invisible_letters_make_nobody_and_no_group_twice(api: httpx.AsyncClient) -> None:
    branch = (await api.post("/api/branches", json={"name": "Main"})).json()["id"]
    for path, body in (
        ("members", {"firstName": "Ivo", "phone": "2025550142"}),
        ("groups", {"name": "Ushers", "branchId": branch}),
    ):
        named = next(name for name in ("firstName", "name") if name in body)
        again = body | {named: f"{UNSEEN}{body[named]}{UNSEEN}"}
        assert (await api.post(f"/api/{path}", json=body)).status_code == 201
        assert (await api.post(f"/api/{path}", json=again)).status_code == 409
