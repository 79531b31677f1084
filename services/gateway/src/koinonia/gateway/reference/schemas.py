"""A JSON Schema in a few words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

JsonObject = Mapping[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms
Schema = JsonObject
Schemas = Mapping[str, Schema]

REF = "#/components/schemas/"
BOUNDS = (
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("exclusiveMinimum", "more than {}"),
    ("exclusiveMaximum", "less than {}"),
    ("pattern", "matches {}"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A property of an object. ``type`` names schemas as they are called."""

    name: str
    type: str
    required: bool
    notes: str


def resolved(schema: Schema, schemas: Schemas) -> Schema:
    """The schema that a reference, or the one thing beside null, leads to."""
    while True:
        options = [each for each in _options(schema) if each.get("type") != "null"]
        if name := reference(schema):
            schema = schemas.get(name, {})
        elif len(options) == 1:
            schema = {**{k: v for k, v in schema.items() if k not in _OPTIONS}, **options[0]}
        else:
            return schema


def reference(schema: Schema) -> str | None:
    target = str(schema.get("$ref", ""))
    return target.removeprefix(REF) if target.startswith(REF) else None


def is_nullable(schema: Schema) -> bool:
    return any(each.get("type") == "null" for each in _options(schema))


def default_of(schema: Schema) -> object:
    """What holds where nothing is sent; None if that is told otherwise. Of a field it is under
    ``x-default``: generators take a field with a ``default`` for one that must be sent."""
    return schema.get("default", schema.get("x-default"))


def fields(schema: Schema, schemas: Schemas) -> Iterator[Field]:
    """The properties of an object, or of the objects in a list."""
    schema = resolved(schema, schemas)
    if schema.get("type") == "array":
        schema = resolved(schema.get("items", {}), schemas)
    required = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        yield Field(name, type_name(each), name in required, notes(each, schemas))


def type_name(schema: Schema) -> str:
    if name := reference(schema):
        return name
    if options := _options(schema):
        return " or ".join(type_name(each) for each in options)
    match schema.get("type"):
        case "array":
            return f"list of {type_name(schema.get('items', {}))}"
        case "object" if extra := _extra(schema):
            return f"object of {type_name(extra)}"
        case list(names):
            return " or ".join(names)
        case None:
            return "constant" if "const" in schema else "anything"
        case name:
            return f"{name} ({schema['format']})" if "format" in schema else str(name)


def notes(schema: Schema, schemas: Schemas) -> str:
    """The description and the bounds, as one line."""
    inner = resolved(schema, schemas)
    said = str(schema.get("description") or inner.get("description") or "").split("\n\n")[0]
    bounds = [text.format(inner[key]) for key, text in BOUNDS if key in inner]
    if "enum" in inner:
        bounds.append("one of " + ", ".join(str(value) for value in inner["enum"]))
    if (default := default_of(schema)) not in (None, "", [], {}):
        bounds.append(f"default {default}")
    return " ".join(part for part in (said, "; ".join(bounds)) if part)


def _options(schema: Schema) -> list[Schema]:
    return [each for key in _OPTIONS for each in schema.get(key, ())]


def _extra(schema: Schema) -> Schema | None:
    extra = schema.get("additionalProperties")
    return extra if isinstance(extra, Mapping) else None


_OPTIONS = ("anyOf", "oneOf", "allOf")
