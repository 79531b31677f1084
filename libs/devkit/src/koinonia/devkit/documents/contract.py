"""Holds every answer that a test gets against the OpenAPI document, as a plugin of pytest.

An operation answers only statuses, error codes and headers of ours that it declares; the details of
an error, and what a success says, are what their schemas say. So a typed client meets what its
types promise.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any

import httpx
import jsonschema
import pytest

from koinonia.devkit.documents import OPENAPI, stream_contract
from koinonia.devkit.layout import ROOT

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms

LONGEST_ANSWER = 100_000  # bytes; a longer one would take a test longer than what it tests
MEANT_FOR_NOBODY = frozenset(("METHOD_NOT_ALLOWED",))  # of no operation: there is none
_only: frozenset[str] | None = None

# Headers that are about the message or for the browser, not about what was asked.
COMMON = frozenset(
    (
        *("content-type", "content-length", "content-encoding", "content-security-policy"),
        *("cache-control", "connection", "cross-origin-opener-policy", "date", "keep-alive"),
        *("cross-origin-resource-policy", "permissions-policy", "referrer-policy", "server"),
        *("set-cookie", "strict-transport-security", "traceparent", "transfer-encoding", "vary"),
        *("x-koinonia-kept", "x-koinonia-unsaid"),  # to the gateway, which takes them away
        *("x-accel-buffering", "x-content-type-options", "x-frame-options"),
    )
)
COMMON_PREFIXES = ("access-control-",)


class Undeclared(AssertionError):
    """An answer that the document does not know."""


def pytest_configure(config: pytest.Config) -> None:
    """Check what every client of httpx is answered from here on."""
    asked, awaited = httpx.Client.send, httpx.AsyncClient.send

    @wraps(asked)
    def send(self: httpx.Client, *args: Any, **options: Any) -> httpx.Response:  # Any: httpx's
        response = asked(self, *args, **options)
        check(response)
        return response

    @wraps(awaited)
    async def send_async(  # Any: as httpx declares them
        self: httpx.AsyncClient, *args: Any, **options: Any
    ) -> httpx.Response:
        response = await awaited(self, *args, **options)
        check(response)
        return response

    httpx.Client.send, httpx.AsyncClient.send = send, send_async  # type: ignore[method-assign]
    stream_contract.watch()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Fail the test that read an event of the stream which the document does not know."""
    if said := stream_contract.taken():
        raise Undeclared("\n".join(said))


@contextmanager
def limited_to(codes: frozenset[str]) -> Iterator[None]:
    """Only these codes are checked in here: a test plays the services behind the gateway."""
    global _only
    before, _only = _only, codes
    try:
        yield
    finally:
        _only = before


def check(response: httpx.Response) -> None:
    """Raises :class:`Undeclared` where there is a :func:`violation`."""
    if said := violation(response):
        raise Undeclared(said)


def violation(response: httpx.Response) -> str | None:
    """What the document does not know of ``response``; None for an address that is not in it."""
    request = response.request
    operation = _operation(request.method, request.url.path)
    error = _error(response)
    code = error["code"] if error else None
    if operation is None or code in MEANT_FOR_NOBODY or (_only is not None and code not in _only):
        return None
    where = f"{request.method} {operation['path']}"
    declared = operation["responses"].get(str(response.status_code))
    if declared is None:
        return f"{where} answers {response.status_code} ({code or 'no error'}). {_ADVICE}"
    if _only is None and (unknown := _undeclared_headers(response, declared)):
        return f"{where} answers {response.status_code} with {unknown}. {_HEADERS_ADVICE}"
    if error:
        return _wrong(where, error, _schemas(declared))
    return _wrong_answer(where, request.method, operation["path"], response)


def _undeclared_headers(response: httpx.Response, declared: Json) -> str:
    known = {name.lower() for name in _resolved(declared).get("headers", {})}
    unknown = {name for name in response.headers if not name.startswith(COMMON_PREFIXES)}
    return ", ".join(sorted(unknown - known - COMMON))


_HEADERS_ADVICE = (
    "Declare it (koinonia.common.web.answer_headers), then run `python -m koinonia.devkit docs`."
)
_ADVICE = (
    "Put @raises(TheError) below the decorator of its route or on the dependency that raises it "
    "(koinonia.common.web.answers), then run `python -m koinonia.devkit docs`."
)


def _wrong(where: str, error: Json, declared: Mapping[str, Json]) -> str | None:
    schema = declared.get(error["code"])
    if schema is None:
        return f"{where} answers {error['code']}. {_ADVICE}"
    validator = jsonschema.Draft202012Validator({**schema, "components": _document()["components"]})
    problem = next(iter(validator.iter_errors(error)), None)
    return f"{where}: the error {error['code']}: {problem.message}" if problem else None


def _wrong_answer(where: str, method: str, path: str, response: httpx.Response) -> str | None:
    """How the JSON of a success is not what its schema says, unless a test plays the services."""
    if _only is not None:
        return None
    validator = _validator(method, path, str(response.status_code))
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    if validator is None or not is_json or not response.is_stream_consumed:
        return None
    if len(response.content) > LONGEST_ANSWER:
        return None
    problem = next(validator.iter_errors(json.loads(response.content)), None)
    if problem is None:
        return None
    return f"{where} answers what is not in the document, at {problem.json_path}: {problem.message}"


@cache
def _validator(method: str, path: str, status: str) -> jsonschema.Draft202012Validator | None:
    answer = _document()["paths"][path][method.lower()]["responses"].get(status, {})
    schema = _resolved(answer).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return None
    return jsonschema.Draft202012Validator(
        {**schema, "components": _document()["components"]},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def _error(response: httpx.Response) -> Json | None:
    """The object under ``error``; None if there is none, or the body streams."""
    if response.status_code < 400 or not response.is_stream_consumed:
        return None
    try:
        body = json.loads(response.content)
    except ValueError:
        return None
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) and "code" in error else None


def _schemas(answer: Json) -> dict[str, Json]:
    """By code, the schema of each error that a declared answer may be."""
    schemas = _document()["components"]["schemas"]
    content = _resolved(answer).get("content", {}).get("application/json", {}).get("schema", {})
    error = content.get("properties", {}).get("error", {})
    refs = error.get("oneOf", [error] if error else [])
    found = (schemas[ref["$ref"].rpartition("/")[2]] for ref in refs)
    return {schema["properties"]["code"]["const"]: schema for schema in found}


def _resolved(answer: Json) -> Json:
    if "$ref" not in answer:
        return answer
    found: Json = _document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return found


@cache
def _operation(method: str, path: str) -> Json | None:
    for pattern, template, item in _patterns():
        if pattern.fullmatch(path):
            operation: Json | None = item.get(method.lower())
            return {**operation, "path": template} if operation else None
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], str, Json]]:
    """The paths of the document, those without parameters first."""
    ordered = sorted(_document()["paths"].items(), key=lambda each: each[0].count("{"))
    return [(re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)), path, item) for path, item in ordered]


@cache
def _document() -> Json:
    found: Json = json.loads((ROOT / OPENAPI).read_text())
    return found
