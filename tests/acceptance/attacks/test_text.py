"""A13: text that no database holds, in every text of every operation."""

import json

import pytest

from koinonia.common.testing.odd_input import odd_text
from koinonia.devkit.layout import ROOT

from .conftest import Founded

OUT = "/api/auth/logout"  # whoever signed out asks no more
HALVES = (rb"\ud83d", rb"\udc00", rb"\udc00\ud83d", rb"\u0000")
SENT = {
    "POST /api/messages/preview": {"targetType": "all"},
    "POST /api/messages/segments": {},
    "POST /api/schedules": {
        "targetType": "all",
        "scheduledFor": {"localTime": "2027-03-03T09:00:00", "timezone": "America/Chicago"},
    },
    "POST /api/messages/send": {
        "targetType": "all",
        "scheduledFor": {"localTime": "2027-03-03T09:00:00", "timezone": "America/Chicago"},
    },
}


async def test_no_text_in_any_request_is_a_fault_of_ours(found: Founded) -> None:
    church = await found()
    document = json.loads((ROOT / "docs/openapi.json").read_text())
    del document["paths"][OUT]
    assert await odd_text.broken(church.api, document) == []


@pytest.mark.parametrize("half", HALVES, ids=repr)
@pytest.mark.parametrize("route", SENT)
async def test_half_a_character_is_refused_with_a_sentence(
    found: Founded, route: str, half: bytes
) -> None:
    church = await found()
    method, _, path = route.partition(" ")
    body = json.dumps(SENT[route] | {"content": "Hi @"}).encode().replace(b"@", half)
    answer = await church.api.request(method, path, content=body, headers=JSON)
    assert answer.status_code == 400
    assert "content" in answer.json()["error"]["message"]


@pytest.mark.parametrize("half", HALVES, ids=repr)
async def test_half_a_character_in_a_key_is_refused(found: Founded, half: bytes) -> None:
    church = await found()
    body = b'{"firstName": "Ann", "phone": "2025550142", "fields": {"@": "a"}}'.replace(b"@", half)
    answer = await church.api.post("/api/members", content=body, headers=JSON)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path", ["members?search=%00", "members?search=%ED%A0%BD", "messages/%00", "groups?cursor=%00"]
)
async def test_an_address_with_it_is_answered(found: Founded, path: str) -> None:
    church = await found()
    answer = await church.api.get(f"/api/{path}")
    assert answer.status_code in (200, 400, 404)


JSON = {"Content-Type": "application/json"}
