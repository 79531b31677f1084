"""The door: coming in, being kept out, and staying in over many tabs."""

import asyncio

from playwright.async_api import Route
from tests.integration.conftest import Founded

from .conftest import Sits

EXPIRED = '{"error": {"code": "TOKEN_EXPIRED", "message": "The token has expired."}}'


async def test_a_church_registers_and_begins_its_first_day(person: Sits) -> None:
    ann = await person()
    await ann.registers("Grace Chapel")
    assert await ann.sees_the_page("Dashboard")
    assert await ann.sees("Three steps to your first text.")


async def test_who_signs_in_comes_back_to_where_they_wanted_to_go(
    person: Sits, found: Founded
) -> None:
    church = await found(number=False)
    ann = await person()
    ann.email = church.email
    await ann.opens("/settings")
    await ann.fills_in_the_door()
    assert await ann.sees_the_page("Settings")


async def test_a_wrong_password_is_said_and_nothing_typed_is_lost(
    person: Sits, found: Founded
) -> None:
    church = await found(number=False)
    ann = await person()
    ann.email = church.email
    await ann.signs_in("not this one, alas")
    assert await ann.sees("do not belong together")
    assert await ann.reads("E-mail address") == church.email


async def test_a_session_that_ended_is_taken_up_where_it_was(person: Sits, found: Founded) -> None:
    church = await found(number=False)
    ann = await person(church)
    await ann.opens("/settings")
    assert await ann.sees_the_page("Settings")
    await ann.is_signed_out_elsewhere()
    await ann.writes("Name of the church", "Grace and Peace")
    await ann.presses("Save")
    assert await ann.sees("Your session ended")
    await ann.writes("Password", ann.password)
    await ann.presses("Sign in")
    assert await ann.is_asked_nothing_more()
    assert await ann.reads("Name of the church") == "Grace and Peace"


async def test_two_tabs_that_find_the_session_expired_renew_it_once(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False))
    second = await ann.opens_another_tab()
    gate = Expiry()
    for tab in (ann, second):
        await tab.page.route("**/api/auth/me", gate.answer)
        await tab.page.route("**/api/auth/refresh", gate.renew)
    await asyncio.gather(ann.opens("/inbox"), second.opens("/inbox"))
    await asyncio.gather(ann.sees_the_page("Inbox"), second.sees_the_page("Inbox"))
    assert sum(tab.asked_for("/api/auth/refresh") for tab in (ann, second)) == 1


async def test_seven_tabs_share_one_stream_and_all_of_them_work(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False))
    tabs = [ann, *[await ann.opens_another_tab() for _ in range(6)]]
    for tab in tabs:
        await tab.opens("/inbox")
        await tab.sees_the_page("Inbox")
    await tabs[6].opens("/settings")
    assert await tabs[6].sees_the_page("Settings")
    assert sum(tab.asked_for("/api/events") for tab in tabs) == 1


class Expiry:
    """A session whose token has expired until one tab renews it."""

    def __init__(self) -> None:
        self._is_over = False

    async def answer(self, route: Route) -> None:
        if self._is_over:
            await route.fallback()
        else:
            await route.fulfill(status=401, content_type="application/json", body=EXPIRED)

    async def renew(self, route: Route) -> None:
        response = await route.fetch()
        self._is_over = response.ok
        await route.fulfill(response=response)
