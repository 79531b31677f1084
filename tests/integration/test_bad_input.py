"""What is wrong with a request is said in a sentence that helps, and nothing is half-written."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from koinonia.devkit.system import System

from . import churches
from .churches import Church
from .network import Network

ALL = {"targetType": "all"}
JSON = {"Content-Type": "application/json"}
NOBODY = str(uuid4())

MESSAGES: dict[str, tuple[dict[str, Any], int, str]] = {
    "empty": ({"content": "", **ALL}, 400, "EMPTY_TEXT"),
    "blank": ({"content": " \n\t ", **ALL}, 400, "EMPTY_TEXT"),
    "too long": ({"content": "x" * 1601, **ALL}, 400, "TEXT_TOO_LONG"),
    "too many parts": ({"content": "ж" * 700, **ALL}, 400, "TEXT_TOO_LONG"),
    "no target": ({"content": "Hi"}, 400, "VALIDATION_ERROR"),
    "unknown target": ({"content": "Hi", "targetType": "moon"}, 400, "VALIDATION_ERROR"),
    "ids with all": ({"content": "Hi", **ALL, "targetIds": [NOBODY]}, 400, "VALIDATION_ERROR"),
    "groups without ids": ({"content": "Hi", "targetType": "groups"}, 400, "VALIDATION_ERROR"),
    "no uuid": (
        {"content": "Hi", "targetType": "groups", "targetIds": ["7"]},
        400,
        "VALIDATION_ERROR",
    ),
    "unknown group": (
        {"content": "Hi", "targetType": "groups", "targetIds": [NOBODY]},
        404,
        "GROUP_NOT_FOUND",
    ),
    "a nul": ({"content": "a\0b", **ALL}, 400, "VALIDATION_ERROR"),
    "a number": ({"content": 7, **ALL}, 400, "VALIDATION_ERROR"),
    "later": (
        {"content": "Hi", **ALL, "scheduledAt": "2199-01-01T10:00:00Z"},
        400,
        "SCHEDULED_TOO_FAR",
    ),
}
HEADER = b"firstName,lastName,phone,email,groups\n"
FILES: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 400, "EMPTY_FILE"),
    "wrong header": (b"name,address\nAnn,Main Street\n", 400, "BAD_HEADER"),
    "semicolons": (b"firstName;phone\nAnn;2025550100\n", 400, "BAD_HEADER"),
    "latin-1": (HEADER + "José,Peña,2025550100,,".encode("latin-1"), 400, "BAD_ENCODING"),
    "utf-16": ("firstName,phone\nAnn,2025550100".encode("utf-16"), 400, "BAD_ENCODING"),
    "an open quote": (HEADER + b'"Ann,Lee,2025550100,,\n', 400, "BAD_CSV"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 400, "BAD_ENCODING"),
    "50 MB": (HEADER + b"Ann,Lee,2025550100,,\n" * 2_500_000, 413, "TOO_LARGE"),
}
BODIES: dict[str, tuple[bytes, dict[str, str], int, str]] = {
    "no json": (b'{"content": ', JSON, 400, "VALIDATION_ERROR"),
    "no utf-8": (b'{"content": "\xff"}', JSON, 400, "VALIDATION_ERROR"),
    "half a character": (
        b'{"content": "a\\ud83d", "targetType": "all"}',
        JSON,
        400,
        "VALIDATION_ERROR",
    ),
    "a list": (b"[]", JSON, 400, "VALIDATION_ERROR"),
    "nothing": (b"", JSON, 400, "VALIDATION_ERROR"),
    "a form": (b"content=Hi", {"Content-Type": "application/x-www-form-urlencoded"}, 415, ""),
    "2 MB": (b'{"content": "' + b"x" * 2_000_000 + b'"}', JSON, 413, "TOO_LARGE"),
}
PATHS: dict[str, tuple[str, int, str]] = {
    "no such address": ("/api/prayers", 404, "NOT_FOUND"),
    "no uuid": ("/api/members/7", 400, "VALIDATION_ERROR"),
    "a bad cursor": ("/api/members?cursor=moon", 400, "VALIDATION_ERROR"),
    "another list's cursor": ("/api/members?cursor=WyJzeCJd", 400, "VALIDATION_ERROR"),
    "too many at once": ("/api/messages?limit=1000", 400, "VALIDATION_ERROR"),
    "page zero": ("/api/conversations?page=0", 400, "VALIDATION_ERROR"),
    "no such status": ("/api/conversations?status=asleep", 400, "VALIDATION_ERROR"),
    "nobody": (f"/api/conversations/{NOBODY}", 404, "CONVERSATION_NOT_FOUND"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def church(system: System) -> Any:
    """One church for all of this file: nothing here changes it, and that is the point."""
    async with churches.registered(system.gateway_url) as found:
        await found.order_number()
        await found.bring(2)
        yield found


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def unchanged(church: Church) -> Any:
    """After each test the church has what it had before."""
    yield
    assert await church.everything("/api/messages") == []
    assert await church.everything("/api/members") == church.members
    assert await church.everything("/api/conversations") == []


@pytest.mark.parametrize("case", MESSAGES)
async def test_a_bad_message_is_refused(church: Church, case: str) -> None:
    body, status, code = MESSAGES[case]
    expect_refusal(await church.api.post("/api/messages/send", json=body), status, code)


async def test_a_target_without_reachable_members_is_refused(church: Church) -> None:
    [branch] = await church.everything("/api/branches")
    made = await church.api.post("/api/groups", json={"name": "Nobody", "branchId": branch["id"]})
    body = {"content": "Hi", "targetType": "groups", "targetIds": [made.json()["id"]]}
    expect_refusal(
        await church.api.post("/api/messages/send", json=body), 422, "NO_REACHABLE_MEMBERS"
    )
    assert (await church.api.delete(f"/api/groups/{made.json()['id']}")).status_code == 204


@pytest.mark.parametrize("case", FILES)
async def test_a_bad_file_is_refused(church: Church, case: str) -> None:
    data, status, code = FILES[case]
    files = {"files": ("members.csv", data, "text/csv")}
    expect_refusal(await church.api.post("/api/members/import", files=files), status, code)


async def test_an_import_without_a_file_is_told_what_is_missing(church: Church) -> None:
    expect_refusal(await church.api.post("/api/members/import", data={}), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("case", BODIES)
async def test_a_bad_body_is_refused(church: Church, case: str) -> None:
    data, headers, status, code = BODIES[case]
    answer = await church.api.post("/api/messages/send", content=data, headers=headers)
    expect_refusal(answer, status, code)


@pytest.mark.parametrize("case", PATHS)
async def test_a_bad_address_is_refused(church: Church, case: str) -> None:
    path, status, code = PATHS[case]
    expect_refusal(await church.api.get(path), status, code)


@pytest.mark.parametrize("change", [{"phone": "555"}, {"firstName": ""}, {"email": "x"}])
async def test_a_bad_member_is_refused(church: Church, change: dict[str, str]) -> None:
    body = {"firstName": "Ann", "phone": "+12125550100"} | change
    expect_refusal(await church.api.post("/api/members", json=body), 400, "VALIDATION_ERROR")


async def test_an_unsigned_webhook_is_refused(visitor: httpx.AsyncClient, phones: Network) -> None:
    for path in ("/api/webhooks/telnyx/status", "/api/webhooks/telnyx/mms"):
        answer = await visitor.post(path, json={"data": {"event_type": "message.received"}})
        assert answer.status_code in (400, 401, 403), answer.text
        assert answer.json()["error"]["code"]


def expect_refusal(answer: httpx.Response, status: int, code: str) -> None:
    """The status, a code, and a sentence."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code if code else error["code"]
    assert error["message"][0].isalpha()
    assert error["message"].endswith((".", ")"))
    assert len(error["message"]) > 20
