"""Holds every event that a test reads from the event stream against the OpenAPI document.

Tests read the stream in tasks and threads of their own, so what is wrong is kept and fails the test
at its end.
"""

import json
from collections.abc import AsyncIterator, Iterator
from functools import cache, wraps
from typing import Any

import httpx
import jsonschema

from koinonia.devkit.documents import OPENAPI
from koinonia.devkit.layout import ROOT

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms

PATH = "/api/events"
_ADVICE = (
    "Declare it in koinonia.gateway.live.event_schemas, then run `python -m koinonia.devkit docs`."
)
_found: list[str] = []


def watch() -> None:
    """Check what every response of httpx streams from here on."""
    read, read_async = httpx.Response.iter_lines, httpx.Response.aiter_lines

    @wraps(read)
    def iter_lines(self: httpx.Response) -> Iterator[str]:
        event = _Event()
        for line in read(self):
            event.take(self, line)
            yield line

    @wraps(read_async)
    async def aiter_lines(self: httpx.Response) -> AsyncIterator[str]:
        event = _Event()
        async for line in read_async(self):
            event.take(self, line)
            yield line

    httpx.Response.iter_lines = iter_lines  # type: ignore[method-assign]
    httpx.Response.aiter_lines = aiter_lines  # type: ignore[method-assign]


def taken() -> list[str]:
    """What was wrong since the last call."""
    found = _found.copy()
    _found.clear()
    return found


class _Event:
    """The event that is being read, line by line."""

    def __init__(self) -> None:
        self._name = self._data = self._id = ""

    def take(self, response: httpx.Response, line: str) -> None:
        if response.request.url.path != PATH:
            return
        field, _, value = line.partition(": ")
        match field:
            case "event":
                self._name = value
            case "data":
                self._data = value
            case "id":
                self._id = value
            case "" if not line:
                if self._data and (said := violation(self._name, self._data, self._id)):
                    _found.append(said)
                self._name = self._data = self._id = ""


def violation(name: str, data: str, number: str = "") -> str | None:
    """What the document does not know of an event."""
    schema = _declared().get(name)
    if schema is None:
        return f"The stream sends {name}. {_ADVICE}"
    said = {"event": name, "data": json.loads(data)} | ({"id": number} if number else {})
    known = schema["properties"]["data"].get("properties", {}).keys()
    if unknown := said["data"].keys() - known:
        return f"{name} has {', '.join(sorted(unknown))}. {_ADVICE}"
    validator = jsonschema.Draft202012Validator({**schema, "components": _components()})
    problem = next(iter(validator.iter_errors(said)), None)
    return f"{name}: {problem.json_path}: {problem.message}" if problem else None


@cache
def _components() -> Json:
    found: Json = json.loads((ROOT / OPENAPI).read_text())["components"]
    return found


@cache
def _declared() -> dict[str, Json]:
    """The schema of each event, by its name."""
    schemas = _components()["schemas"]
    mapping = schemas["StreamEvent"]["discriminator"]["mapping"]
    return {name: schemas[ref.rpartition("/")[2]] for name, ref in mapping.items()}
