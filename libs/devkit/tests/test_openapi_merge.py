"""Several OpenAPI documents as one."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from koinonia.devkit.documents import OPENAPI, openapi_merge
from koinonia.devkit.layout import ROOT

INFO = {"title": "Koinonia", "version": "1"}


def operation(schema: str, method: str = "get") -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    answers = {"200": {"description": "OK", "content": content}}
    named = {"operationId": f"{method}_all", "summary": "All", "responses": answers}
    return {method: named}


def document(title: str, paths: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document as a service has it."""
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


SHARED = object_of(message={"type": "string"})
MESSAGING = document(
    "messaging",
    {
        "/api/messages": operation("Page"),
        "/api/messages/send": operation("Status", "post"),
        "/internal": operation("Page"),
    },
    {"Page": object_of(data=reference("Status")), "Status": {"enum": ["sent"]}, "Problem": SHARED},
)
BILLING = document(
    "billing",
    {"/api/billing/usage": operation("Page")},
    {"Page": object_of(data=reference("Status")), "Status": {"enum": ["paid"]}, "Problem": SHARED},
)


def merged() -> dict[str, Any]:
    documents = {"messaging": MESSAGING, "billing": BILLING}
    return openapi_merge.merged(documents, INFO, "https://texts.example.org")


def test_the_merged_document_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(merged()).iter_errors()) == []


def test_a_name_that_means_two_things_gets_two_names() -> None:
    schemas = merged()["components"]["schemas"]
    assert schemas["MessagingStatus"] == {"enum": ["sent"]}
    assert schemas["BillingStatus"] == {"enum": ["paid"]}
    assert "Status" not in schemas


def test_the_same_words_about_different_things_are_two_schemas() -> None:
    schemas = merged()["components"]["schemas"]
    assert schemas["MessagingPage"]["properties"]["data"] == reference("MessagingStatus")
    assert schemas["BillingPage"]["properties"]["data"] == reference("BillingStatus")


def test_what_is_the_same_everywhere_stays_one_schema() -> None:
    assert merged()["components"]["schemas"]["Problem"] == SHARED


def test_only_what_the_gateway_passes_on_is_shown() -> None:
    assert list(merged()["paths"]) == ["/api/billing/usage", "/api/messages", "/api/messages/send"]


def test_operations_have_names_of_their_own() -> None:
    operations = [next(iter(item.values())) for item in merged()["paths"].values()]
    names = [each["operationId"] for each in operations]
    assert names == ["get_allOfBilling", "get_allOfMessaging", "post_all"]


@pytest.mark.parametrize(
    ("ours", "plain"),
    [
        ("MemberOut", "Member"),
        ("MemberIn", "MemberRequest"),
        ("Page_MemberOut_", "MemberPage"),
        ("Body_uploadFile", "UploadFileForm"),
        ("Status-Input", "Status"),
        ("Preview", "Preview"),
    ],
)
def test_models_have_names_that_a_client_can_use(ours: str, plain: str) -> None:
    assert openapi_merge.plain_name(ours) == plain


def test_every_name_of_the_document_is_one_that_a_client_can_use() -> None:
    written = json.loads((ROOT / OPENAPI).read_text())
    operations = [each for item in written["paths"].values() for each in item.values()]
    ids = [each["operationId"] for each in operations]
    assert [name for name in written["components"]["schemas"] if not name.isalnum()] == []
    assert [name for name in ids if not name.isalnum() or not name[0].islower()] == []


def test_a_change_takes_cookie_and_token_or_bearer() -> None:
    paths = merged()["paths"]
    assert paths["/api/messages/send"]["post"]["security"] == [
        {"cookie": [], "csrfToken": []},
        {"bearer": []},
    ]
    assert paths["/api/messages"]["get"]["security"] == [{"cookie": []}, {"bearer": []}]
