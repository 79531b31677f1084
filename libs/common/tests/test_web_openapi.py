"""The interface document is what clients are generated from."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from openapi_spec_validator import OpenAPIV31SpecValidator

from koinonia.common import errors, web

router = APIRouter(prefix="/api/groups", tags=["groups"])


class Group(web.Schema):
    member_count: int


class NoSuchGroup(errors.NotFound):
    code = "GROUP_NOT_FOUND"
    message = "There is no such group. List yours."
    details_type = errors.UnknownIds | None


@router.get("/{group_id}")
@web.raises(NoSuchGroup)
async def read_group(group_id: UUID) -> Group:
    raise NotImplementedError


@router.get("")
async def groups(page: web.PageQuery, name: str | None = None) -> web.Page[Group]:
    raise NotImplementedError


def document() -> dict[str, Any]:
    return web.create_app("messaging", title="Messaging", routers=[router]).openapi()


def test_the_document_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_names_are_those_of_the_functions_and_fields_in_camel_case() -> None:
    api = document()
    assert api["paths"]["/api/groups/{group_id}"]["get"]["operationId"] == "readGroup"
    assert "memberCount" in api["components"]["schemas"]["Group"]["properties"]


def test_an_operation_shows_each_error_that_it_can_answer_by_its_code() -> None:
    api = document()
    responses = api["paths"]["/api/groups/{group_id}"]["get"]["responses"]
    assert set(responses) == {"200", "400", "404", "413", "500", "503"}
    body = responses["404"]["content"]["application/json"]["schema"]
    assert body["properties"]["error"] == {"$ref": "#/components/schemas/GroupNotFoundError"}
    error = api["components"]["schemas"]["GroupNotFoundError"]
    assert error["properties"]["code"]["const"] == "GROUP_NOT_FOUND"
    assert {"$ref": "#/components/schemas/UnknownIds"} in error["properties"]["details"]["anyOf"]
    assert error["description"] == NoSuchGroup.message


def test_a_page_is_three_parameters_beside_the_filters_of_the_route() -> None:
    parameters = document()["paths"]["/api/groups"]["get"]["parameters"]
    assert {each["name"] for each in parameters} == {"limit", "cursor", "page", "name"}


def test_probes_are_no_part_of_the_interface() -> None:
    assert set(document()["paths"]) == {"/api/groups", "/api/groups/{group_id}"}
