"""An ended session is refused at once; without Redis it ends with its token."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from koinonia.common.identity import (
    Identity,
    Revocations,
    Role,
    SessionEnded,
    TokenSigner,
    TokenVerifier,
)

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
async def revocations(redis_url: str) -> AsyncIterator[Revocations]:
    opened = Revocations(redis_url)
    yield opened
    await opened.close()


async def test_a_session_is_ended_and_no_other(revocations: Revocations) -> None:
    ended, other = uuid4(), uuid4()
    await revocations.revoke(ended, for_seconds=60)
    assert [await revocations.is_revoked(each) for each in (ended, other)] == [True, False]


async def test_of_a_role_the_last_change_counts(revocations: Revocations) -> None:
    changed, other = uuid4(), uuid4()
    for role in (Role.VIEWER, Role.ADMIN):
        await revocations.limit_role(changed, role, for_seconds=60)
    assert await revocations.roles({changed, other}) == {changed: Role.ADMIN}


async def test_an_ended_session_is_forgotten_when_its_last_token_has_expired(
    revocations: Revocations, redis_url: str
) -> None:
    session_id = uuid4()
    await revocations.revoke(session_id, for_seconds=900)
    async with Redis.from_url(redis_url) as redis:
        keys = [key async for key in redis.scan_iter(f"*{session_id}")]
        assert 890 < await redis.ttl(keys[0]) <= 900


async def test_a_token_of_an_ended_session_is_refused(revocations: Revocations) -> None:
    signer = TokenSigner(os.urandom(32), "first")
    identity = Identity(uuid4(), uuid4(), Role.STAFF, uuid4())

    async def fetch() -> Mapping[str, Any]:
        return {"keys": [signer.jwk]}

    verifier = TokenVerifier(fetch, revocations=revocations)
    assert await verifier.verify(signer.sign(identity)) == identity
    await revocations.revoke(identity.session_id, for_seconds=60)
    with pytest.raises(SessionEnded):
        await verifier.verify(signer.sign(identity))


async def test_without_redis_no_session_counts_as_ended() -> None:
    revocations = Revocations(NOBODY_LISTENS)
    await revocations.revoke(uuid4(), for_seconds=60)
    assert await revocations.is_revoked(uuid4()) is False
    await revocations.close()


async def test_a_silent_redis_delays_one_request_and_not_each() -> None:
    silent = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    revocations = Revocations("redis://{}:{}/0".format(*silent.sockets[0].getsockname()))
    started = asyncio.get_running_loop().time()
    for _ in range(20):
        assert await revocations.is_revoked(uuid4()) is False
    assert asyncio.get_running_loop().time() - started < 3
    await revocations.close()
    silent.close()
