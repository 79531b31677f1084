"""Signing in with a password."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from koinonia.auth import accounts
from koinonia.auth.running import Running
from koinonia.common import clock, db

from . import factories


async def test_an_admin_signs_in_and_is_known(api: httpx.AsyncClient) -> None:
    registered = await factories.register(api)
    answer = await factories.login(api, email=" RUTH@grace.example.org")
    assert (answer.status_code, answer.json()) == (200, registered)


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    api: httpx.AsyncClient,
) -> None:
    await factories.register(api)
    wrong = await factories.login(api, password="not the password")
    unknown = await factories.login(api, email="nobody@grace.example.org")
    assert wrong.status_code == unknown.status_code == 401
    errors = [{**each.json()["error"], "requestId": ""} for each in (wrong, unknown)]
    assert errors[0] == errors[1]
    assert errors[0]["code"] == "INVALID_CREDENTIALS"


@pytest.mark.parametrize("email", [factories.EMAIL, "nobody@grace.example.org"])
async def test_a_failed_login_costs_one_verification_whoever_it_is_for(
    api: httpx.AsyncClient, running: Running, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    await factories.register(api)
    checked = _counted(running, monkeypatch)
    await factories.login(api, email=email, password="not the password")
    assert len(checked) == 1


async def test_the_stand_in_for_nobody_costs_what_a_password_costs(running: Running) -> None:
    assert not running.passwords.outdated(running.passwords.placeholder_hash)


async def test_a_password_is_the_same_from_every_keyboard(api: httpx.AsyncClient) -> None:
    await factories.register(api, password="caf\u00e9 au lait")
    assert (await factories.login(api, password="cafe\u0301 au lait")).status_code == 200


async def test_a_password_hashed_with_old_parameters_is_hashed_anew(
    api: httpx.AsyncClient, database: db.Database, running: Running
) -> None:
    await factories.register(api)
    before = await factories.account_of(database)
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(factories.PASSWORD)
    async with database.transaction(before.church_id) as session:
        await accounts.replace_hash(session, before, weak)
    assert (await factories.login(api)).status_code == 200
    after = await factories.account_of(database)
    assert not running.passwords.outdated(after.password_hash)
    assert (await factories.login(api)).status_code == 200


async def test_a_disabled_admin_is_told_so_only_with_the_right_password(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    await factories.register(api)
    await _disable(database)
    right = await factories.login(api)
    wrong = await factories.login(api, password="not the password")
    assert (right.status_code, right.json()["error"]["code"]) == (403, "ACCOUNT_DISABLED")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "INVALID_CREDENTIALS")


async def test_a_disabled_admin_can_neither_renew_nor_ask_who_they_are(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    given = await factories.tokens(api)
    await _disable(database)
    renewed = await factories.renew(api, given["refreshToken"])
    me = await api.get("/api/auth/me", headers=factories.bearing(given["accessToken"]))
    assert (renewed.status_code, me.status_code) == (403, 403)


async def test_a_token_says_who_where_and_until_when(api: httpx.AsyncClient) -> None:
    body = await factories.register(api, tokens=True)
    identity = await factories.identity(api, body["tokens"]["accessToken"])
    assert str(identity.admin_id) == body["admin"]["id"]
    assert str(identity.church_id) == body["church"]["id"]
    assert identity.role == "owner"
    left = identity.expires_at - clock.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)


async def test_me_is_the_admin_and_the_church(api: httpx.AsyncClient) -> None:
    body = await factories.register(api, tokens=True)
    given = body.pop("tokens")
    answer = await api.get("/api/auth/me", headers=factories.bearing(given["accessToken"]))
    shown = answer.json()
    assert "team.manage" in shown.pop("permissions")
    fine = {"emailTrouble": None, "emailTroubleSince": None}
    assert (answer.status_code, shown) == (200, body | fine)


def _counted(running: Running, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every hash that a password is compared to from now on, each compared truly."""
    checked: list[Any] = []
    hasher = running.passwords._hasher

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002
            checked.append(hash)
            return hasher.verify(hash, password)

    monkeypatch.setattr(running.passwords, "_hasher", Counting())
    return checked


async def _disable(database: db.Database) -> None:
    account = await factories.account_of(database)
    async with database.transaction(account.church_id) as session:
        await db.run(session, "UPDATE admins SET disabled_at = now()")
