"""The keys that sign access tokens, over their life."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from koinonia.auth.keys import NOTICE, Keys
from koinonia.auth.settings import Settings
from koinonia.auth.worker import rotate_keys
from koinonia.common import clock, db
from koinonia.common.crypto import KeyRing, SealBroken
from koinonia.common.settings import BadSettings
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually

from . import factories

PERIOD = timedelta(days=30)
DUE = PERIOD - timedelta(minutes=30)


@pytest.fixture
def keys(database: db.Database, settings: Settings) -> Keys:
    return Keys(database, settings.ring, PERIOD)


async def test_the_first_key_is_made_when_it_is_needed_and_signs_at_once(keys: Keys) -> None:
    signer = await keys.signer()
    assert await _published(keys) == {signer.kid}


async def test_many_who_need_the_first_key_make_one(
    database: db.Database, settings: Settings
) -> None:
    processes = [Keys(database, settings.ring, PERIOD) for _ in range(3)]
    async with database.transaction() as session:
        await db.run(session, "SELECT pg_advisory_xact_lock(hashtext('auth signing keys'))")
        asking = [asyncio.create_task(process.signer()) for process in processes]
        await eventually(lambda: factories.waits_for_locks(database, 3))
    signers = await asyncio.gather(*asking)
    assert len({signer.kid for signer in signers}) == 1


async def test_nothing_changes_before_a_key_is_due(keys: Keys) -> None:
    first = (await keys.signer()).kid
    with clock.shift(timedelta(days=29)):
        await keys.rotate()
        assert await _published(keys) == {first}


async def test_a_new_key_is_published_an_hour_before_it_signs(keys: Keys) -> None:
    first = (await keys.signer()).kid
    with clock.shift(DUE):
        await keys.rotate()
        await keys.rotate()
        assert len(await _published(keys)) == 2
        with clock.shift(NOTICE - timedelta(seconds=5)):
            assert (await keys.signer()).kid == first
        with clock.shift(NOTICE + timedelta(seconds=5)):
            assert (await keys.signer()).kid != first


async def test_the_old_key_stays_published_for_an_hour_after_it_retired(keys: Keys) -> None:
    first = (await keys.signer()).kid
    with clock.shift(DUE):
        await keys.rotate()
    with clock.shift(DUE + 2 * NOTICE - timedelta(seconds=5)):
        assert first in await _published(keys)
    with clock.shift(DUE + 2 * NOTICE + timedelta(seconds=5)):
        assert await _published(keys) == {(await keys.signer()).kid}


async def test_a_key_that_verifies_nothing_any_more_is_deleted(
    keys: Keys, database: db.Database
) -> None:
    await keys.signer()
    with clock.shift(DUE):
        await keys.rotate()
    with clock.shift(DUE + 3 * NOTICE):
        await keys.rotate()
    async with database.transaction() as session:
        assert len(await probe.rows(session, "SELECT kid FROM signing_keys")) == 1


async def test_after_a_long_sleep_the_old_key_signs_until_the_new_one_is_known(keys: Keys) -> None:
    first = (await keys.signer()).kid
    with clock.shift(3 * PERIOD):
        await keys.rotate()
        assert (await keys.signer()).kid == first
        assert len(await _published(keys)) == 2


async def test_a_token_signed_by_the_old_key_is_good_after_the_rotation(
    api: httpx.AsyncClient, running: Any
) -> None:
    await factories.register(api)
    with clock.shift(DUE):
        await rotate_keys(running)
    with clock.shift(DUE + NOTICE - timedelta(minutes=5)):
        old = (await factories.login(api, tokens=True)).json()["tokens"]["accessToken"]
    with clock.shift(DUE + NOTICE + timedelta(minutes=5)):
        new = (await factories.login(api, tokens=True)).json()["tokens"]["accessToken"]
        admins = [(await factories.identity(api, token)).admin_id for token in (old, new)]
    assert old.split(".")[0] != new.split(".")[0]  # their headers name different keys
    assert admins[0] == admins[1]


async def test_a_private_key_is_sealed_in_the_table_and_absent_from_the_set(
    keys: Keys, database: db.Database, settings: Settings
) -> None:
    await keys.signer()
    async with database.transaction() as session:
        row: Any = await probe.first(session, "SELECT kid, private_key FROM signing_keys")
    assert len(settings.ring.open(row.private_key, row.kid.encode())) == 32
    with pytest.raises(SealBroken):
        KeyRing({"k1": bytes(32)}).open(row.private_key, row.kid.encode())
    (published,) = (await keys.jwks())["keys"]
    assert set(published) == {"kty", "crv", "x", "kid", "use", "alg"}


async def test_the_key_set_is_public_and_may_be_kept_for_five_minutes(
    api: httpx.AsyncClient,
) -> None:
    answer = await api.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert [key["crv"] for key in answer.json()["keys"]] == ["Ed25519"]


def test_a_ring_that_is_missing_or_malformed_is_named_and_never_shown(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOINONIA_SIGNING_KEY_RING")
    with pytest.raises(BadSettings, match="KOINONIA_SIGNING_KEY_RING is required"):
        Settings.load()
    monkeypatch.setenv("KOINONIA_SIGNING_KEY_RING", "k1:c2hvcnQ=")
    with pytest.raises(BadSettings, match="KOINONIA_SIGNING_KEY_RING is not valid") as refused:
        Settings.load()
    assert "c2hvcnQ" not in str(refused.value)


async def _published(keys: Keys) -> set[str]:
    return {key["kid"] for key in (await keys.jwks())["keys"]}
