"""Answers that the gateway gives itself."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest
import pytest_asyncio
from redis.asyncio import Redis
from starlette.responses import Response

from koinonia.common import db
from koinonia.common.cache import Cache
from koinonia.common.identity import Revocations, Role
from koinonia.common.testing.eventually import eventually
from koinonia.common.web.keeping.entity_tags import matches, weak
from koinonia.common.web.keeping.kept_answers import KEPT, UNSAID, Keeping, KeptFor

from .conftest import Gateway, Peers
from .factories import bearer, token
from .peers import Peer, Seen

PATH = "/api/labels"
TAG = "labels:{church}"


class Labels:
    """A service whose list is a number; ``change`` answers when whoever reads would see it."""

    def __init__(self, peer: Peer, cache: Cache, whose: KeptFor = KeptFor.CHURCH) -> None:
        self.number = 0
        self.asked: list[Seen] = []
        self.given: dict[bytes, bytes] = {}
        self.status = 200
        self.keeping = Keeping(60, whose, (cache.token_key(TAG),))
        self._cache = cache
        peer.answer = self._answer

    async def change(self, church_id: UUID) -> None:
        self.number += 1
        await self._cache.invalidate(TAG.format(church=church_id))

    async def _answer(self, seen: Seen) -> Response:
        self.asked.append(seen)
        body = b"%d" % self.number
        tag = weak(body)
        said = {KEPT.decode(): self.keeping.format().decode(), "ETag": tag}
        said |= {name.decode(): value.decode() for name, value in self.given.items()}
        said |= {"Cache-Control": "private, no-cache", "Vary": "Cookie"} if not self.given else {}
        if matches(seen.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=said)
        if "gzip" in seen.headers.get("accept-encoding", ""):
            return Response(
                gzip.compress(body), self.status, headers=said | {"Content-Encoding": "gzip"}
            )
        return Response(body, self.status, headers=said)


@pytest_asyncio.fixture
async def cache(redis_url: str) -> AsyncIterator[Cache]:
    opened = Cache(redis_url, "conversation")
    yield opened
    await opened.close()


@pytest.fixture
def labels(peers: Peers, cache: Cache) -> Labels:
    return Labels(peers["conversation"], cache)


@pytest.fixture
def church() -> UUID:
    return db.uuid7()


async def learned(client: httpx.AsyncClient, church: UUID, path: str = PATH) -> dict[str, str]:
    """An admin for whom the answer is kept by now."""
    mine = bearer(token(church_id=church))
    for _ in range(2):
        assert (await client.get(path, headers=mine)).status_code == 200
    return mine


async def test_what_did_not_change_is_not_asked_for_again(
    client: httpx.AsyncClient, labels: Labels, church: UUID
) -> None:
    mine = await learned(client, church)
    answers = [await client.get(PATH, headers=mine) for _ in range(5)]
    assert [answer.text for answer in answers] == ["0"] * 5
    assert len(labels.asked) == 2
    assert not [name for name in answers[0].headers if name.startswith("x-koinonia")]


async def test_a_read_after_a_change_shows_it(
    client: httpx.AsyncClient, labels: Labels, church: UUID
) -> None:
    mine = await learned(client, church)
    for number in range(1, 20):
        await labels.change(church)
        assert [(await client.get(PATH, headers=mine)).text for _ in range(2)] == [str(number)] * 2
    assert len(labels.asked) == 21


async def test_what_began_to_be_made_before_a_change_is_not_kept(
    client: httpx.AsyncClient, labels: Labels, peers: Peers, church: UUID
) -> None:
    mine = await learned(client, church)
    await labels.change(church)
    inner, may_answer, arrived = peers["conversation"].answer, asyncio.Event(), asyncio.Event()

    async def slow(seen: Seen) -> Any:
        answer = await inner(seen)
        arrived.set()
        await may_answer.wait()
        return answer

    peers["conversation"].answer = slow
    late = asyncio.create_task(client.get(PATH, headers=mine))
    await arrived.wait()
    await labels.change(church)
    may_answer.set()
    assert (await late).text == "1"
    assert (await client.get(PATH, headers=mine)).text == "2"


async def test_another_church_role_or_admin_gets_nothing_of_it(
    gateway: Gateway, peers: Peers, cache: Cache, church: UUID
) -> None:
    """Every pair of callers that may not share an answer does not; each answer names its caller."""
    for whose in KeptFor:
        labels = Labels(peers["conversation"], cache, whose)

        async def named(seen: Seen) -> Response:
            text = seen.headers["authorization"][-40:] + seen.query
            said = {KEPT.decode(): labels.keeping.format().decode()}  # noqa: B023
            return Response(text, headers=said)

        peers["conversation"].answer = named
        callers = [
            token(church_id=each, admin_id=admin, role=role)
            for each in (church, db.uuid7())
            for admin in (db.uuid7(), db.uuid7())
            for role in (Role.OWNER, Role.VIEWER)
        ]
        async with gateway() as client:
            for _ in range(3):
                for caller in callers:
                    for query in ("", "a=1", "a=2"):
                        answer = await client.get(f"{PATH}?{query}", headers=bearer(caller))
                        owner = next(each for each in callers if answer.text.startswith(each[-40:]))
                        assert answer.text.endswith(query)
                        assert owner == caller or _may_share(whose, owner, caller)


def _may_share(whose: KeptFor, one: str, other: str) -> bool:
    mine, theirs = (_claims(each) for each in (one, other))
    names = ("church", "role") if whose is KeptFor.CHURCH else ("church", "role", "sub")
    return all(mine[name] == theirs[name] for name in names)


def _claims(access_token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(access_token, options={"verify_signature": False})
    return claims


async def test_an_ended_session_and_a_lowered_role_get_nothing(
    client: httpx.AsyncClient, labels: Labels, church: UUID, redis_url: str
) -> None:
    ended, lowered = db.uuid7(), db.uuid7()
    await learned(client, church)
    gone = bearer(token(church_id=church, session_id=ended))
    less = bearer(token(church_id=church, admin_id=lowered))
    for each in (gone, less):
        assert (await client.get(PATH, headers=each)).status_code == 200
    assert len(labels.asked) == 2
    revocations = Revocations(redis_url)
    await revocations.revoke(ended, 60)
    await revocations.limit_role(lowered, Role.STAFF, 60)
    codes = [(await client.get(PATH, headers=each)).json() for each in (gone, less)]
    await revocations.close()
    assert [each["error"]["code"] for each in codes] == ["SESSION_ENDED", "TOKEN_EXPIRED"]


async def test_each_admin_has_a_tag_of_their_own_and_is_answered_304(
    client: httpx.AsyncClient, labels: Labels, church: UUID
) -> None:
    mine, other = await learned(client, church), bearer(token(church_id=church))
    tags = [(await client.get(PATH, headers=each)).headers["etag"] for each in (mine, other)]
    assert len(set(tags)) == 2
    answers = [
        await client.get(PATH, headers={**mine, "If-None-Match": tag}) for tag in (*tags, "*")
    ]
    assert [each.status_code for each in answers] == [304, 200, 304]
    assert (answers[0].content, answers[0].headers["etag"]) == (b"", tags[0])
    assert answers[0].headers["cache-control"] == "private, no-cache"
    assert len(labels.asked) == 2


async def test_a_service_is_asked_whether_what_is_kept_still_holds(
    client: httpx.AsyncClient, labels: Labels, church: UUID, cache: Cache
) -> None:
    mine = await learned(client, church)
    await cache.invalidate(TAG.format(church=church))
    answers = [await client.get(PATH, headers=mine) for _ in range(2)]
    assert [each.text for each in answers] == ["0", "0"]
    assert labels.asked[2].headers["if-none-match"] == weak(b"0")
    assert len(labels.asked) == 3


async def test_a_head_is_answered_by_what_is_kept_and_keeps_nothing(
    client: httpx.AsyncClient, labels: Labels, church: UUID
) -> None:
    mine = bearer(token(church_id=church))
    for _ in range(3):
        await client.head(PATH, headers=mine)
    assert (await client.get(PATH, headers=mine)).text == "0"
    answer = await client.head(PATH, headers=mine)
    assert (answer.content, answer.headers["content-length"]) == (b"", "21")  # compressed
    assert [seen.method for seen in labels.asked] == ["HEAD"] * 3 + ["GET"]


async def test_each_encoding_is_kept_for_itself(
    client: httpx.AsyncClient, labels: Labels, church: UUID
) -> None:
    mine = await learned(client, church)
    plain = {**mine, "Accept-Encoding": "identity"}
    answers = [await client.get(PATH, headers=each) for each in (plain, mine, plain, mine)]
    assert [each.headers.get("content-encoding") for each in answers] == [None, "gzip"] * 2
    assert len(labels.asked) == 3


@pytest.mark.parametrize(
    ("status", "given"),
    [(200, {b"Cache-Control": b"no-store"}), (200, {b"Set-Cookie": b"a=1"}), (404, {})],
)
async def test_some_answers_are_never_kept(
    client: httpx.AsyncClient, labels: Labels, church: UUID, status: int, given: dict[bytes, bytes]
) -> None:
    await learned(client, church)
    labels.status, labels.given = status, given
    await labels.change(church)
    mine = bearer(token(church_id=church))
    assert [(await client.get(PATH, headers=mine)).text for _ in range(3)] == ["1"] * 3
    assert len(labels.asked) == 5


async def test_a_redis_that_lost_its_memory_makes_nothing_good_again(
    client: httpx.AsyncClient, labels: Labels, church: UUID, redis_url: str
) -> None:
    """Kept when no token existed, it must not be good when again none does."""
    async with Redis.from_url(redis_url) as redis:
        await redis.flushdb()
        mine = await learned(client, church)
        await labels.change(church)
        await redis.flushdb()
        assert (await client.get(PATH, headers=mine)).text == "1"


async def test_what_was_kept_over_a_connection_is_not_given_over_the_next(
    client: httpx.AsyncClient, labels: Labels, church: UUID, redis_url: str
) -> None:
    """A Redis that restarted may show a token again that a write could not change."""
    mine = await learned(client, church)
    labels.number += 1  # and nobody could say so
    async with Redis.from_url(redis_url) as redis:
        await redis.client_kill_filter(_type="normal", skipme=True)

    async def answer() -> str:
        answer = await client.get(PATH, headers=mine)
        assert answer.status_code == 200  # the first found the connection closed
        return answer.text

    assert await eventually(answer) == "1"


async def test_what_a_service_could_not_say_is_said_before_its_answer_is_given(
    gateway: Gateway, labels: Labels, peers: Peers, church: UUID, cache: Cache
) -> None:
    async with gateway() as client, gateway() as other:
        mine = await learned(client, church)
        await learned(other, church)
        key = cache.token_key(TAG.format(church=church))

        async def changed(seen: Seen) -> Response:
            labels.number += 1
            return Response(headers={UNSAID.decode(): key})

        reading, peers["messaging"].answer = peers["conversation"].answer, changed
        peers["conversation"].answer = reading
        await client.post("/api/messages", headers=mine)
        assert [(await each.get(PATH, headers=mine)).text for each in (other, client)] == ["1"] * 2


async def test_no_more_is_kept_than_there_is_room_for(
    gateway: Gateway, labels: Labels, church: UUID
) -> None:
    async with gateway(kept_answers_bytes=2 * 1600) as client:
        mine = await learned(client, church)
        for query in ("a", "b", "c", "c", "a"):
            await client.get(f"{PATH}?{query}", headers=mine)
        assert [seen.query for seen in labels.asked] == ["", "", "a", "b", "c", "a"]


async def test_nothing_is_kept_in_no_room(gateway: Gateway, labels: Labels, church: UUID) -> None:
    async with gateway(kept_answers_bytes=0) as client:
        mine = await learned(client, church)
        assert (await client.get(PATH, headers=mine)).text == "0"
    assert len(labels.asked) == 3
