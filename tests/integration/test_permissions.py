"""What somebody is told that they may do is what happens, on every operation."""

from typing import Any

import httpx
import pytest

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.web.route_permissions import KEY

from .churches import colleague
from .conftest import Founded


@pytest.mark.parametrize("role", list(Role))
async def test_what_the_list_says_is_what_happens(
    found: Founded, visitor: httpx.AsyncClient, role: Role
) -> None:
    document = (await visitor.get("/api/openapi.json")).json()
    church = await found(number=False)
    async with colleague(church, role) as person:
        listed = (await person.api.get("/api/auth/me")).json()["permissions"]
        wrong = [
            said
            for method, path, taken in _guarded(document)
            if (said := await _differs(person.api, method, path, is_listed=taken in listed))
        ]
    assert wrong == []


GIVEN = ("people.read", "messages.read", "messages.work", "conversations.read")


async def test_a_key_may_what_it_was_given_and_nothing_else(
    found: Founded, visitor: httpx.AsyncClient
) -> None:
    document = (await visitor.get("/api/openapi.json")).json()
    church = await found(number=False)
    wish = {"name": "Sync", "permissions": GIVEN}
    made = (await church.api.post("/api/auth/keys", json=wish)).json()
    program = {"Authorization": f"Bearer {made['key']}"}
    wrong = [
        f"{method} {path}: {answer.status_code}, given: {taken in GIVEN}"
        for method, path, taken in _guarded(document)
        for answer in [await _asked(visitor, method, path, program)]
        if _is_of_keys(answer) is (taken in GIVEN)
    ]
    assert wrong == []


def _is_of_keys(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and answer.json()["error"]["code"] == "KEY_NOT_PERMITTED"


def _guarded(document: Any) -> list[tuple[str, str, str]]:
    found = [
        (method, path, operation[KEY])
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and KEY in operation
    ]
    assert len(found) > 100
    return found


async def _differs(
    api: httpx.AsyncClient, method: str, path: str, *, is_listed: bool
) -> str | None:
    answer = await _asked(api, method, path, {})
    is_refused = answer.status_code == 403 and answer.json()["error"]["code"] == "FORBIDDEN"
    if is_refused is not is_listed:
        return None
    return f"{method} {path}: {answer.status_code}, listed: {is_listed}"


async def _asked(
    api: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> httpx.Response:
    """With ids of nothing and an empty body, so that whoever may changes nothing."""
    filled = "/".join(str(db.uuid7()) if "{" in part else part for part in path.split("/"))
    body = {} if method in ("get", "delete") else {"json": {}}
    return await api.request(method, filled, headers=headers, **body)
