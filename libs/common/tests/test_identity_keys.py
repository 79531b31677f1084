"""Keys come from auth, rarely, and go on working when auth is away."""

import asyncio
import contextlib
import os
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter

from koinonia.common import web
from koinonia.common.identity import (
    Identity,
    Role,
    TokenInvalid,
    TokenSigner,
    TokenVerifier,
    http_jwks,
)
from koinonia.common.identity.keys import KeysUnavailable
from koinonia.common.testing.eventually import eventually


class Auth:
    """The published keys; ``asked`` counts the questions, ``away`` refuses them."""

    def __init__(self) -> None:
        self.signers = [TokenSigner(os.urandom(32), "first")]
        self.asked = 0
        self.away = False
        self.open = asyncio.Event()
        self.open.set()

    async def fetch(self) -> Mapping[str, Any]:
        self.asked += 1
        await self.open.wait()
        if self.away:
            raise ConnectionRefusedError
        return {"keys": [signer.jwk for signer in self.signers]}

    def rotate(self) -> TokenSigner:
        self.signers.append(TokenSigner(os.urandom(32), f"key-{len(self.signers)}"))
        return self.signers[-1]


@pytest.fixture
def auth() -> Auth:
    return Auth()


def token(signer: TokenSigner) -> str:
    return signer.sign(Identity(uuid4(), uuid4(), Role.STAFF, uuid4()))


async def test_a_new_key_is_found_when_its_first_token_comes(auth: Auth) -> None:
    verifier = TokenVerifier(auth.fetch, pause=0)
    await verifier.verify(token(auth.signers[0]))
    await verifier.verify(token(auth.rotate()))
    await verifier.verify(token(auth.signers[0]))
    assert auth.asked == 2


async def test_forged_key_ids_cannot_hammer_auth(auth: Auth) -> None:
    verifier = TokenVerifier(auth.fetch)
    await verifier.verify(token(auth.signers[0]))
    for number in range(20):
        with pytest.raises(TokenInvalid):
            await verifier.verify(token(TokenSigner(os.urandom(32), f"forged-{number}")))
    assert auth.asked == 1


async def test_a_token_of_another_algorithm_is_refused_without_asking_auth(auth: Auth) -> None:
    with pytest.raises(TokenInvalid):
        await TokenVerifier(auth.fetch).verify("eyJhbGciOiJub25lIiwia2lkIjoieCJ9.e30.")
    assert auth.asked == 0


async def test_many_who_wait_for_a_key_ask_once(auth: Auth) -> None:
    auth.open.clear()
    verifier, mine = TokenVerifier(auth.fetch), token(auth.signers[0])
    waiting = [asyncio.create_task(verifier.verify(mine)) for _ in range(50)]
    await eventually(lambda: auth.asked)
    auth.open.set()
    assert len(await asyncio.gather(*waiting)) == 50
    assert auth.asked == 1


async def test_who_gives_up_waiting_does_not_spoil_it_for_others(auth: Auth) -> None:
    auth.open.clear()
    verifier, mine = TokenVerifier(auth.fetch), token(auth.signers[0])
    impatient, patient = (asyncio.create_task(verifier.verify(mine)) for _ in range(2))
    await eventually(lambda: auth.asked)
    impatient.cancel()
    auth.open.set()
    assert (await patient).role is Role.STAFF


async def test_known_keys_go_on_working_while_auth_is_away(auth: Auth) -> None:
    verifier = TokenVerifier(auth.fetch, pause=0, max_age=0)
    await verifier.verify(token(auth.signers[0]))
    auth.away = True
    for _ in range(3):
        await verifier.verify(token(auth.signers[0]))
    await eventually(lambda: auth.asked > 1)
    await verifier.verify(token(auth.signers[0]))


async def test_an_old_ring_is_renewed_without_making_the_request_wait(auth: Auth) -> None:
    verifier = TokenVerifier(auth.fetch, max_age=0)
    await verifier.verify(token(auth.signers[0]))
    auth.open.clear()
    async with asyncio.timeout(1):
        await verifier.verify(token(auth.signers[0]))
    await eventually(lambda: auth.asked == 2)
    await verifier.close()


async def test_a_withdrawn_key_stops_working(auth: Auth) -> None:
    verifier, old = TokenVerifier(auth.fetch, pause=0), auth.signers[0]
    await verifier.verify(token(old))
    auth.signers = [TokenSigner(os.urandom(32), "second")]
    await verifier.verify(token(auth.signers[0]))
    with pytest.raises(TokenInvalid):
        await verifier.verify(token(old))


async def test_without_any_key_it_is_our_fault_and_not_the_callers(auth: Auth) -> None:
    auth.away = True
    with pytest.raises(KeysUnavailable) as caught:
        await TokenVerifier(auth.fetch).verify(token(auth.signers[0]))
    assert caught.value.status == 503


async def test_keys_are_fetched_over_http(auth: Auth, unused_tcp_port: int) -> None:
    router, stop = APIRouter(), asyncio.Event()
    router.add_api_route("/.well-known/jwks.json", auth.fetch)
    server = asyncio.create_task(
        web.serve(web.create_app("auth", routers=[router]), "127.0.0.1", unused_tcp_port, stop)
    )
    fetch = http_jwks(f"http://127.0.0.1:{unused_tcp_port}/.well-known/jwks.json")
    verifier = TokenVerifier(fetch, pause=0)

    async def verified() -> bool:
        with contextlib.suppress(KeysUnavailable):
            return bool(await verifier.verify(token(auth.signers[0])))
        return False

    await eventually(verified)
    stop.set()
    await server


@pytest.mark.parametrize("answer", [{}, {"keys": None}, {"keys": [{"crv": "Ed25519"}]}])
async def test_an_answer_that_is_no_key_set_is_as_good_as_none(answer: dict[str, Any]) -> None:
    async def nonsense() -> Mapping[str, Any]:
        return answer

    with pytest.raises(KeysUnavailable):
        await TokenVerifier(nonsense).verify(token(TokenSigner(os.urandom(32), "any")))
