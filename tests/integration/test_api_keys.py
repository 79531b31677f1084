"""A program works for a church with a key, through the gateway."""

from typing import Any

import httpx

from koinonia.common.testing.eventually import eventually

from .conftest import Founded
from .network import Network

KEYS = "/api/auth/keys"
LISTS = ("/api/members", "/api/conversations", "/api/messages")


async def test_a_program_sends_with_its_key_until_it_is_removed(
    found: Founded, visitor: httpx.AsyncClient, phones: Network
) -> None:
    church = await found(members=1)
    wish = {"name": "Sign-up form", "permissions": ["messages.work", "people.read"]}
    key = (await church.api.post(KEYS, json=wish)).json()
    program = {"Authorization": f"Bearer {key['key']}"}
    assert len((await visitor.get("/api/members", headers=program)).json()["data"]) == 1
    text = {"content": "Welcome!", "targetType": "all"}
    sent = await visitor.post("/api/messages/send", json=text, headers=program)
    assert sent.status_code == 202, sent.text
    assert await eventually(lambda: phones.texts(church.phones[0])) == ["Welcome!"]

    async def kept() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await church.get("/api/audit", actorId=key["id"]))["data"]
        return found

    [entry] = await eventually(kept)
    assert (entry["action"], entry["actor"]["name"]) == ("message.sent", "Sign-up form")
    assert (await church.api.delete(f"{KEYS}/{key['id']}")).status_code == 204
    refused = await visitor.get("/api/members", headers=program)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] in ("API_KEY_INVALID", "SESSION_ENDED")


async def test_what_is_kept_for_people_is_not_shown_to_a_key(
    found: Founded, visitor: httpx.AsyncClient
) -> None:
    church = await found()
    wish = {"name": "Labels", "permissions": ["labels.read"]}
    key = (await church.api.post(KEYS, json=wish)).json()
    program = {"Authorization": f"Bearer {key['key']}"}
    for path in LISTS:
        for _ in range(3):
            await church.get(path)
        refused = await visitor.get(path, headers=program)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "KEY_NOT_PERMITTED")
    stream = await visitor.get("/api/events", headers=program)
    assert (stream.status_code, stream.json()["error"]["code"]) == (403, "KEY_NOT_HERE")


async def test_a_wrong_key_is_told_from_a_slip_by_nobody_and_costs_auth_little(
    found: Founded, visitor: httpx.AsyncClient
) -> None:
    await found(number=False)
    slip = {"Authorization": "Bearer koi_mistyped"}
    answers = [await visitor.get("/api/members", headers=slip) for _ in range(3)]
    assert {each.json()["error"]["code"] for each in answers} == {"API_KEY_INVALID"}
