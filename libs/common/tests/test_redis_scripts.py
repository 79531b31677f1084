"""Scripts in Redis: together in one write, each with its own answer, and never an error."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from koinonia.common.redis_scripts import Script, ScriptCalls
from koinonia.common.testing.servers.ports import free_port

ECHO = Script("return {ARGV[1]}")
BROKEN = Script("return redis.call('HGET', KEYS[1])")
NOW = Script("return {string.format('%.0f', now)}")


@pytest.fixture
async def calls(redis_url: str) -> AsyncIterator[ScriptCalls]:
    opened = ScriptCalls(redis_url, f"test.{uuid4().hex}", timeout=5)
    yield opened
    await opened.close()


async def test_who_asks_at_the_same_time_gets_an_answer_of_his_own(calls: ScriptCalls) -> None:
    asked = [str(number) for number in range(250)]
    answers = await asyncio.gather(*(calls.ask(ECHO, [], [each]) for each in asked))
    assert answers == [[each.encode()] for each in asked]


async def test_a_call_that_redis_refuses_takes_no_other_along(calls: ScriptCalls) -> None:
    answers = await asyncio.gather(
        calls.ask(ECHO, [], ["first"]),
        calls.ask(BROKEN, ["key"], []),
        calls.ask(ECHO, [], ["last"]),
    )
    assert answers == [[b"first"], None, [b"last"]]


async def test_whoever_goes_away_lets_the_others_have_theirs(calls: ScriptCalls) -> None:
    first, *others = [asyncio.create_task(calls.ask(ECHO, [], [n])) for n in range(5)]
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [[str(n).encode()] for n in range(1, 5)]
    assert await calls.ask(ECHO, [], ["after"]) == [b"after"]


async def test_the_clock_is_that_of_redis(calls: ScriptCalls) -> None:
    [earlier], [later] = [await calls.ask(NOW, [], []) or [b""] for _ in range(2)]
    assert 1_700_000_000 < int(earlier) <= int(later)


async def test_without_redis_the_answer_is_none() -> None:
    away = ScriptCalls(f"redis://127.0.0.1:{free_port()}/0", f"test.{uuid4().hex}", timeout=0.2)
    assert [await away.ask(ECHO, [], ["x"]) for _ in range(5)] == [None] * 5
    await away.close()
