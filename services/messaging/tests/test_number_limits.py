"""How many numbers a church gets: what its plan allows, whatever it tries at the same moment."""

import asyncio
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.messaging.errors import NumberLimitReached

from . import factories
from .number_desk import LATER, PATH, Desk, desk

__all__ = ["desk"]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def a_number(desk: Desk) -> str:
    """A number that the church ordered and has; its id."""
    number_id = await desk.asked()
    await desk.place(number_id)
    await desk.check(LATER * 2)
    return str(number_id)


async def test_before_billing_has_said_what_the_plan_allows_none_is_ordered(desk: Desk) -> None:
    async with desk.running.database.transaction(desk.church_id) as session:
        await db.run(session, "UPDATE allowances SET number_limit = NULL")
    assert code(await desk.ask()) == (409, "SUBSCRIPTION_PENDING")
    async with desk.running.database.transaction(desk.church_id) as session:
        await db.run(session, "DELETE FROM allowances")
    assert code(await desk.ask()) == (409, "SUBSCRIPTION_PENDING")


async def test_beyond_the_plan_an_order_is_refused_and_says_what_to_do(desk: Desk) -> None:
    await desk.plan(numbers=1)
    await a_number(desk)
    answer = await desk.ask("312")
    error = answer.json()["error"]
    assert code(answer) == (409, "NUMBER_LIMIT_REACHED")
    assert error["details"] == {"allowed": 1, "numbers": 1}
    assert error["message"] == (
        "Your plan allows 1 number, and you have 1. Release one with DELETE "
        "/api/phone-numbers/{id}, or ask for a larger plan."
    )
    assert await desk.statuses() == ["active"]


@pytest.mark.parametrize(
    ("allowed", "numbers", "sentence"),
    [
        (0, 0, "Your plan allows no numbers. Ask for a larger plan."),
        (3, 5, "Your plan allows 3 numbers, and you have 5. Release one"),
    ],
)
def test_a_refusal_says_what_the_plan_allows(allowed: int, numbers: int, sentence: str) -> None:
    assert NumberLimitReached.of_plan(allowed, numbers).message.startswith(sentence)


async def test_a_larger_plan_allows_more(desk: Desk) -> None:
    await desk.plan(numbers=1)
    await a_number(desk)
    await desk.plan(numbers=2)
    assert (await desk.ask()).status_code == 202


async def test_a_smaller_plan_takes_no_number_away(desk: Desk) -> None:
    await a_number(desk)
    await a_number(desk)
    await desk.plan(numbers=1)
    assert code(await desk.ask()) == (409, "NUMBER_LIMIT_REACHED")
    assert await desk.statuses() == ["active", "active"]


async def test_a_released_number_gives_its_place_back(desk: Desk) -> None:
    await desk.plan(numbers=1)
    number_id = await a_number(desk)
    assert (await desk.api.delete(f"{PATH}/{number_id}")).status_code == 204
    assert (await desk.ask()).status_code == 202


async def test_a_failed_order_gives_its_place_back(desk: Desk) -> None:
    await desk.plan(numbers=1)
    number_id = await desk.asked()
    desk.take_all()
    await desk.place(number_id)
    assert await desk.statuses() == ["failed"]
    desk.network.numbers.owned.clear()
    assert (await desk.ask()).status_code == 202


async def test_the_same_key_is_answered_although_the_plan_is_full(desk: Desk) -> None:
    await desk.plan(numbers=1)
    first = await desk.ask(key="k-1")
    await desk.place(UUID(first.json()["id"]))
    await desk.check(LATER * 2)
    assert (await desk.ask(key="k-1")).json()["id"] == first.json()["id"]


async def test_ten_orders_at_the_same_moment_give_one_number(desk: Desk) -> None:
    await desk.plan(numbers=1)
    answers = await asyncio.gather(*(desk.ask(key=f"k-{n}") for n in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 9
    assert await desk.statuses() == ["pending"]


async def test_orders_that_become_active_meanwhile_make_no_room_for_others(desk: Desk) -> None:
    """The one on order may be active before another order that was checked earlier is written."""
    await desk.plan(numbers=1)

    async def order() -> None:
        answer = await desk.ask()
        if answer.status_code == 202:
            await desk.place(UUID(answer.json()["id"]))
            await desk.check(LATER * 2)

    await asyncio.gather(*(order() for _ in range(12)))
    assert await desk.statuses() == ["active"]


async def test_another_church_s_numbers_take_no_place(desk: Desk) -> None:
    await desk.plan(numbers=1)
    async with desk.running.database.transaction() as session:
        other = await factories.church(session, "Hope Hall")
        await factories.active_number(session, other)
    assert (await desk.ask()).status_code == 202
