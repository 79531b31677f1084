"""Whatever is wrong with a request has a code and a sentence, and leaves nothing behind."""

from typing import Any

import httpx
import pytest

from koinonia.common import db
from koinonia.common.testing import probe

from . import factories

BAD_REGISTRATIONS: list[tuple[dict[str, Any], str]] = [
    ({"email": "ruth"}, "email: This is not an email address"),
    ({"email": "Ruth <ruth@grace.example.org>"}, "email: This is not an email address"),
    ({"email": f"{'r' * 250}@grace.example.org"}, "email: "),
    ({"email": None}, "email: "),
    ({"password": "too short"}, "password: This must have at least 10 characters"),
    ({"password": "x" * 201}, "password: This must have at most 200 characters"),
    ({"password": 1234567890}, "password: "),
    ({"churchName": "   "}, "churchName: "),
    ({"churchName": "x" * 101}, "churchName: "),
    ({"churchName": "Grace\nChapel"}, "churchName: A name must not contain line breaks"),
    ({"firstName": "Ru\u0000th"}, "firstName: Text must not contain the character U+0000."),
    ({"lastName": ""}, "lastName: "),
    ({"timezone": "New York"}, "timezone: This is not an IANA time zone"),
    ({"timezone": "america/new_york"}, "timezone: This is not an IANA time zone"),
    ({"timezone": "../../etc/passwd"}, "timezone: This is not an IANA time zone"),
    ({"timezone": "localtime"}, "timezone: This is not an IANA time zone"),
    ({"tokens": "perhaps"}, "tokens: "),
]


@pytest.mark.parametrize(("change", "sentence"), BAD_REGISTRATIONS)
async def test_a_bad_registration_is_told_what_to_change(
    api: httpx.AsyncClient, database: db.Database, change: dict[str, Any], sentence: str
) -> None:
    answer = await api.post("/api/auth/register", json=factories.registration(**change))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "VALIDATION_ERROR")
    assert error["message"].startswith(sentence)
    assert not await _anything_written(database)


@pytest.mark.parametrize("missing", ["churchName", "email", "password"])
async def test_what_is_missing_is_named(api: httpx.AsyncClient, missing: str) -> None:
    body = factories.registration()
    del body[missing]
    answer = await api.post("/api/auth/register", json=body)
    assert answer.json()["error"]["message"].startswith(f"{missing}: This is required")


@pytest.mark.parametrize("password", [factories.EMAIL, "grace chapel", " RUTH@grace.example.org"])
async def test_a_password_that_anybody_would_try_is_refused(
    api: httpx.AsyncClient, database: db.Database, password: str
) -> None:
    answer = await api.post("/api/auth/register", json=factories.registration(password=password))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "PERSONAL_PASSWORD")
    assert not await _anything_written(database)


@pytest.mark.parametrize("route", ["register", "login"])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "VALIDATION_ERROR"),
        (b"{", "VALIDATION_ERROR"),
        (b"[]", "VALIDATION_ERROR"),
        (b"\xff\xfe", "VALIDATION_ERROR"),
        (
            b'{"email": "ruth@grace.example.org", "password": "\\ud800 surrogate"}',
            "VALIDATION_ERROR",
        ),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    api: httpx.AsyncClient, route: str, body: bytes, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await api.post(f"/api/auth/{route}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert answer.json()["error"]["message"].endswith(".")


async def test_a_refusal_does_not_repeat_the_password(api: httpx.AsyncClient) -> None:
    answer = await factories.login(api, email="ruth", password="a secret of mine")
    assert (answer.status_code, "a secret of mine" in answer.text) == (400, False)


@pytest.mark.parametrize(
    ("token", "code"),
    [("x" * 43, "REFRESH_TOKEN_INVALID"), ("é", "REFRESH_TOKEN_INVALID")],
)
async def test_an_unknown_refresh_token_is_refused(
    api: httpx.AsyncClient, token: str, code: str
) -> None:
    answer = await factories.renew(api, token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)


@pytest.mark.parametrize("token", ["", "x" * 101])
async def test_a_refresh_token_of_an_impossible_length_is_not_looked_up(
    api: httpx.AsyncClient, token: str
) -> None:
    assert (await factories.renew(api, token)).status_code == 400


async def test_without_any_refresh_token_one_is_told_to_sign_in(api: httpx.AsyncClient) -> None:
    answer = await api.post("/api/auth/refresh")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "REFRESH_TOKEN_MISSING")
    assert "POST /api/auth/login" in answer.json()["error"]["message"]


@pytest.mark.parametrize("headers", [{}, factories.bearing("forged"), {"Authorization": "Basic x"}])
async def test_me_without_a_good_token_is_refused(
    api: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await api.get("/api/auth/me", headers=headers)
    assert answer.status_code == 401
    assert "POST /api/auth/login" in answer.json()["error"]["message"]


async def _anything_written(database: db.Database) -> bool:
    async with database.transaction() as session:
        found = await probe.rows(session, "SELECT 1 FROM outbox UNION ALL SELECT 1 FROM logins")
    return bool(found)
