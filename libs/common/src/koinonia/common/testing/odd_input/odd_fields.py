"""One odd text at a time: in each text of each operation that a service describes.

``odd_text`` fills all texts of a request at once, so the first that is refused hides the others.
Here all else is as a client would send it, and what an address names is there as far as a POST of
the same document makes it, so each text gets as far as it can.
"""

import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import httpx

ODD = {
    "unseen letters": "\u200b\u2060\ufeff",
    "unseen letters inside": "I\u200bv\u00ado",
    "a nul": "a\0b",
    "half a character": "\ud83d",
    "controls": "\x1b[2J\x07\x7f\x85",
    "marks of direction": "\u202eabc\u2066\u200f",
    "many accents": "e" + "\u0301" * 1500,
    "letters that unfold": "\ufdfa" * 1500,  # each stands for eighteen
}
SOME_ID = str(UUID(int=7))
DEEPEST = 6
SLOWEST = 2.0  # seconds that one answer may take, on a busy machine
USUAL = {
    "phone": "+12025550142",
    "email": "ada@example.org",
    "timezone": "America/Chicago",
    "colour": "#2f7d6b",
    "localTime": "2027-01-03T09:00:00",
    "areaCode": "202",
    "rrule": "FREQ=WEEKLY",
    "textsFrom": "09:00",
    "textsUntil": "20:00",
    "password": "correct horse battery staple",
}
WORDS_OF_A_LIST = ("enum", "const")

Json = Any  # Any: an OpenAPI document and the bodies that it describes


class Case(NamedTuple):
    """A request with an odd text."""

    method: str
    url: str
    body: bytes | None


@dataclass
class Sweep:
    """``ids``: those of things that are there, by the path of their collection. ``beside``: what a
    body needs besides what its schema requires, by path."""

    client: httpx.AsyncClient
    document: Json
    ids: dict[str, str] = field(default_factory=dict)
    beside: Mapping[str, Json] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()  # paths
    _made: Iterator[int] = field(default_factory=itertools.count)

    async def prepare(self) -> None:
        """Make one of everything that a POST makes."""
        for path, operation in self._operations("post"):
            if path in self.ids or (schema := _schema(operation)) is None:
                continue
            body = _written(self._sample(schema) | self.beside.get(path, {}))
            answer = await self._send(Case("post", self._address(path), body))
            if answer.status_code == httpx.codes.CREATED and "id" in answer.json():
                self.ids[path] = answer.json()["id"]

    async def broken(self, odd: str) -> list[str]:
        """The requests with this text that were answered with a fault of ours, or too late. That
        the document has each answer is seen in every test, not here."""
        found: list[str] = []
        for case in self.cases(odd):
            began = time.perf_counter()
            answer = await self._send(case)
            seconds = time.perf_counter() - began
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or seconds > SLOWEST:
                sent = (case.body or b"")[:200].decode("ascii")
                said = f"{answer.status_code} in {seconds:.2f} s"
                found.append(f"{case.method} {case.url[:100]} {sent}: {said}")
        return found

    def cases(self, odd: str) -> Iterator[Case]:
        for method in ("get", "post", "put", "patch", "delete"):
            for path, operation in self._operations(method):
                url = self._address(path)
                for each in operation.get("parameters", ()):
                    if each["in"] == "query" and _is_text(self._simple(each["schema"])):
                        given = quote(odd.encode("utf-8", "surrogatepass"))
                        yield Case(method, f"{url}?{each['name']}={given}", None)
                schema = _schema(operation)
                beside = self.beside.get(path, {})
                for body in self._with_one(odd, schema, beside) if schema else ():
                    yield Case(method, url, _written(body))

    def _operations(self, method: str) -> Iterator[tuple[str, Json]]:
        paths = self.document["paths"]
        for path in sorted(paths, key=lambda path: (path.count("/"), path)):
            if method in paths[path] and path not in self.left_out:
                yield path, paths[path][method]

    async def _send(self, case: Case) -> httpx.Response:
        return await self.client.request(
            case.method,
            case.url,
            content=case.body,
            headers={"Content-Type": "application/json"} if case.body else None,
        )

    def _address(self, path: str) -> str:
        filled, seen = list[str](), ""
        for part in path.split("/")[1:]:
            filled.append(self.ids.get(seen, SOME_ID) if part.startswith("{") else part)
            seen += f"/{part}"
        return "/" + "/".join(filled)

    def _simple(self, schema: Json) -> Json:
        """Without references and alternatives: the first one that is not null."""
        while reference := schema.get("$ref"):
            schema = self.document["components"]["schemas"][reference.rpartition("/")[2]]
        for word in ("anyOf", "oneOf", "allOf"):
            for choice in schema.get(word, ()):
                if choice.get("type") != "null":
                    return self._simple(choice)
        return schema

    def _with_one(
        self, odd: str, schema: Json, beside: Json = MappingProxyType({}), depth: int = DEEPEST
    ) -> Iterator[Json]:
        """Values of a schema in which one text, or one key of a map, is the odd one."""
        schema = self._simple(schema)
        if _is_text(schema):
            yield odd
        if not depth:
            return
        for name, each in schema.get("properties", {}).items():
            for inner in self._with_one(odd, each, depth=depth - 1):
                yield self._sample(schema) | beside | {name: inner}
        if isinstance(more := schema.get("additionalProperties"), Mapping):
            yield self._sample(schema) | {odd: self._sample(more)}
            for inner in self._with_one(odd, more, depth=depth - 1):
                yield self._sample(schema) | {"plain": inner}
        for inner in self._with_one(odd, schema.get("items", {}), depth=depth - 1):
            yield [inner]

    def _sample(self, schema: Json, name: str = "", depth: int = DEEPEST) -> Json:
        """What a client usually sends, and no more than it has to."""
        schema = self._simple(schema)
        if any(word in schema for word in WORDS_OF_A_LIST):
            return schema["enum"][0] if "enum" in schema else schema["const"]
        match schema.get("type"):
            case "object" if depth:
                named = schema.get("properties", {})
                wanted = schema.get("required", ())
                return {key: self._sample(named[key], key, depth - 1) for key in wanted}
            case "array" if depth:
                return [self._sample(schema.get("items", {}), name, depth - 1)]
            case "boolean":
                return True
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "string":
                return self._usual(schema, name)
        return None

    def _usual(self, schema: Json, name: str) -> str:
        if schema.get("format") == "uuid":
            return self._id(name)
        at = "2027-01-03T09:00:00Z" if schema.get("format") == "date-time" else ""
        return USUAL.get(name) or at or f"plain{next(self._made)}"

    def _id(self, name: str) -> str:
        """Of what a field is called after: ``branchId`` is one of ``/api/branches``."""
        stem = name.removesuffix("s").removesuffix("Id").lower()
        return next((made for path, made in self.ids.items() if f"/{stem}" in path), SOME_ID)


def _schema(operation: Json) -> Json | None:
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema")


def _is_text(schema: Json) -> bool:
    if schema.get("type") != "string" or schema.get("format") == "uuid":
        return False
    return not any(word in schema for word in WORDS_OF_A_LIST)


def _written(body: Json) -> bytes:
    return json.dumps(body).encode()  # writes half a character as \ud83d
