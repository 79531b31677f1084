"""API keys: made, shown once, exchanged for a token, removed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.auth.running import Running
from koinonia.common import clock
from koinonia.common.identity import api_keys
from koinonia.common.testing import probe

from . import factories
from .factories import as_

KEYS = "/api/auth/keys"
EXCHANGE = "/inside/api-keys/exchange"
GIVEN = ["people.read", "messages.work"]


async def made(api: httpx.AsyncClient, who: dict[str, Any], **wish: object) -> httpx.Response:
    body = {"name": "Sync", "permissions": GIVEN, **wish}
    return await api.post(KEYS, json=body, headers=as_(who))


async def exchanged(api: httpx.AsyncClient, key: str) -> httpx.Response:
    return await api.post(EXCHANGE, json={"key": key})


def test_a_key_tells_a_slip_of_the_pen_by_its_checksum() -> None:
    key = api_keys.generate()
    assert api_keys.is_whole(key)
    slips = [key[:9] + ("a" if key[9] != "a" else "b") + key[10:], key[:-1], key + "a", ""]
    assert [api_keys.is_whole(each) for each in slips] == [False] * 4
    assert len({api_keys.generate() for _ in range(100)}) == 100


async def test_a_key_is_exchanged_for_a_token_of_its_own(
    api: httpx.AsyncClient, running: Running
) -> None:
    owner = await factories.church(api)
    key = (await made(api, owner)).json()
    answer = await exchanged(api, key["key"])
    assert answer.status_code == 200, answer.text
    identity = await running.verifier.verify(answer.json()["token"])
    assert (str(identity.admin_id), identity.role) == (key["id"], "staff")
    assert identity.key
    assert (identity.key.name, sorted(identity.key.permissions)) == (
        "Sync",
        ["messages.read", "messages.work", "people.read"],
    )
    [listed] = (await api.get(KEYS, headers=as_(owner))).json()["data"]
    assert listed["lastUsedAt"] is not None
    assert (listed["hint"], "key" in listed) == (key["key"][-4:], False)


async def test_the_table_opens_nothing(api: httpx.AsyncClient, running: Running) -> None:
    owner = await factories.church(api)
    key = (await made(api, owner)).json()["key"]
    async with running.database.transaction(church_id=UUID(owner["church"]["id"])) as session:
        kept = await probe.rows(session, "SELECT * FROM api_keys, api_key_digests")
    assert len(kept) == 1
    assert key[4:20] not in str(kept)


async def test_a_key_is_refused_once_it_is_removed_or_over(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await factories.church(api)
    gone, old = (await made(api, owner)).json(), (await made(api, owner, expiresInDays=1)).json()
    removed = await api.delete(f"{KEYS}/{gone['id']}", headers=as_(owner))
    assert removed.status_code == 204
    later = clock.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    refused = [await exchanged(api, each) for each in (gone["key"], old["key"])]
    refused += [await exchanged(api, each) for each in (api_keys.generate(), "koi_nonsense")]
    assert {each.status_code for each in refused} == {401}
    assert {each.json()["error"]["code"] for each in refused} == {"API_KEY_INVALID"}


@pytest.mark.parametrize(
    "refused", ["team.manage", "keys.manage", "auth.read", "auth.own", "messages.own"]
)
async def test_no_key_has_what_is_of_people(api: httpx.AsyncClient, refused: str) -> None:
    owner = await factories.church(api)
    answer = await made(api, owner, permissions=[*GIVEN, refused])
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "PERMISSION_NOT_GRANTABLE"
    assert refused in answer.json()["error"]["message"]


async def test_a_church_has_twenty_keys_at_most(api: httpx.AsyncClient) -> None:
    owner = await factories.church(api)
    answers = [(await made(api, owner)).status_code for _ in range(21)]
    assert answers == [201] * 20 + [409]


async def test_a_key_acts_as_itself_in_the_audit_trail_and_makes_no_other(
    api: httpx.AsyncClient, running: Running
) -> None:
    owner = await factories.church(api)
    key = (await made(api, owner, permissions=["church.manage"])).json()
    token = (await exchanged(api, key["key"])).json()["token"]
    program = {"Authorization": f"Bearer {token}"}
    another = await api.post(KEYS, json={"name": "2", "permissions": GIVEN}, headers=program)
    assert another.json()["error"]["code"] == "KEY_NOT_PERMITTED"
    assert (await factories.trail(running.database, owner["church"]["id"])).count(
        "key.created"
    ) == 1
