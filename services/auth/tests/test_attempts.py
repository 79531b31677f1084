"""Guessing at one account is slow from however many addresses, and locks nobody out."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from koinonia.auth import attempts
from koinonia.auth.attempts import DEVICE_LIFETIME, FORGOTTEN, FREE, LONGEST
from koinonia.auth.running import Running
from koinonia.auth.worker import prune
from koinonia.common import clock, db
from koinonia.common.testing import probe

from . import factories
from .conftest import Browser

ADDRESSES = [factories.EMAIL, "nobody@grace.example.org"]


async def guess(api: httpx.AsyncClient, times: int = 1, **changes: str) -> list[int]:
    wrong = {"password": "not the password"} | changes
    return [(await factories.login(api, **wrong)).status_code for _ in range(times)]


@pytest.fixture
async def stranger(browser: Browser, api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Somebody on a device that never signed in."""
    await factories.register(api)
    return browser()


@pytest.mark.parametrize("email", ADDRESSES)
async def test_after_ten_guesses_from_anywhere_the_next_has_to_wait(
    browser: Browser, stranger: httpx.AsyncClient, email: str
) -> None:
    for number in range(FREE):
        other = browser(**{"X-Forwarded-For": f"198.51.100.{number}"})
        assert await guess(other, email=email) == [401]
    refused = await factories.login(stranger, email=email)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "TOO_MANY_ATTEMPTS")
    assert 0 < int(refused.headers["retry-after"]) <= 30


async def test_guesses_at_the_same_moment_are_counted_one_by_one(
    stranger: httpx.AsyncClient,
) -> None:
    answers = await asyncio.gather(*(guess(stranger) for _ in range(FREE + 4)))
    assert sorted(status for [status] in answers) == [401] * FREE + [429] * 4


async def test_each_wait_is_twice_as_long_and_none_is_longer_than_a_quarter_of_an_hour(
    stranger: httpx.AsyncClient, database: db.Database
) -> None:
    pauses, passed = [], timedelta()
    await guess(stranger, FREE - 1)
    for _ in range(7):
        with clock.shift(passed):
            await guess(stranger)
            seconds = int((await factories.login(stranger)).headers["retry-after"])
        pauses.append(seconds)
        passed += timedelta(seconds=seconds + 1)
    rounded = [30 * round(seconds / 30) for seconds in pauses]
    assert rounded == [30, 60, 120, 240, 480, 900, 900]


async def test_a_known_device_signs_in_whatever_others_did(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await guess(stranger, FREE)
    assert await guess(stranger) == [429]
    assert (await factories.login(api)).status_code == 200
    assert await guess(stranger) == [401]  # who knew the password began the count anew


async def test_a_device_is_known_to_its_own_account_and_for_a_time(running: Running) -> None:
    macs = running.macs
    token = attempts.device_token(macs, factories.EMAIL)
    assert attempts.knows(macs, token, factories.EMAIL)
    assert not attempts.knows(macs, token, "boaz@grace.example.org")
    with clock.shift(DEVICE_LIFETIME + timedelta(seconds=1)):
        assert not attempts.knows(macs, token, factories.EMAIL)
    expires, _, proof = token.partition(".")
    for forged in ("", "x", f"{int(expires) + 1}.{proof}", f"{expires}.", f"9{expires}é.{proof}"):
        assert not attempts.knows(macs, forged, factories.EMAIL)


async def test_the_owner_finds_it_in_the_trail_once(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient, database: db.Database
) -> None:
    await guess(stranger, FREE + 3)
    account = await factories.account_of(database)
    trail = await factories.trail(database, str(account.church_id))
    assert trail.count("admin.sign_in_slowed") == 1


async def test_nobody_waits_longer_than_told_and_a_quiet_day_is_forgotten(
    stranger: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    await guess(stranger, FREE)
    with clock.shift(LONGEST):
        assert (await factories.login(stranger)).status_code == 200
        await guess(stranger, 2)
    with clock.shift(LONGEST + FORGOTTEN + timedelta(minutes=1)):
        await prune(running)
    async with database.transaction() as session:
        assert await probe.rows(session, "SELECT 1 FROM sign_in_attempts") == []
