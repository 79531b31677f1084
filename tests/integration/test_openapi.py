"""One interface of everything: valid, complete, and a page to read it."""

import httpx
import pytest
from openapi_spec_validator import validate

from .contract.earlier import SEVENTEEN
from .interface import operations


async def test_the_merged_document_is_valid(visitor: httpx.AsyncClient) -> None:
    document = (await visitor.get("/api/openapi.json")).json()
    validate(document)
    assert document["openapi"].startswith("3.1")


async def test_every_route_of_the_earlier_system_is_there(visitor: httpx.AsyncClient) -> None:
    document = (await visitor.get("/api/openapi.json")).json()
    words = SEVENTEEN.split()
    expected = {f"{method} {path}" for method, path in zip(words[::2], words[1::2], strict=True)}
    assert len(expected) == 17
    assert expected <= {str(each) for each in operations(document)}


async def test_every_operation_says_how_it_fails(visitor: httpx.AsyncClient) -> None:
    document = (await visitor.get("/api/openapi.json")).json()
    silent = [
        f"{method} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if path.startswith("/api/")
        and not {"400", "500"} & operation["responses"].keys()
        and not path.startswith("/api/webhooks/")  # a carrier is never refused for its number
    ]
    assert silent == []


@pytest.mark.parametrize("path", ["/api/docs", "/api/openapi.json", "/health"])
async def test_what_anybody_may_read_carries_its_security_headers(
    visitor: httpx.AsyncClient, path: str
) -> None:
    answer = await visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src" in answer.headers["content-security-policy"]


async def test_the_page_names_every_route(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/api/docs")).text
    document = (await visitor.get("/api/openapi.json")).json()
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert [path for path in document["paths"] if path not in page] == []
