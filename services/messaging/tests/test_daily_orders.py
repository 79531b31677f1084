"""How many numbers may be ordered in a day: by one church, and by all of them together."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.testing import probe, service
from koinonia.messaging.numbers import daily_orders
from koinonia.messaging.program import PROGRAM

from . import factories
from .number_desk import PATH, Desk, desk

__all__ = ["desk"]

ALL, CHURCH = "DAILY_NUMBER_CAP_REACHED", "TOO_MANY_NUMBER_ORDERS"


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def allow(desk: Desk, **most: int) -> None:
    desk.running.settings = desk.running.settings.model_copy(update=most)


async def run(desk: Desk, sql: str, **given: Any) -> None:
    async with desk.running.database.transaction(desk.church_id) as session:
        await db.run(session, sql, given)


async def church(desk: Desk) -> UUID:
    """Another church that may order a number."""
    async with desk.running.database.transaction() as session:
        church_id = await factories.church(session)
    await service.hear(PROGRAM, desk.running, factories.subscribed(church_id))
    return church_id


async def ask(desk: Desk, church_id: UUID) -> httpx.Response:
    async with service.client(PROGRAM, desk.running, service.token(church_id)) as api:
        return await api.post(PATH, json={"areaCode": "202"})


async def test_beyond_the_day_s_orders_of_all_churches_one_is_refused_and_says_when(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    allow(desk, number_orders_per_day=1)
    assert (await ask(desk, await church(desk))).status_code == 202
    answer = await desk.ask()
    seconds = answer.json()["error"]["details"]["retryAfter"]
    assert code(answer) == (429, ALL)
    assert 0 < seconds <= 24 * 3600
    assert answer.headers["Retry-After"] == str(seconds)
    assert "number.order_refused" in capsys.readouterr().out
    assert await desk.listed() == []


async def test_of_churches_that_order_at_the_same_moment_as_many_get_one_as_the_day_allows(
    desk: Desk,
) -> None:
    allow(desk, number_orders_per_day=3)
    churches = [await church(desk) for _ in range(10)]
    answers = await asyncio.gather(*(ask(desk, church_id) for church_id in churches))
    assert sorted(answer.status_code for answer in answers) == [202] * 3 + [429] * 7
    async with desk.running.database.transaction() as session:
        [day] = await probe.rows(session, "SELECT orders FROM number_order_days")
    assert day.orders == 3


async def test_the_day_is_the_database_s_and_tomorrow_begins_anew(desk: Desk) -> None:
    allow(desk, number_orders_per_day=1)
    assert (await desk.ask()).status_code == 202
    with clock.shift(timedelta(days=2)):
        assert code(await ask(desk, await church(desk))) == (429, ALL)
    await run(desk, "UPDATE number_order_days SET day = day - 1")
    assert (await ask(desk, await church(desk))).status_code == 202


async def test_with_none_allowed_nothing_is_ordered(desk: Desk) -> None:
    allow(desk, number_orders_per_day=0)
    assert code(await desk.ask()) == (429, ALL)


async def test_the_last_place_is_given_once_whoever_looked_before(desk: Desk) -> None:
    """``check`` is a look; ``count`` decides."""
    allow(desk, number_orders_per_day=1)
    async with desk.running.database.transaction() as session:
        await daily_orders.count(session, desk.running.settings)
    async with desk.running.database.transaction() as session:
        with pytest.raises(daily_orders.DailyNumberCapReached):
            await daily_orders.count(session, desk.running.settings)


async def test_a_church_that_orders_and_releases_all_day_is_stopped(desk: Desk) -> None:
    allow(desk, number_orders_per_church_per_day=2)
    await desk.plan(numbers=1)
    for _ in range(2):
        assert (await desk.ask()).status_code == 202
        await run(desk, "UPDATE phone_numbers SET status = 'released'")
    answer = await desk.ask()
    assert code(answer) == (429, CHURCH)
    assert 0 < answer.json()["error"]["details"]["retryAfter"] <= 24 * 3600
    assert (await ask(desk, await church(desk))).status_code == 202
    await run(desk, "UPDATE phone_numbers SET ordered_at = ordered_at - interval '1 day'")
    assert (await desk.ask()).status_code == 202


async def test_a_refused_order_counts_for_nobody(desk: Desk) -> None:
    await desk.plan(numbers=0)
    await desk.ask()
    async with desk.running.database.transaction() as session:
        assert await probe.rows(session, "SELECT orders FROM number_order_days") == []
