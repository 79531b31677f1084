"""Which passwords may be chosen, at every door where one is."""

import time
from collections.abc import Awaitable, Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import strength
from koinonia.auth.running import Running
from koinonia.auth.strength import Fault

from . import factories, mailboxes

COMMON = ["aaaaaaaaaa", "password1234", "Password123!", "qwertyuiop", "1234567890", "Summer2024!"]
PERSONAL = ["Grace Chapel", "gracechapel2024", "RUTH@grace.example.org", "Koinonia!!"]
GOOD = ["correct horse battery", "a mustard seed, and patience", "caf\u00e9 au lait", "kZ3-vq0Wm9p"]
KNOWN = (factories.EMAIL, "Grace Chapel", "Ruth", "Naomi")
WORST = "4@8({[<369&#!1|0$5+7%2/" * 9  # every character may stand for several others

Choose = Callable[[httpx.AsyncClient, Running, str], Awaitable[httpx.Response]]


@pytest.mark.parametrize("password", COMMON)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert strength.fault(password) is Fault.COMMON


@pytest.mark.parametrize("password", PERSONAL)
def test_what_is_known_of_the_person_is_refused(password: str) -> None:
    assert strength.fault(password, *KNOWN) is Fault.PERSONAL


@pytest.mark.parametrize("password", GOOD)
def test_a_good_one_is_taken(password: str) -> None:
    assert strength.fault(password, *KNOWN) is None


@given(st.text(min_size=10, max_size=200), st.text(max_size=254), st.text(max_size=100))
def test_no_text_is_too_odd_to_be_looked_at(password: str, email: str, church: str) -> None:
    found = strength.fault(password, email, church, None)
    assert found is None or found in Fault


@given(st.text("abcdefghij klmnop", min_size=10, max_size=60))
def test_a_name_is_never_the_password_however_it_is_written(name: str) -> None:
    assert strength.fault(name.upper(), name) is not None


def test_the_longest_and_oddest_takes_less_than_a_tenth_of_a_second() -> None:
    strength.fault("the lists are read once")
    begun = time.process_time()
    strength.fault(WORST[: strength.LONGEST], *[WORST[:100]] * 5)
    assert time.process_time() - begun < 0.1


async def _registers(api: httpx.AsyncClient, running: Running, password: str) -> httpx.Response:
    return await api.post("/api/auth/register", json=factories.registration(password=password))


async def _accepts(api: httpx.AsyncClient, running: Running, password: str) -> httpx.Response:
    invited = await factories.invite(api, await factories.church(api))
    return await factories.accept(api, invited["token"], password=password)


async def _changes(api: httpx.AsyncClient, running: Running, password: str) -> httpx.Response:
    body = {"password": factories.PASSWORD, "newPassword": password}
    who = factories.as_(await factories.church(api))
    return await api.post("/api/auth/password", json=body, headers=who)


async def _resets(api: httpx.AsyncClient, running: Running, password: str) -> httpx.Response:
    await factories.register(api)
    await api.post("/api/auth/password/forgotten", json={"email": factories.EMAIL})
    token = dict(await mailboxes.links(running))["reset-password"]
    return await api.post("/api/auth/password/reset", json={"token": token, "password": password})


@pytest.mark.parametrize("choose", [_registers, _accepts, _changes, _resets])
@pytest.mark.parametrize(
    ("password", "code"),
    [("password1234", "WEAK_PASSWORD"), ("gracechapel2024", "PERSONAL_PASSWORD")],
)
async def test_every_door_asks(
    api: httpx.AsyncClient, running: Running, choose: Choose, password: str, code: str
) -> None:
    answer = await choose(api, running, password)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    ("password", "fault"),
    [("password1234", "common"), ("gracechapel2024", "personal"), (factories.PASSWORD, None)],
)
async def test_a_page_may_ask_before_it_sends(
    api: httpx.AsyncClient, password: str, fault: str | None
) -> None:
    body = {"password": password, "known": ["Grace Chapel"]}
    answer = await api.post("/api/auth/password/check", json=body)
    assert (answer.status_code, answer.json()) == (200, {"fault": fault})


async def test_a_long_password_of_before_still_signs_in(
    api: httpx.AsyncClient, running: Running
) -> None:
    await factories.register(api)
    former = "a sentence of before " * 12
    account = await factories.account_of(running.database)
    async with running.database.transaction(account.church_id) as session:
        await _store(session, running, former[:250])
    assert (await factories.login(api, password=former[:250])).status_code == 200


async def _store(session: AsyncSession, running: Running, password: str) -> None:
    account = await factories.accounts.by_email(session, factories.EMAIL)
    assert account is not None
    hashed = await running.passwords.hashed(password)
    await factories.accounts.replace_password(session, account, hashed)
