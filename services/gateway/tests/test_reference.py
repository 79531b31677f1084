"""The interface of all services, as one document and as a page."""

import base64
import hashlib
import re
from typing import Any

import httpx
from openapi_spec_validator import validate as assert_valid

from koinonia.gateway.reference import examples, merging

from .conftest import Gateway, Peers
from .peers import document, free_port

INFO = {"title": "Koinonia", "version": "1"}


def operation(schema: str, method: str = "get", **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    answers = {"200": {"description": "OK", "content": content}}
    named = {"operationId": f"{method}_all", "summary": "All", "responses": answers}
    return {method: {**named, **more}}


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
    return merging.merged(documents, INFO, "https://texts.example.org")


def test_the_merged_document_is_valid() -> None:
    assert_valid(merged())


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


def test_only_what_passes_the_door_is_shown() -> None:
    assert list(merged()["paths"]) == ["/api/billing/usage", "/api/messages", "/api/messages/send"]


def test_operations_have_names_of_their_own() -> None:
    operations = [next(iter(item.values())) for item in merged()["paths"].values()]
    names = [each["operationId"] for each in operations]
    assert names == ["billing_get_all", "messaging_get_all", "post_all"]


def test_a_change_takes_cookie_and_token_or_bearer() -> None:
    paths = merged()["paths"]
    assert paths["/api/messages/send"]["post"]["security"] == [
        {"cookie": [], "csrfToken": []},
        {"bearer": []},
    ]
    assert paths["/api/messages"]["get"]["security"] == [{"cookie": []}, {"bearer": []}]


async def test_the_served_document_joins_all_services(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    peers["messaging"].documents["/openapi.json"] = MESSAGING
    peers["billing"].documents["/openapi.json"] = BILLING
    served = (await client.get("/api/openapi.json")).json()
    assert_valid(served)
    assert {"/api/csrf-token", "/health", "/api/messages"} <= set(served["paths"])
    assert served["servers"] == [{"url": "http://127.0.0.1:8080"}]


async def test_the_document_is_valid_while_a_service_is_away(gateway: Gateway) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    async with gateway(messaging_url=away, billing_url=away) as client:
        assert_valid((await client.get("/api/openapi.json")).json())


async def test_the_page_shows_every_route_and_needs_nothing_from_elsewhere(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    peers["messaging"].documents["/openapi.json"] = MESSAGING
    response = await client.get("/api/docs")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<code>/api/messages/send</code>" in response.text
    assert "curl -X POST http://127.0.0.1:8080/api/messages/send" in response.text
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", response.text)


async def test_the_page_may_load_only_what_stands_in_it(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/docs")
    policy = response.headers["content-security-policy"]
    for tag in ("style", "script"):
        found = re.search(rf"<{tag}>(.*?)</{tag}>", response.text, re.DOTALL)
        assert found is not None
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


async def test_what_a_service_writes_is_text_on_the_page(
    client: httpx.AsyncClient, peers: Peers
) -> None:
    item = operation("Problem", description="<script>alert(1)</script>", summary="<b>")
    hostile = document("messaging", {"/api/messages": item}, {"Problem": SHARED})
    peers["messaging"].documents["/openapi.json"] = hostile
    page = (await client.get("/api/docs")).text
    assert "<script>alert" not in page
    assert "<b>&" not in page


def test_an_example_has_the_form_of_its_schema() -> None:
    known = {"Inner": {"type": "string", "format": "uuid"}}
    schema = object_of(
        id=reference("Inner"),
        tags={"type": "array", "items": {"enum": ["a", "b"]}},
        note={"anyOf": [{"type": "string"}, {"type": "null"}]},
    )
    example = examples.of_schema(schema, known)
    assert example == {"id": examples.FORMATS["uuid"], "tags": ["a"], "note": "text"}


def test_a_schema_that_holds_itself_has_an_example() -> None:
    known = {"Node": object_of(child=reference("Node"))}
    assert examples.of_schema(reference("Node"), known)


def test_an_example_of_a_body_leaves_out_what_may_be_null() -> None:
    schema = object_of(
        content={"type": "string", "default": ""},
        scheduledAt={"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
        mediaUrls={"type": "array", "items": {"type": "string"}, "default": []},
    )
    example = examples.of_schema(schema, {}, asked=True)
    assert example == {"content": examples.NAMES["content"], "mediaUrls": []}
