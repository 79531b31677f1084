"""The interface of all services, as one document and as a page."""

import base64
import hashlib
import re
from typing import Any

import httpx
from openapi_spec_validator import OpenAPIV31SpecValidator

from koinonia.gateway.reference import examples, page

from .conftest import Gateway
from .peers import free_port

WITHOUT_OTHERS = (
    "auth",
    "messaging",
    "conversation",
    "billing",
    "analytics",
    "ingress",
    "integrations",
)


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def problems(document: dict[str, Any]) -> list[Any]:
    return list(OpenAPIV31SpecValidator(document).iter_errors())


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


async def test_the_served_document_has_the_routes_of_all_services(
    client: httpx.AsyncClient,
) -> None:
    served = (await client.get("/api/openapi.json")).json()
    assert problems(served) == []
    assert {"/api/csrf-token", "/health", "/api/messages", "/api/billing/usage"} <= set(
        served["paths"]
    )


async def test_the_document_names_the_public_address_of_the_installation(gateway: Gateway) -> None:
    async with gateway(public_url="https://texts.example.org") as client:
        served = (await client.get("/api/openapi.json")).json()
        shown = await client.get("/api/docs")
    assert served["servers"] == [{"url": "https://texts.example.org"}]
    assert "curl -X POST https://texts.example.org/api/messages/send" in shown.text


async def test_the_document_is_served_without_any_other_service(gateway: Gateway) -> None:
    away = {f"{name}_url": f"http://127.0.0.1:{free_port()}" for name in WITHOUT_OTHERS}
    async with gateway(**away) as client:
        assert problems((await client.get("/api/openapi.json")).json()) == []
        assert (await client.get("/api/docs")).status_code == 200


async def test_the_document_may_be_sent_compressed(client: httpx.AsyncClient) -> None:
    plain = await client.get("/api/openapi.json", headers={"Accept-Encoding": "identity"})
    packed = await client.get("/api/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()


async def test_the_page_shows_every_route_and_needs_nothing_from_elsewhere(
    client: httpx.AsyncClient,
) -> None:
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


def test_what_a_service_writes_is_text_on_the_page() -> None:
    operation = {"description": "<script>alert(1)</script>", "summary": "<b>", "tags": ["texts"]}
    shown = page.rendered(
        {
            "info": {"title": "Koinonia", "version": "1", "description": ""},
            "servers": [{"url": "https://texts.example.org"}],
            "tags": [{"name": "texts"}],
            "paths": {"/api/messages": {"get": operation}},
            "components": {},
        }
    )
    assert "<code>/api/messages</code>" in shown
    assert "<script>alert" not in shown
    assert "<b>&" not in shown


def test_an_example_has_the_form_of_its_schema() -> None:
    known = {"Inner": {"type": "string", "format": "uuid"}}
    schema = object_of(
        id=reference("Inner"),
        tags={"type": "array", "items": {"enum": ["a", "b"]}},
        note={"anyOf": [{"type": "string"}, {"type": "null"}]},
    )
    example = examples.example(schema, known)
    assert example == {"id": examples.FORMATS["uuid"], "tags": ["a"], "note": "text"}


def test_a_schema_that_holds_itself_has_an_example() -> None:
    known = {"Node": object_of(child=reference("Node"))}
    assert examples.example(reference("Node"), known)


def test_an_example_of_a_body_leaves_out_what_may_be_null() -> None:
    schema = object_of(
        content={"type": "string", "default": ""},
        scheduledAt={"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
        mediaUrls={"type": "array", "items": {"type": "string"}, "default": []},
    )
    example = examples.example(schema, {}, asked=True)
    assert example == {"content": examples.NAMES["content"], "mediaUrls": []}
