"""Each bound that the OpenAPI document puts on one field: requests just within and just outside.

A case is a request whose other fields are as plain as can be; they may be refused as well, for all
problems of a request are answered together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

Json = Any  # Any: an OpenAPI document and the bodies that it describes

DEEPEST = 7
MOST_ITEMS = 200  # a longer list is tried where it is read, not here
METHODS = ("get", "post", "put", "patch", "delete")
SOME_ID = "0199a1c2-7d3e-7abc-8def-0123456789ab"
OF_FORMATS = {
    "uuid": SOME_ID,
    "date-time": "2027-01-03T09:00:00Z",
    "local-date-time": "2027-01-03T09:00:00",
    "date": "2027-01-03",
    "email": "ada@example.org",
    "uri": "https://example.org/a.png",
}
BESIDE_LENGTH = ("pattern", "format", "enum", "const")  # then not any text of that length will do
OPEN_END = "streamEvents"


class Bound(NamedTuple):
    """A limit of a field; ``within`` is None where no value is known that keeps to all else."""

    word: str
    within: Json | None
    outside: Json


class Place(NamedTuple):
    """A field of a request. ``put`` gives the body or the query with a value in it."""

    name: str
    schema: Json
    put: Callable[[Json], Json]


@dataclass(frozen=True)
class Case:
    operation: str
    method: str
    path: str
    where: str
    name: str
    bound: Bound
    put: Callable[[Json], Json] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.operation}: {self.name} ({self.bound.word})"

    def request(self, value: Json) -> dict[str, Json]:
        """The arguments of ``httpx.AsyncClient.request``."""
        place = {"body": "json", "query": "params"}.get(self.where)
        url = self.put(value) if place is None else self.path
        return {"method": self.method, "url": url} | ({place: self.put(value)} if place else {})


@dataclass(frozen=True)
class Document:
    content: Json

    def cases(self) -> Iterator[Case]:
        """One for each bound, at the first operation that has it: a model has one code."""
        tried = set[tuple[int, str]]()
        for case, schema in self._everywhere():
            if (key := (id(schema), case.bound.word)) not in tried:
                tried.add(key)
                yield case

    def _everywhere(self) -> Iterator[tuple[Case, Json]]:
        for path, item in self.content["paths"].items():
            for method in METHODS:
                operation = item.get(method, {"operationId": OPEN_END})
                if (name := operation["operationId"]) == OPEN_END:
                    continue
                for where, found in self._fields(path, operation):
                    for bound in self._bounds(found.schema):
                        case = Case(
                            name, method, _filled(path), where, found.name, bound, found.put
                        )
                        yield case, found.schema

    def _fields(self, path: str, operation: Json) -> Iterator[tuple[str, Place]]:
        """Where it stands, and what it is."""
        put: dict[str, Callable[[str, Json], Json]] = {
            "query": _entry,
            "path": partial(_filled, path),
        }
        for each in operation.get("parameters", ()):
            if (where := each["in"]) in put:
                places = self._places(
                    each["schema"], each["name"], partial(put[where], each["name"])
                )
                yield from ((where, place) for place in places)
        yield from (("body", place) for place in self._places(_body(operation), "", _itself))

    def _places(
        self, schema: Json, name: str, put: Callable[[Json], Json], depth: int = DEEPEST
    ) -> Iterator[Place]:
        """The field itself, and every one in it."""
        for simple in self._choices(schema) if depth else ():
            yield Place(name, simple, put)
            for key, each in simple.get("properties", {}).items():
                around = partial(self._object, simple, key)
                yield from self._places(each, key, _through(put, around), depth - 1)
            if isinstance(more := simple.get("additionalProperties"), dict):
                around = partial(_entry, "plain")
                yield from self._places(more, "plain", _through(put, around), depth - 1)
            if "items" in simple:
                yield from self._places(simple["items"], name, _through(put, _listed), depth - 1)

    def _choices(self, schema: Json) -> Iterator[Json]:
        """Without references, each alternative but null."""
        if reference := schema.get("$ref"):
            schema = self.content["components"]["schemas"][reference.rpartition("/")[2]]
        options = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        if not options:
            if schema and schema.get("type") != "null":
                yield schema
            return
        for each in options:
            yield from self._choices(each)

    def _object(self, schema: Json, key: str, value: Json) -> Json:
        return self._sample(schema) | {key: value}

    def _bounds(self, schema: Json) -> Iterator[Bound]:
        match schema.get("type"):
            case "string":
                yield from _of_text(schema)
            case "integer" | "number":
                yield from _of_number(schema)
            case "array":
                yield from self._of_list(schema)

    def _of_list(self, schema: Json) -> Iterator[Bound]:
        one = self._sample(schema.get("items", {}))
        some = [_another(one, number) for number in range(MOST_ITEMS + 1)]
        if (most := schema.get("maxItems", MOST_ITEMS + 1)) <= MOST_ITEMS:
            yield Bound("maxItems", some[:most], some[: most + 1])
        if least := schema.get("minItems"):
            yield Bound("minItems", some[:least], some[: least - 1])

    def _sample(self, schema: Json, depth: int = DEEPEST) -> Json:
        """A plain value, with no more than it has to have."""
        schema = next(self._choices(schema), {})
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        match schema.get("type"):
            case "object" if depth:
                named = schema.get("properties", {})
                return {
                    key: self._sample(named[key], depth - 1) for key in schema.get("required", ())
                }
            case "array" if depth:
                return [self._sample(schema.get("items", {}), depth - 1)]
            case "boolean":
                return True
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "string":
                examples = schema.get("examples", [schema.get("example")])
                usual = OF_FORMATS.get(schema.get("format", ""), "a" * schema.get("minLength", 1))
                return examples[0] or usual
        return None


def _another(value: Json, number: int) -> Json:
    """Of ids a list has none twice."""
    return f"{SOME_ID[:-3]}{number:03x}" if value == SOME_ID else value


def _of_text(schema: Json) -> Iterator[Bound]:
    is_free = not any(word in schema for word in BESIDE_LENGTH)
    if (most := schema.get("maxLength")) is not None:
        yield Bound("maxLength", "a" * most if is_free else None, "a" * (most + 1))
    if least := schema.get("minLength"):
        yield Bound("minLength", "a" * least if is_free else None, "a" * (least - 1))
    if (kind := schema.get("format")) in OF_FORMATS:
        yield Bound("format", OF_FORMATS[kind], "nonsense")
    if options := schema.get("enum"):
        yield Bound("enum", options[0], "nonsense")


def _of_number(schema: Json) -> Iterator[Bound]:
    for word, beyond in (("minimum", -1), ("maximum", 1)):
        if (limit := schema.get(word)) is not None:
            yield Bound(word, limit, limit + beyond)


def _body(operation: Json) -> Json:
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {})


def _filled(path: str, name: str = "", value: Json = SOME_ID) -> str:
    """The path with ids of nothing in it, and ``value`` for ``name``."""
    parts = path.split("/")
    return "/".join(
        (str(value) if part == f"{{{name}}}" else SOME_ID) if part.startswith("{") else part
        for part in parts
    )


def _through(put: Callable[[Json], Json], around: Callable[[Json], Json]) -> Callable[[Json], Json]:
    return lambda value: put(around(value))


def _itself(value: Json) -> Json:
    return value


def _entry(key: str, value: Json) -> Json:
    return {key: value}


def _listed(value: Json) -> Json:
    return [value]
