"""What generators of clients read from the document: names, and what a client must send.

* They take the key of a schema for its name: titles that differ, and titles of fields, blur it.
* They take a field with a ``default`` for one that is always there, in what a client sends as in
  what it is answered. So the default of a field is its ``x-default``; ``required`` alone tells what
  must be sent.
* What a parameter is called in a path is for them to show: in camelCase, like every other name. No
  parameter can be sent as null.
* Bytes are ``format: binary`` for most, and ``contentMediaType`` for who knows JSON Schema only.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.alias_generators import to_camel

Json = Any  # Any: a part of an OpenAPI document, whose JSON has many forms

SCHEMAS = "#/components/schemas/"
NAMED = ("properties", "patternProperties", "$defs", "mapping")  # whose keys are names
WORDS = ("examples", "example", "const", "enum", "required", "x-default")  # no schemas in them
DEFAULT = "x-default"
BYTES = "application/octet-stream"
OF_PATH = re.compile(r"(\$request\.path\.)(\w+)")
IN_PATH = re.compile(r"{(\w+)}")


def shaped(document: Mapping[str, Json]) -> dict[str, Json]:
    """The document with the schemas that are referred to, each as generators should read it."""
    components = dict(document["components"])
    used = _used(document)
    components["schemas"] = {
        name: {**_plain(schema), "title": name}
        for name, schema in sorted(components["schemas"].items())
        if name in used
    }
    responses = components.get("responses", {})
    components["responses"] = {name: _plain(each) for name, each in responses.items()}
    paths = {
        IN_PATH.sub(lambda name: f"{{{to_camel(name[1])}}}", path): {
            method: _operation(operation) for method, operation in item.items()
        }
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths, "components": components}


def _operation(operation: Json) -> Json:
    return {
        key: [_parameter(each) for each in value] if key == "parameters" else _plain(value)
        for key, value in operation.items()
    }


def _parameter(parameter: Mapping[str, Json]) -> Json:
    """It keeps its default: generators leave to the caller what is not ``required``."""
    plain = _plain(parameter)
    schema = plain["schema"]
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(options) == 1:
        schema = {**{key: value for key, value in schema.items() if key != "anyOf"}, **options[0]}
    if DEFAULT in schema:
        schema["default"] = schema.pop(DEFAULT)
    if plain["in"] == "path":
        plain["name"] = to_camel(plain["name"])
    return {**plain, "schema": schema}


def _plain(part: Json) -> Json:
    if isinstance(part, list):
        return [_plain(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    found: dict[str, Json] = {}
    for key, value in part.items():
        if key in NAMED and isinstance(value, Mapping):
            found[key] = {name: _plain(each) for name, each in value.items()}
        elif key == "links":
            found[key] = {name: _link(each) for name, each in value.items()}
        elif key in WORDS:
            found[key] = value
        elif key == "default":
            if "const" not in part:
                found[DEFAULT] = value
        elif key != "title":
            found[key] = _plain(value)
    if part.get("contentMediaType") == BYTES:
        found["format"] = "binary"
    return found


def _link(link: Mapping[str, Json]) -> Json:
    """It names parameters, most of them of paths."""
    named = {
        to_camel(name): OF_PATH.sub(lambda found: found[1] + to_camel(found[2]), value)
        for name, value in link.get("parameters", {}).items()
    }
    return {**link, "parameters": named}


def _used(document: Mapping[str, Json]) -> set[str]:
    """The schemas that an operation leads to."""
    components = document["components"]
    waiting = [document["paths"], *(each for k, each in components.items() if k != "schemas")]
    used: set[str] = set()
    while waiting:
        for name in references(waiting.pop()):
            if name not in used:
                used.add(name)
                waiting.append(components["schemas"][name])
    return used


def references(part: Json) -> Iterator[str]:
    """The names of the schemas that a part of a document refers to."""
    if isinstance(part, Mapping):
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)
    elif isinstance(part, str) and part.startswith(SCHEMAS):
        yield part.removeprefix(SCHEMAS)
