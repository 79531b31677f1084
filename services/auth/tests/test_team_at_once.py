"""Two things happen to a team at the same moment."""

import asyncio

import httpx
import pytest

from koinonia.auth import accounts, churches
from koinonia.auth.running import Running
from koinonia.common import db
from koinonia.common.testing.eventually import eventually

from . import factories
from .factories import TEAM, id_of


async def test_an_invitation_that_is_accepted_twice_at_once_makes_one_admin(
    api: httpx.AsyncClient,
) -> None:
    ruth = await factories.church(api)
    made = await factories.invite(api, ruth)
    answers = await asyncio.gather(*(factories.accept(api, made["token"]) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    assert len((await api.get(TEAM, headers=factories.as_(ruth))).json()["data"]) == 2


async def test_of_two_who_accept_with_one_address_in_two_churches_one_joins(
    api: httpx.AsyncClient,
) -> None:
    first = await factories.church(api)
    second = await factories.church(api, email="boaz@hope.example.org")
    made = [await factories.invite(api, each, "staff", "n@example.org") for each in (first, second)]
    answers = await asyncio.gather(*(factories.accept(api, each["token"]) for each in made))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_of_two_owners_who_remove_each_other_one_stays(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "owner")
    async with database.transaction(ruth["church"]["id"]) as session:
        await churches.lock(session)  # so that both have begun before either goes on
        both = [
            asyncio.create_task(api.delete(f"{TEAM}/{id_of(one)}", headers=factories.as_(other)))
            for one, other in ((ruth, naomi), (naomi, ruth))
        ]
        await eventually(lambda: factories.waits_for_locks(database, 2))
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [204, 403]


async def test_of_two_owners_who_step_down_at_once_one_stays(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "owner")
    async with database.transaction(ruth["church"]["id"]) as session:
        await churches.lock(session)
        both = [
            asyncio.create_task(
                api.patch(
                    f"{TEAM}/{id_of(who)}", json={"role": "viewer"}, headers=factories.as_(who)
                )
            )
            for who in (ruth, naomi)
        ]
        await eventually(lambda: factories.waits_for_locks(database, 2))
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_session_that_begins_during_a_removal_ends_with_it(
    api: httpx.AsyncClient, database: db.Database, running: Running
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "staff", "naomi@example.org")
    async with database.transaction(ruth["church"]["id"]) as session:
        await accounts.lock(session, naomi["admin"]["id"])  # as somebody who is signing in does
        removal = asyncio.create_task(
            api.delete(f"{TEAM}/{id_of(naomi)}", headers=factories.as_(ruth))
        )
        await eventually(lambda: factories.waits_for_locks(database, 1))
        late = await factories.login(api, email="naomi@example.org", tokens=True)
    assert (await removal).status_code == 204
    given = late.json()["tokens"]
    identity = await factories.identity(api, given["accessToken"])
    assert await running.revocations.is_revoked(identity.session_id)
    assert (await factories.renew(api, given["refreshToken"])).status_code == 401


async def test_who_was_removed_while_their_password_was_checked_does_not_come_in(
    api: httpx.AsyncClient, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "staff", "naomi@example.org")
    match = running.passwords.match

    async def slowly(password_hash: str, password: str) -> bool:
        await api.delete(f"{TEAM}/{id_of(naomi)}", headers=factories.as_(ruth))
        return await match(password_hash, password)

    monkeypatch.setattr(running.passwords, "match", slowly)
    late = await factories.login(api, email="naomi@example.org")
    assert (late.status_code, late.json()["error"]["code"]) == (403, "ACCOUNT_DISABLED")
