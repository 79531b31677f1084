"""Somebody is invited, and comes."""

from datetime import timedelta
from typing import Any

import httpx

from koinonia.auth.worker import prune
from koinonia.common import clock, db
from koinonia.common.testing import probe

from . import factories

INVITATIONS = "/api/auth/invitations"
NAOMI = {"firstName": "Naomi", "lastName": "Meyer"}


async def test_who_was_invited_joins_the_church_and_is_signed_in(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    made = await factories.invite(api, ruth, "staff", " Naomi@Grace.Example.ORG", **NAOMI)
    answer = await factories.accept(api, made["token"], lastName="Moss")
    body = answer.json()
    naomi = {"email": "naomi@grace.example.org", "firstName": "Naomi", "lastName": "Moss"}
    assert body["admin"] == {"id": body["admin"]["id"], "role": "staff", **naomi}
    assert body["church"] == ruth["church"]
    me = await api.get("/api/auth/me", headers=factories.as_(body))
    known = {"admin": body["admin"], "church": body["church"]}
    assert known.items() <= me.json().items()
    assert "conversations.work" in me.json()["permissions"]
    name, event = (await factories.published(database))[-1]
    assert (name, event["firstName"], event["lastName"]) == ("admin.joined", "Naomi", "Moss")
    trail = await factories.trail(database, ruth["church"]["id"])
    assert trail == ["church.registered", "admin.invited", "admin.joined"]


async def test_a_browser_that_accepts_gets_cookies(api: httpx.AsyncClient) -> None:
    made = await factories.invite(api, await factories.church(api))
    answer = await factories.accept(api, made["token"], tokens=False)
    assert (answer.status_code, "tokens" in answer.json()) == (201, False)
    assert api.cookies["__Host-koinonia_refresh"]
    assert answer.headers["cache-control"] == "no-store"


async def test_the_token_is_shown_once_and_kept_as_a_digest(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    made = await factories.invite(api, ruth, **NAOMI)
    assert made["link"] == f"https://koinonia.example.org/join#{made['token']}"
    listed = (await api.get(INVITATIONS, headers=factories.as_(ruth))).json()["data"]
    assert listed == [{key: made[key] for key in made.keys() - {"token", "link"}}]
    assert listed[0]["invitedBy"] == ruth["admin"]["id"]
    async with database.transaction() as session:
        kept = await probe.rows(session, "SELECT token_hash FROM invitation_tokens")
    assert [len(row.token_hash) for row in kept] == [32, 32]  # what is shown, what is mailed


async def test_whatever_is_wrong_with_a_token_it_gets_one_answer(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    replaced = await factories.invite(api, ruth, "viewer", "naomi@grace.example.org")
    used = await factories.invite(api, ruth, "staff", "naomi@grace.example.org")
    revoked = await factories.invite(api, ruth, email="boaz@grace.example.org")
    old = await factories.invite(api, ruth, email="obed@grace.example.org")
    assert (await factories.accept(api, used["token"])).json()["admin"]["role"] == "staff"
    out = await api.delete(f"{INVITATIONS}/{revoked['id']}", headers=factories.as_(ruth))
    assert out.status_code == 204
    tokens = [each["token"] for each in (replaced, used, revoked)]
    answers = [await factories.accept(api, token) for token in (*tokens, "x" * 43, "é")]
    with clock.shift(timedelta(days=7, seconds=1)):
        answers.append(await factories.accept(api, old["token"]))
    assert {answer.status_code for answer in answers} == {400}
    errors = [{**answer.json()["error"], "requestId": ""} for answer in answers]
    assert {error["code"] for error in errors} == {"INVITATION_INVALID"}
    assert all(error == errors[0] for error in errors)


async def test_an_invitation_lasts_seven_days_and_is_listed_for_another_month(
    api: httpx.AsyncClient, running: Any, database: db.Database
) -> None:
    ruth = await factories.church(api)
    made = await factories.invite(api, ruth)
    with clock.shift(timedelta(days=36)):
        await prune(running)
        assert await _waiting(database) == 1
    with clock.shift(timedelta(days=6, hours=23)):
        assert (await factories.accept(api, made["token"])).status_code == 201
    await factories.invite(api, ruth, email="boaz@grace.example.org")
    with clock.shift(timedelta(days=38)):
        await prune(running)
        assert await _waiting(database) == 0


async def test_an_address_with_an_account_elsewhere_is_told_on_accepting_only(
    api: httpx.AsyncClient,
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.church(api, email="naomi@hope.example.org", churchName="Hope")
    made = await factories.invite(api, ruth, email=naomi["admin"]["email"])
    for _ in range(2):  # the first refusal does not use it up
        refused = await factories.accept(api, made["token"])
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "EMAIL_TAKEN")


async def test_a_colleague_is_not_invited_again(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    body = {"email": factories.EMAIL, "role": "viewer"}
    answer = await api.post(INVITATIONS, json=body, headers=factories.as_(ruth))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "COLLEAGUE_EXISTS")


async def test_a_weak_password_is_refused_and_the_invitation_stays(
    api: httpx.AsyncClient,
) -> None:
    ruth = await factories.church(api)
    made = await factories.invite(api, ruth, email="naomi@grace.example.org")
    for password in ("short", "naomi@grace.example.org", "grace chapel"):
        refused = await factories.accept(api, made["token"], password=password)
        assert (refused.status_code, made["token"] in refused.text) == (400, False)
    assert (await factories.accept(api, made["token"])).status_code == 201


async def test_nobody_invites_or_revokes_above_their_own_role(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    admin = await factories.join(api, ruth, "admin")
    to_owner = await factories.invite(api, ruth, "owner", "boaz@grace.example.org")
    asked = [
        await api.post(INVITATIONS, json={"email": email, "role": role}, headers=who)
        for who, email, role in (
            (factories.as_(admin), "obed@grace.example.org", "owner"),
            (factories.as_(admin), "boaz@grace.example.org", "staff"),  # it is an owner's to be
        )
    ]
    asked.append(await api.delete(f"{INVITATIONS}/{to_owner['id']}", headers=factories.as_(admin)))
    assert [answer.json()["error"]["code"] for answer in asked] == ["ROLE_TOO_HIGH"] * 3
    accepted = await factories.accept(api, to_owner["token"])
    assert accepted.json()["admin"]["role"] == "owner"


async def _waiting(database: db.Database) -> int:
    async with database.transaction() as session:
        return len(await probe.rows(session, "SELECT 1 FROM invitation_tokens WHERE NOT is_mailed"))


async def test_an_invitation_with_a_key_is_made_once(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    body = {"role": "staff", "email": "naomi@grace.example.org", **NAOMI}
    headers = factories.as_(ruth) | {"Idempotency-Key": "one"}
    first, again = [await api.post(INVITATIONS, json=body, headers=headers) for _ in "ab"]
    assert (first.status_code, again.json()["token"]) == (201, first.json()["token"])
    assert again.headers["cache-control"] == "no-store"
    listed = (await api.get(INVITATIONS, headers=factories.as_(ruth))).json()["data"]
    assert len(listed) == 1
