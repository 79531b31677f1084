"""How often whom."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import limits
import pytest
import pytest_asyncio
from starlette.responses import Response

from koinonia.common import db
from koinonia.common.identity import Revocations
from koinonia.common.testing.eventually import eventually
from koinonia.gateway.throttle import UNCOUNTED, Count, RecentKeys, Throttle

from .conftest import Gateway, Parts, Peers
from .factories import bearer, token
from .peers import Seen, free_port, serving

LOGIN = "/api/auth/login"

Exchange = Callable[[Any], Awaitable[Any]]


@pytest_asyncio.fixture
async def throttle(redis_url: str) -> AsyncIterator[Throttle]:
    opened = Throttle(redis_url, timeout=2)
    yield opened
    await opened.close()


async def statuses(client: httpx.AsyncClient, times: int, path: str, **sent: object) -> list[int]:
    method = "GET" if path.startswith(("/api/messages", "/api/files")) else "POST"
    responses = [await client.request(method, path, **sent) for _ in range(times)]  # type: ignore[arg-type]
    return [response.status_code for response in responses]


async def test_the_sixth_attempt_to_sign_in_is_refused(client: httpx.AsyncClient) -> None:
    assert await statuses(client, 3, LOGIN, json={}) == [200] * 3
    assert await statuses(client, 3, "/api/auth/register", json={}) == [200, 200, 429]


async def test_one_ipv6_site_has_a_limit_over_all_its_networks(gateway: Gateway) -> None:
    async with gateway(limit_sign_in_network="3/minute", trusted_proxies="1") as client:
        seen = []
        for number in range(4):
            sent = {"X-Forwarded-For": f"2001:db8:1:{number}::1"}
            seen += await statuses(client, 1, LOGIN, json={}, headers=sent)
        other = {"X-Forwarded-For": "2001:db8:2::1"}
        assert [*seen, *await statuses(client, 1, LOGIN, json={}, headers=other)] == [
            *(200, 200, 200, 429),
            200,
        ]


async def test_a_refusal_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    await statuses(client, 5, LOGIN, json={})
    response = await client.post(LOGIN, json={})
    assert response.json()["error"]["code"] == "RATE_LIMITED"
    assert 0 < int(response.headers["retry-after"]) <= 1800
    assert response.headers["ratelimit-reset"] == response.headers["retry-after"]
    assert response.headers["ratelimit-policy"] == "5;w=900"
    assert response.headers["ratelimit-remaining"] == "0"


async def test_signing_in_too_often_does_not_end_the_work_of_others(
    client: httpx.AsyncClient,
) -> None:
    await statuses(client, 6, LOGIN, json={})
    assert (await client.get("/api/messages", headers=bearer())).status_code == 200
    assert (await client.post("/api/auth/refresh")).status_code == 200


async def test_looking_at_the_address_of_the_login_uses_up_no_attempt(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(6):
        await client.get(LOGIN)
    assert (await client.post(LOGIN, json={})).status_code == 200


async def test_each_admin_has_a_limit_of_their_own(gateway: Gateway) -> None:
    mine, other = bearer(), bearer()
    async with gateway(limit_admin="3/minute") as client:
        assert await statuses(client, 4, "/api/messages", headers=mine) == [200, 200, 200, 429]
        assert await statuses(client, 1, "/api/messages", headers=other) == [200]


async def test_an_address_has_a_limit_over_all_its_admins(gateway: Gateway) -> None:
    async with gateway(limit_address="2/minute") as client:
        responses = [await client.get("/api/messages", headers=bearer()) for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]


async def test_behind_a_proxy_the_address_is_that_of_the_client(gateway: Gateway) -> None:
    async with gateway(limit_address="1/minute", trusted_proxies="1") as client:
        for address, status in [
            ("198.51.100.1", 200),
            ("198.51.100.1", 429),
            ("198.51.100.2", 200),
        ]:
            sent = {**bearer(), "X-Forwarded-For": f"203.0.113.7, {address}"}
            assert (await client.get("/api/messages", headers=sent)).status_code == status


async def test_nobody_escapes_a_limit_by_inventing_addresses(gateway: Gateway) -> None:
    async with gateway(limit_address="1/minute") as client:
        for address, status in [("198.51.100.1", 200), ("198.51.100.2", 429)]:
            sent = {**bearer(), "X-Forwarded-For": address}
            assert (await client.get("/api/messages", headers=sent)).status_code == status


async def _refuse(_: Seen) -> Response:
    return Response(status_code=403)


@pytest.mark.parametrize("status", [200, 401])
async def test_webhooks_are_never_limited_before_they_are_verified(
    gateway: Gateway, peers: Peers, status: int
) -> None:
    async def answer(_: Seen) -> Response:
        return Response(status_code=status)

    peers["ingress"].answer = answer
    async with gateway(limit_address="1/minute") as client:
        assert await statuses(client, 40, "/api/webhooks/telnyx/status") == [status] * 40


async def test_signed_links_need_no_session_and_only_those_that_fail_are_counted(
    gateway: Gateway, peers: Peers
) -> None:
    link = "/api/files/0190-1?church=1&expires=2&signature=k1.x"
    async with gateway(limit_address="2/minute") as client:
        assert await statuses(client, 5, link) == [200] * 5
        peers["conversation"].answer = _refuse
        assert await statuses(client, 4, link) == [403, 403, 429, 429]
    [seen, *_] = peers["conversation"].seen
    assert (seen.path, seen.query) == tuple(link.split("?"))


async def test_what_failed_at_one_gateway_counts_at_another_once_it_fails_there_too(
    gateway: Gateway, peers: Peers
) -> None:
    peers["conversation"].answer = _refuse
    limit, path = {"limit_address": "3/minute"}, "/api/files/0190-1?signature=k1.x"
    async with gateway(**limit) as client, gateway(**limit) as other:
        assert await statuses(client, 3, path) == [403] * 3
        assert await statuses(other, 2, path) == [403, 429]


def test_only_so_many_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koinonia.gateway.throttle.MOST", 2)
    lately = RecentKeys()
    for key in ("a", "b", "a", "c"):
        lately.add(key, 60)
    lately.add("over", -1)
    assert [lately.has(key) for key in ("a", "b", "c", "over")] == [False, False, True, False]


async def test_many_at_once_are_counted_exactly(gateway: Gateway) -> None:
    mine = bearer()
    async with gateway(limit_admin="20/minute") as client:
        responses = await asyncio.gather(
            *(client.get("/api/messages", headers=mine) for _ in range(60))
        )
    assert sum(response.status_code == 200 for response in responses) == 20


@pytest.mark.parametrize("redis", ["refuses", "hangs"])
async def test_without_redis_work_goes_on_and_fast(
    gateway: Gateway, rabbitmq_url: str, bus_namespace: str, redis: str
) -> None:
    async with await asyncio.start_server(_silent, "127.0.0.1") as silent:
        port = silent.sockets[0].getsockname()[1] if redis == "hangs" else free_port()
        away = {"redis_url": f"redis://127.0.0.1:{port}/0", "limit_timeout_ms": 100}
        broker = {"rabbitmq_url": rabbitmq_url, "bus_namespace": bus_namespace}
        async with gateway(limit_admin="1/minute", **away, **broker) as client:

            async def endings_are_known() -> bool:
                return (await client.get("/api/messages", headers=bearer())).status_code == 200

            await eventually(endings_are_known)
            mine, started = bearer(), time.perf_counter()
            assert await statuses(client, 20, "/api/messages", headers=mine) == [200] * 20
            assert time.perf_counter() - started < 3  # of 20 timeouts, three are waited for


async def test_without_redis_nobody_signs_in_and_is_told_when_to_try_again(
    gateway: Gateway, peers: Peers
) -> None:
    async with gateway(redis_url=f"redis://127.0.0.1:{free_port()}/0") as client:
        response = await client.post(LOGIN, json={})
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        assert response.json()["error"]["code"] == "SIGN_IN_UNAVAILABLE"
        assert (await client.post("/api/auth/refresh")).status_code == 200
    assert [seen.path for seen in peers["auth"].seen] == ["/api/auth/refresh"]


async def test_a_blocked_loop_opens_no_door(parts: Parts, redis_url: str) -> None:
    """Redis has answered long ago when the loop goes on; a plain time-out would not look."""
    gone = token(session_id=(session_id := db.uuid7()))
    async with parts(limit_timeout_ms=50, limit_sign_in="1/minute") as app:
        throttle = app.state.running.throttle
        await throttle.ask([])  # the script is known, the connection open
        throttle._calls._exchange = _blocking(throttle._calls._exchange)
        await Revocations(throttle._calls._redis).revoke(session_id, 60)
        async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
            assert await statuses(client, 2, LOGIN, json={}) == [200, 429]
            response = await client.get("/api/messages", headers=bearer(gone))
            assert response.json()["error"]["code"] == "SESSION_ENDED"


def _blocking(exchange: Exchange) -> Exchange:
    """The same exchange, while the loop is blocked for 300 ms after the question went out."""

    async def blocked(calls: Any) -> Any:
        asked = asyncio.create_task(exchange(calls))
        await asyncio.sleep(0)
        time.sleep(0.3)  # noqa: ASYNC251 - that is what the test is about
        return await asked

    return blocked


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def test_redis_that_is_away_is_one_line_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    throttle = Throttle(f"redis://127.0.0.1:{free_port()}/0", timeout=0.1)
    count = Count("x", limits.parse("1/minute"))
    assert [await throttle.ask([count]) for _ in range(5)] == [UNCOUNTED] * 5
    assert capsys.readouterr().out.count("redis.unavailable") == 1
    await throttle.close()


async def test_a_window_slides(throttle: Throttle) -> None:
    count = Count("slides", limits.parse("4/1second"))
    allowed = 0
    started = time.monotonic()
    while (passed := time.monotonic() - started) < 2:
        allowed += (await throttle.ask([count])).refused is None
    assert 6 <= allowed <= 4 * (passed + 1)


async def test_a_refused_request_uses_up_nothing(throttle: Throttle) -> None:
    wide, narrow = Count("wide", limits.parse("3/hour")), Count("narrow", limits.parse("1/hour"))
    for _ in range(5):
        await throttle.ask([wide, narrow])
    assert [(await throttle.ask([wide])).refused for _ in range(3)] == [None, None, wide]


async def test_who_waits_as_long_as_told_passes(throttle: Throttle) -> None:
    count = Count("wait", limits.parse("1/second"))
    await throttle.ask([count])
    verdict = await throttle.ask([count])
    assert verdict.refused is count

    async def passes() -> bool:
        return (await throttle.ask([count])).refused is None

    await eventually(passes, within=verdict.seconds + 0.2)


async def test_what_is_asked_at_once_is_one_call_and_counted_one_by_one(throttle: Throttle) -> None:
    wide, narrow = Count("wide-7", limits.parse("9/hour")), Count("seven", limits.parse("7/hour"))
    await throttle.ask([])  # the script is known
    calls = _watched(throttle)
    verdicts = await asyncio.gather(*(throttle.ask([wide, narrow]) for _ in range(10)))
    assert [each.refused for each in verdicts] == [*[None] * 7, *[narrow] * 3]
    assert [len(words) for words in calls] == [1]
    assert (await throttle.ask([wide])).refused is None  # the refused used up nothing
    assert 0 < verdicts[-1].seconds <= 7200


@pytest.mark.parametrize("seed", range(3))
async def test_gateways_that_count_in_bundles_never_let_more_pass_than_one_by_one(
    throttle: Throttle, redis_url: str, seed: int
) -> None:
    """Some requests share one limit, some the other, some both, at two gateways; whatever is asked
    together, each limit is used up to its amount and not by one more."""
    other, chance = Throttle(redis_url, timeout=2), random.Random(seed)
    first, second = [
        Count(f"{name}{seed}", limits.parse(f"{chance.randint(5, 25)}/hour")) for name in "ab"
    ]
    asked = [[first], [second], [first, second]] * 30
    chance.shuffle(asked)

    async def ask(counts: list[Count]) -> list[Count]:
        for _ in range(chance.randint(0, 3)):
            await asyncio.sleep(0)
        verdict = await chance.choice((throttle, other)).ask(counts)
        return counts if verdict.refused is None else []

    passed = Counter(each for counts in await asyncio.gather(*map(ask, asked)) for each in counts)
    await other.close()
    assert (passed[first], passed[second]) == (first.limit.amount, second.limit.amount)


async def test_a_question_that_was_sent_takes_nobody_else(throttle: Throttle) -> None:
    """Or a request would be given what was true before it came."""
    sent, go = asyncio.Event(), asyncio.Event()
    redis, exchange = throttle._calls._redis, throttle._calls._exchange

    async def held(calls: Any) -> Any:
        answers = await exchange(calls)
        sent.set()
        await go.wait()
        return answers

    throttle._calls._exchange = held  # type: ignore[method-assign]
    await redis.set("token", "old", ex=60)
    early = asyncio.create_task(throttle.ask([], token_keys=("token",)))
    await sent.wait()
    await redis.set("token", "new", ex=60)
    late = asyncio.create_task(throttle.ask([], token_keys=("token",)))
    asyncio.get_running_loop().call_soon(go.set)
    assert [(await each).tokens for each in (early, late)] == [(b"old",), (b"new",)]


def _watched(throttle: Throttle) -> list[Any]:
    """What each exchange with Redis holds."""
    seen: list[Any] = []
    exchange = throttle._calls._exchange

    async def watched(calls: Any) -> Any:
        seen.append(calls)
        return await exchange(calls)

    throttle._calls._exchange = watched  # type: ignore[method-assign]
    return seen


async def test_asking_costs_nothing(throttle: Throttle) -> None:
    only_asked = Count("asked", limits.parse("1/hour"), cost=0)
    for _ in range(5):
        assert (await throttle.ask([only_asked])).refused is None


async def test_a_limited_admin_is_told_before_an_ended_session_is(
    gateway: Gateway,
) -> None:
    sent = bearer(token())
    async with gateway(limit_admin="1/minute") as client:
        await client.get("/api/messages", headers=sent)
        response = await client.get("/api/messages", headers=sent)
    assert response.headers["retry-after"]
