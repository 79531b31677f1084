"""A6, A7: guesses from one address and from many, and people who pay for what others did."""

import asyncio

import httpx
import pytest
from tests.integration import churches
from tests.integration.churches import PASSWORD

from koinonia.devkit.system import System

from .conftest import Founded, Visit


async def test_bad_logins_at_one_address_shut_out_no_other(visit: Visit, found: Founded) -> None:
    church = await found()
    answers = [await _guess(visit(), f"nobody-{n}@example.org") for n in range(8)]
    assert answers == [401] * 8
    assert await _guess(visit(), church.email, PASSWORD) == 200


async def test_an_account_is_guessed_at_ten_times_from_wherever(
    visit: Visit, found: Founded
) -> None:
    church = await found()
    guesses = [visit() for _ in range(12)]
    answers = await asyncio.gather(*(_guess(each, church.email) for each in guesses * 5))
    assert sorted(answers) == [401] * 10 + [429] * 50


async def test_its_owner_signs_in_meanwhile_where_they_did_before(visit: Visit) -> None:
    own, email = visit(), "guessed-at@example.org"
    body = churches.registration("Guessed at", email)
    assert (await own.post("/api/auth/register", json=body)).status_code == 201
    answers = await asyncio.gather(*(_guess(visit(), email) for _ in range(20)))
    assert sorted(answers) == [401] * 10 + [429] * 10
    assert await _guess(own, email, PASSWORD) == 200


@pytest.mark.parametrize("forged", ["X-Forwarded-For: 203.0.113.{n}, {mine}", "{n}.1.1.1"])
async def test_an_address_is_not_hidden_by_what_a_client_says_of_itself(
    system: System, address: str, forged: str
) -> None:
    """The proxy writes the last hop. What a client wrote stands before it."""
    answers = []
    for n in range(7):
        said = f"{forged.removeprefix('X-Forwarded-For: ').format(n=n, mine=address)}"
        hops = said if said.endswith(address) else f"{said}, {address}"
        async with churches.visitor(system.gateway_url, hops) as client:
            answers.append(await _guess(client, f"nobody-{n}@example.org"))
    assert answers == [401] * 5 + [429] * 2


async def test_one_site_of_ipv6_has_a_limit_over_all_its_networks(system: System) -> None:
    async def guess(number: int) -> int:
        address = f"2001:db8:77:{number:x}::1"
        async with churches.visitor(system.gateway_url, address) as client:
            return await _guess(client, f"nobody-{number}@example.org")

    answers = await asyncio.gather(*map(guess, range(54)))
    assert sorted(answers) == [401] * 50 + [429] * 4


async def _guess(client: httpx.AsyncClient, email: str, password: str = "not the one") -> int:
    body = {"email": email, "password": password}
    return (await client.post("/api/auth/login", json=body)).status_code
