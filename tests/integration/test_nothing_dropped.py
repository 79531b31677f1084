"""P14: what a request says is done, or refused. Every operation of the interface is told something
that it does not know, and something that is not what it seems."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from koinonia.devkit.system import System
from koinonia.gateway.reference.schemas import resolved

from . import churches
from .churches import Church

NOBODY, STRANGE = str(uuid4()), "nobodyReadsThis"
OF_CARRIERS = "/api/webhooks"  # who may add what they like, and sign it
OPEN = (  # counted: 5, and what is on the way to a session
    *("/api/auth/register", "/api/auth/login", "/api/auth/invitations/accept"),
    *("/api/auth/login/code", "/api/auth/login/enrol"),
    *("/api/auth/password/forgotten", "/api/auth/password/reset", "/api/auth/email/confirm"),
    "/api/auth/password/check",
)
JSON = {"Content-Type": "application/json"}
FOUND = {  # what was dropped with 2xx when it was looked for
    "another number": ("post", "/api/messages/send", {"from": "+18085550100"}, "fromNumberId"),
    "a filter": ("post", "/api/schedules", {"filters": {}}, None),
    "a status": ("patch", f"/api/schedules/{NOBODY}", {"status": "paused"}, None),
    "two spellings": ("patch", "/api/auth/church", {"timeZone": "America/Chicago"}, "timezone"),
    "the name in Python": ("patch", f"/api/members/{NOBODY}", {"first_name": "Ann"}, "firstName"),
}

Schema = Mapping[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def church(system: System) -> Any:
    async with churches.registered(system.gateway_url) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def document(church: Church) -> Any:
    return (await church.api.get("/api/openapi.json")).json()


def operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Method, address of nothing, and what the document says; without those of carriers."""
    for path, item in document["paths"].items():
        for method, told in item.items():
            if path.startswith("/api/") and not path.startswith((OF_CARRIERS, *OPEN)):
                yield method, address(path, told), told


def address(path: str, told: Schema) -> str:
    """A parameter of the path that is no id is given its example."""
    for each in told.get("parameters", ()):
        if each["in"] == "path":
            value = NOBODY if each["schema"].get("format") == "uuid" else "4711"
            path = path.replace("{" + each["name"] + "}", value)
    return path


def fields(told: Schema, document: Schema) -> Schema | None:
    """The fields of its body of JSON, each with its schema."""
    known = document["components"]["schemas"]
    content = told.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    schema = resolved(content["application/json"]["schema"], known)
    return {
        name: {**resolved(each, known), "nullable": is_nullable(each)}
        for name, each in schema.get("properties", {}).items()
    }


def problems(answer: httpx.Response) -> dict[str, str]:
    """What is said of which field."""
    assert answer.status_code == 400, answer.text
    return {each["field"]: each["problem"] for each in answer.json()["error"]["details"]}


@pytest.mark.parametrize("case", FOUND)
async def test_what_was_dropped_is_refused(church: Church, case: str) -> None:
    method, path, body, nearest = FOUND[case]
    answer = await church.api.request(method, path, json=body)
    assert answer.json()["error"]["code"] == "UNKNOWN_FIELD"
    told = answer.json()["error"]["details"][0]
    assert (told["field"], told["nearest"]) == (next(iter(body)), nearest)


async def test_no_operation_drops_a_parameter(church: Church, document: Schema) -> None:
    taken = []
    for method, path, _ in operations(document):
        answer = await church.api.request(method, path, params={STRANGE: "1"})
        if answer.status_code != 400 or answer.json()["error"]["code"] != "UNKNOWN_FIELD":
            taken.append(f"{method} {path}: {answer.status_code}")
    assert taken == []


async def test_no_operation_drops_a_field(church: Church, document: Schema) -> None:
    taken = []
    for method, path, told in operations(document):
        if fields(told, document) is not None:
            answer = await church.api.request(method, path, json={STRANGE: 1})
            if answer.status_code != 400 or answer.json()["error"]["code"] != "UNKNOWN_FIELD":
                taken.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
    assert taken == []


async def test_no_operation_drops_a_body(church: Church, document: Schema) -> None:
    taken = []
    for method, path, told in operations(document):
        if "requestBody" not in told and method != "get":
            answer = await church.api.request(method, path, json={STRANGE: 1})
            if answer.status_code != 400 or answer.json()["error"]["code"] != "UNEXPECTED_BODY":
                taken.append(f"{method} {path}: {answer.status_code}")
    assert taken == []


async def test_no_operation_takes_a_name_twice(church: Church, document: Schema) -> None:
    taken = []
    for method, path, told in operations(document):
        if fields(told, document):
            twice = b'{"x": 1, "x": 2}'
            answer = await church.api.request(method, path, content=twice, headers=JSON)
            if answer.status_code != 400:
                taken.append(f"{method} {path}: {answer.status_code}")
    assert taken == []


WRONG = {
    "boolean": "false",
    "integer": "5",
    "number": "5",
    "date-time": "2027-01-03T09:00:00",
    "date-time-local": "2027-01-03T09:00:00Z",
}


async def test_text_is_no_boolean_and_no_number_and_a_time_has_its_offset(
    church: Church, document: Schema
) -> None:
    taken = []
    for method, path, told in operations(document):
        said = {
            name: WRONG[kind]
            for name, each in (fields(told, document) or {}).items()
            for kind in [each.get("format") or each.get("type")]
            if kind in WRONG
        }
        if said:
            named = problems(await church.api.request(method, path, json=said))
            taken += [f"{method} {path} {name}" for name in said if name not in named]
        for each in told.get("parameters", ()):
            if each["in"] == "query" and each["schema"].get("type") == "boolean":
                answer = await church.api.request(method, path, params={each["name"]: "yes"})
                taken += [] if each["name"] in problems(answer) else [f"{path}?{each['name']}"]
    assert taken == []


async def test_null_is_refused_where_a_patch_can_clear_nothing(
    church: Church, document: Schema
) -> None:
    taken = []
    for method, path, told in operations(document):
        said = {
            name: None
            for name, each in (fields(told, document) or {}).items()
            if method == "patch" and not each["nullable"]
        }
        if said:
            named = problems(await church.api.request(method, path, json=said))
            taken += [f"{method} {path} {name}" for name in said if "null" not in named[name]]
    assert taken == []


async def test_no_sentence_speaks_of_python(church: Church, document: Schema) -> None:
    spoken = []
    for method, path, told in operations(document):
        for wrong in ([], 7, "x", {"a": None}):
            said = dict.fromkeys(fields(told, document) or (), wrong)
            if said:
                answer = await church.api.request(method, path, json=said)
                assert answer.status_code < 500, answer.text
                spoken += [f"{path} {word}" for word in PYTHON if word in answer.text]
        asked = [each["name"] for each in told.get("parameters", ()) if each["in"] == "query"]
        if asked:
            answer = await church.api.request(method, path, params=dict.fromkeys(asked, "-"))
            spoken += [f"{path}? {word}" for word in PYTHON if word in answer.text]
    assert spoken == []


PYTHON = (
    *("Input should", "valid dictionary", "valid string", "None", "<", "datetime."),
    *("hexadecimal", "literal", "unpack", "isoformat", "convert"),
)


def is_nullable(schema: Schema) -> bool:
    return any(each.get("type") == "null" for each in schema.get("anyOf", ()))
