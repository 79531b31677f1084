"""A church registers."""

import asyncio
from typing import Any

import httpx

from koinonia.common import db
from koinonia.common.testing import probe

from . import factories

REGISTER = "/api/auth/register"


async def test_a_church_registers_and_its_owner_is_signed_in(api: httpx.AsyncClient) -> None:
    body = await factories.register(api, firstName="Ruth", timezone="America/Chicago")
    assert body["admin"] == {
        "id": body["admin"]["id"],
        "email": factories.EMAIL,
        "firstName": "Ruth",
        "lastName": None,
        "role": "owner",
    }
    assert body == {
        "admin": body["admin"],
        "church": {
            "id": body["church"]["id"],
            "name": "Grace Chapel",
            "timezone": "America/Chicago",
            "language": "english",
            "isVerified": False,
        },
    }


async def test_an_address_is_kept_in_lower_case(api: httpx.AsyncClient) -> None:
    body = await factories.register(api, email=" Ruth@Grace.Example.ORG ")
    assert body["admin"]["email"] == factories.EMAIL


async def test_the_time_zone_is_that_of_new_york_unless_told(api: httpx.AsyncClient) -> None:
    body = await factories.register(api)
    assert body["church"]["timezone"] == "America/New_York"


async def test_a_taken_address_is_told_to_sign_in(api: httpx.AsyncClient) -> None:
    await factories.register(api)
    answer = await api.post(REGISTER, json=factories.registration(email=factories.EMAIL.upper()))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (409, "EMAIL_TAKEN")
    assert "Sign in" in error["message"]


async def test_of_two_registrations_with_one_address_one_succeeds_and_one_leaves_nothing(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    both = [api.post(REGISTER, json=factories.registration()) for _ in range(2)]
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert await _published(database) == ["church.registered", "admin.joined"]


async def test_register_publishes_the_church_and_its_owner(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    body = await factories.register(api, firstName="Ruth", language="spanish")
    async with database.transaction() as session:
        events = await probe.rows(
            session, "SELECT church_id, name, body FROM outbox ORDER BY position"
        )
    assert [event.name for event in events] == ["church.registered", "admin.joined"]
    assert {str(event.church_id) for event in events} == {body["church"]["id"]}
    assert '"churchName":"Grace Chapel"' in events[0].body
    assert '"language":"spanish"' in events[0].body
    assert f'"adminId":"{body["admin"]["id"]}"' in events[1].body
    assert '"firstName":"Ruth"' in events[1].body


async def test_a_password_is_never_stored_or_told(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    answer = await api.post(REGISTER, json=factories.registration())
    account = await factories.account_of(database)
    assert account.password_hash.startswith("$argon2id$")
    assert factories.PASSWORD not in answer.text + account.password_hash + repr(account)


async def _published(database: db.Database) -> list[Any]:
    async with database.transaction() as session:
        found = await probe.rows(session, "SELECT name FROM outbox ORDER BY position")
    return [row.name for row in found]
