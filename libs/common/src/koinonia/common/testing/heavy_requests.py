"""The largest requests that pass a service's limit of bytes, for every operation it describes.

Each query parameter, each text, list and map of a body is made as heavy as may come, one at a time,
so that the rest is valid and what follows the validation is tried too.
"""

import asyncio
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from koinonia.common.testing import loop_steps

BODY_BYTES = 250_000
QUERY_BYTES = 24_000
SOME_ID = str(UUID(int=7))
DEEPEST = 6
TEXTS = ("a", "\ufdfa", "{{", "\u0301", "1", "👩\u200d👧", "{{firstName}} ", "'\u200b", "é\n", " ")

Json = Any  # Any: an OpenAPI document and the bodies that it describes
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Heavy:
    """A request. ``what`` of it is heavy tells a reader of the failure."""

    method: str
    path: str
    what: str
    query: Mapping[str, str | list[str]] = field(default_factory=dict)
    body: bytes | None = None


def requests(document: Json) -> Iterator[Heavy]:
    """Every operation's requests; each place has the next of the texts."""
    texts = itertools.cycle(TEXTS)
    for path, item in document["paths"].items():
        filled = "/".join(SOME_ID if "{" in part else part for part in path.split("/"))
        for method, operation in item.items():
            for each in operation.get("parameters", []):
                if each["in"] == "query":
                    yield from _queries(method, filled, each["name"], next(texts))
            content = operation.get("requestBody", {}).get("content", {})
            if schema := content.get("application/json", {}).get("schema"):
                sample = _sample(document, schema, DEEPEST)
                for place, value in _places(sample):
                    for what, heavy in _heavier(value, next(texts)):
                        raw = json.dumps(_replaced(sample, place, heavy), ensure_ascii=False)
                        named = f"{'.'.join(map(str, place))}: {what}"
                        yield Heavy(method, filled, named, body=raw.encode())


async def holding(client: httpx.AsyncClient, document: Json) -> list[str]:
    """The requests of which one step held the loop for too long, and those that failed."""
    found: list[str] = []
    with loop_steps.measured() as steps:
        for heavy in requests(document):
            await steps.reset()
            answer = await client.request(
                heavy.method,
                heavy.path,
                params=heavy.query,
                content=heavy.body,
                headers={"Content-Type": "application/json"},
            )
            await asyncio.sleep(0)  # ends the last step
            if steps.longest > loop_steps.LIMIT_SECONDS or answer.status_code >= 500:
                took = f"{answer.status_code} after {steps.longest * 1000:.0f} ms"
                found.append(f"{heavy.method} {heavy.path} {heavy.what}: {took}")
    return found


def _queries(method: str, path: str, name: str, text: str) -> Iterator[Heavy]:
    long = text * (QUERY_BYTES // len(text.encode()) // 3)  # escaped
    yield Heavy(method, path, f"{name}={text!a}…", {name: long})
    yield Heavy(method, path, f"{name}=a&…", {name: ["a"] * (QUERY_BYTES // (len(name) + 3))})


def _heavier(value: Json, text: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, str):
        yield f"{text!a}…", text * (BODY_BYTES // len(text.encode()))
    elif isinstance(value, list):
        item = value[0] if value else None
        yield "the same item", [item] * (BODY_BYTES // (len(json.dumps(item)) + 2))
        yield "items of another kind", [0] * (BODY_BYTES // 3)
    elif isinstance(value, dict):
        inner = next(iter(value.values()), "a")
        size = len(json.dumps(inner)) + 12
        yield "many keys", {f"k{n}": inner for n in range(BODY_BYTES // size)}


def _places(value: Json, place: Path = ()) -> Iterator[tuple[Path, Json]]:
    yield place, value
    if isinstance(value, list):
        value = dict(enumerate(value))
    for step, inner in value.items() if isinstance(value, dict) else ():
        yield from _places(inner, (*place, step))


def _replaced(value: Json, place: Path, heavy: Json) -> Json:
    if not place:
        return heavy
    step, *rest = place
    copy = value.copy()
    copy[step] = _replaced(value[step], tuple(rest), heavy)
    return copy


def _sample(document: Json, schema: Mapping[str, Json], depth: int) -> Json:
    """What the schema gives as an example, or the simplest that fits it."""
    for known in ("examples", "enum"):
        if schema.get(known):
            return schema[known][0]
    if "const" in schema:
        return schema["const"]
    if reference := schema.get("$ref"):
        found = document["components"]["schemas"][reference.rpartition("/")[2]]
        return _sample(document, found, depth)
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return _sample(document, choices[0], depth)
    return _simplest(document, schema, depth)


def _simplest(document: Json, schema: Mapping[str, Json], depth: int) -> Json:
    match schema.get("type"):
        case "object" if depth:
            named = schema.get("properties", {})
            inner = {name: _sample(document, each, depth - 1) for name, each in named.items()}
            more = schema.get("additionalProperties")
            return inner | ({"a": "a"} if isinstance(more, Mapping) else {})
        case "array" if depth:
            return [_sample(document, schema.get("items", {}), depth - 1)]
        case "string":
            formats = {"uuid": SOME_ID, "date-time": "2027-01-03T09:00:00"}
            return formats.get(schema.get("format", ""), "a")
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 1)
    return None
