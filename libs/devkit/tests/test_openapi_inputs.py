"""What the document says of all parameters and forms, and which links follow from its paths."""

from typing import Any

from koinonia.devkit.documents import openapi_inputs, openapi_links

NULL = {"type": "null"}
THING = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}


def document() -> tuple[dict[str, Any], dict[str, Any]]:
    """Paths and schemas."""
    cursor = {"anyOf": [{"type": "string"}, NULL], "title": "Cursor", "default": None}
    form = {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/ThingForm"}}}
    paths = {
        "/api/things": {
            "get": {
                "operationId": "listThings",
                "parameters": [{"name": "cursor", "in": "query", "schema": cursor}],
                "responses": {"200": {}},
            },
            "post": {
                "operationId": "createThing",
                "requestBody": {"content": form},
                "responses": {"201": dict(THING)},
            },
        },
        "/api/things/{thing_id}": {"get": {"operationId": "readThing", "responses": {}}},
        "/api/things/{thing_id}/parts": {
            "post": {"operationId": "createPart", "responses": {"201": dict(THING)}}
        },
        "/api/things/{thing_id}/parts/{part_id}": {
            "delete": {"operationId": "removePart", "responses": {}}
        },
    }
    schemas = {
        "Thing": {"properties": {"id": {"type": "string"}}},
        "ThingForm": {"properties": {"note": {"anyOf": [{"type": "string"}, NULL]}}},
    }
    return paths, schemas


def test_no_parameter_and_no_field_of_a_form_can_be_null() -> None:
    paths, schemas = document()
    openapi_inputs.say_what_is_taken(paths, schemas)
    [cursor] = paths["/api/things"]["get"]["parameters"]
    assert cursor["schema"] == {"type": "string", "title": "Cursor"}
    assert schemas["ThingForm"]["properties"] == {"note": {"type": "string"}}


def test_a_form_takes_no_other_field() -> None:
    paths, schemas = document()
    openapi_inputs.say_what_is_taken(paths, schemas)
    assert schemas["ThingForm"]["additionalProperties"] is False


def test_what_was_created_is_linked_to_what_takes_its_id() -> None:
    paths, schemas = document()
    openapi_links.add(paths, schemas)
    links = paths["/api/things"]["post"]["responses"]["201"]["links"]
    assert set(links) == {"readThing", "createPart"}
    assert links["readThing"]["parameters"] == {"thing_id": "$response.body#/id"}


def test_what_lies_below_another_thing_keeps_its_id() -> None:
    paths, schemas = document()
    openapi_links.add(paths, schemas)
    links = paths["/api/things/{thing_id}/parts"]["post"]["responses"]["201"]["links"]
    assert links["removePart"]["parameters"] == {
        "thing_id": "$request.path.thing_id",
        "part_id": "$response.body#/id",
    }
