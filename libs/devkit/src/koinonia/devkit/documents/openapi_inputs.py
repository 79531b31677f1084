"""What the framework does not say of parameters and forms, though it holds for every one of them.

Neither can be null: ``?cursor=null`` is the text "null". A form takes no field but its own, as
JSON takes none (``koinonia.common.web.known_input``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from koinonia.gateway.reference.operations import METHODS

Json = Any  # Any: a part of an OpenAPI document, whose JSON has many forms

FORM = "multipart/form-data"
_NULL = {"type": "null"}


def say_what_is_taken(paths: Mapping[str, Json], schemas: Mapping[str, Json]) -> None:
    """Complete the parameters and the forms of every operation."""
    for item in paths.values():
        for method in METHODS & set(item):
            for parameter in item[method].get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
            for form in _forms(item[method], schemas):
                form["additionalProperties"] = False
                for name, schema in form["properties"].items():
                    form["properties"][name] = _without_null(schema)


def _forms(operation: Json, schemas: Mapping[str, Json]) -> Iterator[Json]:
    content = operation.get("requestBody", {}).get("content", {})
    if FORM in content:
        schema = content[FORM]["schema"]
        yield schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _without_null(schema: Json) -> Json:
    options = schema.get("anyOf", [])
    if _NULL not in options:
        return schema
    others = [each for each in options if each != _NULL]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    if rest.get("default", "") is None:
        del rest["default"]
    return {**others[0], **rest} if len(others) == 1 else {"anyOf": others, **rest}
