"""An answer that the document does not know fails the test that got it."""

import httpx
import pytest

from koinonia.devkit.documents import contract

LABEL = "https://texts.example.org/api/labels/018f0000-0000-7000-8000-000000000000"
SHOWN = {
    "id": LABEL.rpartition("/")[2],
    "name": "Prayer",
    "colour": "#2f7d6b",
    "createdAt": "2026-11-30T12:00:00Z",
}


def answered(status: int, code: str = "", details: object = None) -> httpx.Response:
    error = {"message": "No.", "code": code, "details": details, "requestId": "x"}
    request = httpx.Request("GET", LABEL)
    return httpx.Response(status, json={"error": error} if code else SHOWN, request=request)


@pytest.mark.parametrize(
    "response",
    [
        answered(200),
        answered(404, "LABEL_NOT_FOUND"),
        answered(404, "LABEL_NOT_FOUND", {"ids": ["018f0000-0000-7000-8000-000000000000"]}),
        answered(401, "TOKEN_EXPIRED"),
    ],
)
def test_what_an_operation_declares_passes(response: httpx.Response) -> None:
    assert contract.violation(response) is None


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (answered(201), "answers 201"),
        (answered(418, "TEAPOT"), "answers 418"),
        (answered(404, "MEMBER_NOT_FOUND"), "answers MEMBER_NOT_FOUND"),
        (answered(404, "LABEL_NOT_FOUND", {"ids": 7}), "LABEL_NOT_FOUND"),
    ],
)
def test_what_it_does_not_declare_is_a_violation(response: httpx.Response, said: str) -> None:
    assert said in str(contract.violation(response))


def with_header(name: str, status: int = 200) -> httpx.Response:
    request = httpx.Request("GET", LABEL)
    return httpx.Response(status, headers={name: "1"}, request=request)


@pytest.mark.parametrize("name", ["X-Request-Id", "ETag", "Cache-Control", "Content-Type"])
def test_a_header_that_is_declared_or_of_the_message_passes(name: str) -> None:
    assert contract.violation(with_header(name)) is None


@pytest.mark.parametrize("name", ["Retry-After", "RateLimit-Limit", "Location", "X-Total-Count"])
def test_a_header_that_is_not_declared_is_a_violation(name: str) -> None:
    assert f"200 with {name.lower()}" in str(contract.violation(with_header(name)))


def test_addresses_of_other_systems_are_left_alone() -> None:
    elsewhere = httpx.Request("GET", "https://carrier.example.org/v2/messages")
    assert contract.violation(httpx.Response(418, request=elsewhere)) is None
