"""What generators of clients find in the document of all services."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from koinonia.devkit.documents import OPENAPI, openapi_names, openapi_shapes
from koinonia.devkit.layout import ROOT

DOCUMENT = json.loads((ROOT / OPENAPI).read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
# Alone, each of these says nothing in a client that holds the models of all services.
VAGUE = {
    *("Added", "Bulk", "Change", "Counts", "Data", "Day", "Details", "Entry", "Figures", "Item"),
    *("Kind", "Labels", "Listed", "Many", "Match", "Merge", "Number", "Overview", "Parts"),
    *("Period", "Pin", "Read", "Reason", "Received", "Request", "Response", "Result", "Results"),
    *("Row", "Sample", "Snooze", "Source", "State", "Stats", "Status", "Statuses", "Uploaded"),
    *("Why",),
}


def shaped(schema: dict[str, Any], parameters: list[dict[str, Any]] | None = None) -> Any:
    """A document of one operation that takes ``schema``."""
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    operation = {"parameters": parameters or [], "requestBody": body, "responses": {}}
    components = {"schemas": {"Thing": schema, "Unused": {"type": "string"}}}
    paths = {"/api/things/{thing_id}": {"post": operation}}
    return openapi_shapes.shaped({"paths": paths, "components": components})


def thing(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = shaped(schema)["components"]["schemas"]["Thing"]
    return found


def test_a_default_does_not_make_a_field_one_that_must_be_sent() -> None:
    tokens = {"type": "boolean", "default": False, "title": "Tokens"}
    assert thing({"properties": {"tokens": tokens}})["properties"] == {
        "tokens": {"type": "boolean", "x-default": False}
    }


def test_fields_that_are_called_title_and_default_stay() -> None:
    fields = {"title": {"type": "string"}, "default": {"type": "string"}}
    assert thing({"title": "ThingIn", "properties": fields}) == {
        "title": "Thing",
        "properties": fields,
    }


def test_values_are_not_taken_for_schemas() -> None:
    values = {"examples": [{"title": "Deacon"}], "enum": [{"default": 1}]}
    assert thing(values) == {**values, "title": "Thing"}


def test_bytes_are_bytes_for_every_generator() -> None:
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    assert thing({"properties": {"file": file}})["properties"]["file"]["format"] == "binary"


def test_parameters_are_in_camel_case_and_never_null() -> None:
    nullable = {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "After"}
    limit = {"type": "integer", "default": 20}
    parameters = [
        {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "after", "in": "query", "schema": nullable},
        {"name": "limit", "in": "query", "schema": limit},
    ]
    [(path, item)] = shaped({}, parameters)["paths"].items()
    assert path == "/api/things/{thingId}"
    first, after, third = item["post"]["parameters"]
    assert (first["name"], after["schema"], third["schema"]) == (
        "thingId",
        {"type": "string"},
        limit,
    )


def test_links_name_parameters_as_operations_do() -> None:
    link = {"operationId": "readThing", "parameters": {"thing_id": "$request.path.thing_id"}}
    found = openapi_shapes.shaped(
        {
            "paths": {"/a": {"post": {"responses": {"201": {"links": {"readThing": link}}}}}},
            "components": {"schemas": {}},
        }
    )
    answer = found["paths"]["/a"]["post"]["responses"]["201"]
    assert answer["links"]["readThing"]["parameters"] == {"thingId": "$request.path.thingId"}


def test_what_no_operation_leads_to_is_left_out() -> None:
    assert "Unused" not in shaped({})["components"]["schemas"]


@pytest.mark.parametrize("name", [name for name in SCHEMAS if not name.endswith("Error")])
def test_a_model_says_what_it_is_among_those_of_all_services(name: str) -> None:
    assert re.fullmatch(r"[A-Z][A-Za-z]+", name)
    assert name not in VAGUE, f"Give {name} a public name in openapi_names.py."
    assert not re.search(r"([a-z]In|Out|Details)$", name) or name == "SignedIn"


def test_names_are_unique_and_of_models_that_are_there() -> None:
    public = [name for own in openapi_names.PUBLIC.values() for name in own.values()]
    assert len(public) == len(set(public))
    assert set(public) <= set(SCHEMAS)


def test_operations_read_as_verb_and_object() -> None:
    names = [operation["operationId"] for operation in operations()]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)] == []


def test_every_group_of_operations_is_described() -> None:
    described = {tag["name"]: tag.get("description") for tag in DOCUMENT["tags"]}
    assert all(described.values())
    assert {tag for operation in operations() for tag in operation["tags"]} == set(described)


def test_everything_that_can_be_left_out_of_an_answer_is_there_or_has_a_value() -> None:
    """``total?: number | null`` would make a client ask twice."""
    both = [
        f"{name}.{field}"
        for name in answered()
        for field, schema in SCHEMAS[name].get("properties", {}).items()
        if field not in SCHEMAS[name].get("required", ())
        and any(each.get("type") == "null" for each in schema.get("anyOf", ()))
    ]
    assert both == []


def answered() -> set[str]:
    """The schemas that a success leads to."""
    waiting: list[Any] = [
        answer
        for operation in operations()
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    ]
    found: set[str] = set()
    while waiting:
        new = set(openapi_shapes.references(waiting.pop())) - found
        found |= new
        waiting += [SCHEMAS[name] for name in new]
    return found


def operations() -> Iterator[dict[str, Any]]:
    for item in DOCUMENT["paths"].values():
        yield from item.values()
