"""Requests with odd text in every text of every operation that a service describes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import httpx

ODD = ("\ud83d", "a\0b", "\u200b", "\u202e\u2066\ufeff", "\x1b[2J\x07", "😀" * 60)
SOME_ID = str(UUID(int=7))
DEEPEST = 6

Json = Any  # Any: an OpenAPI document and the bodies that it describes


def requests(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, path and JSON body of every operation with each odd text in all its texts."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            if schema := content.get("application/json", {}).get("schema"):
                filled = "/".join(SOME_ID if "{" in part else part for part in path.split("/"))
                for odd in ODD:
                    yield method, filled, _sample(document, schema, odd, DEEPEST)


async def broken(client: httpx.AsyncClient, document: Json) -> list[str]:
    """The requests that were answered with a fault of ours."""
    found: list[str] = []
    for method, path, body in requests(document):
        answer = await client.request(
            method, path, content=_written(body), headers={"Content-Type": "application/json"}
        )
        if answer.status_code >= 500:
            found.append(f"{method} {path} {body!a}: {answer.status_code}")
    return found


def _written(body: Json) -> bytes:
    return json.dumps(body).encode()  # writes half a character as \ud83d


def _sample(document: Json, schema: Mapping[str, Json], odd: str, depth: int) -> Json:
    if reference := schema.get("$ref"):
        found = document["components"]["schemas"][reference.rpartition("/")[2]]
        return _sample(document, found, odd, depth)
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return _sample(document, choices[0], odd, depth)
    if "enum" in schema or "const" in schema:
        return schema["enum"][0] if "enum" in schema else schema["const"]
    match schema.get("type"):
        case "object" if depth:
            named = schema.get("properties", {})
            inner = {name: _sample(document, each, odd, depth - 1) for name, each in named.items()}
            more = schema.get("additionalProperties")
            return inner | ({odd: odd} if isinstance(more, Mapping) else {})
        case "array" if depth:
            return [_sample(document, schema.get("items", {}), odd, depth - 1)]
        case "string":
            return _text(schema, odd)
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 1)
    return None


def _text(schema: Mapping[str, Json], odd: str) -> str:
    match schema.get("format"):
        case "uuid":
            return SOME_ID
        case "date-time":
            return "2027-01-03T09:00:00"
    return odd
