"""The line is cut: the page says so, keeps what was typed, and goes on."""

import json
from collections.abc import Awaitable, Callable

from playwright.async_api import Route
from tests.integration.conftest import Founded
from tests.integration.network import Network

from .conftest import Sits

CHAIRS = "Can we bring chairs on Sunday?"
TABLES = "And two tables?"
PLEASE = "Yes please, twenty would help."


async def test_a_lost_line_is_said_and_what_came_meanwhile_appears_when_it_is_back(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    await ann.writes("Answer", PLEASE)
    await ann.page.context.set_offline(True)
    assert await ann.sees("Connection lost.")
    await phones.text(church.phones[0], church.number, TABLES)
    await ann.presses("Send")
    assert await ann.reads("Answer") == PLEASE
    await ann.page.context.set_offline(False)
    assert await ann.sees(TABLES)
    assert await ann.reads("Answer") == PLEASE
    await ann.presses("Send")
    await ann.presses("Send anyway")  # since something was said meanwhile
    assert await ann.sees("Delivered")


async def test_a_server_in_trouble_signs_nobody_out(person: Sits, found: Founded) -> None:
    ann = await person(await found(number=False))
    for path, status, code in (("me", 401, "TOKEN_EXPIRED"), ("refresh", 503, "UNAVAILABLE")):
        await ann.page.route(f"**/api/auth/{path}", _answering(status, code))
    await ann.opens("/inbox")
    assert await ann.sees("This could not be loaded")
    await ann.page.unroute_all()
    await ann.presses("Try again")
    assert await ann.sees_the_page("Inbox")


def _answering(status: int, code: str) -> Callable[[Route], Awaitable[None]]:
    body = json.dumps({"error": {"code": code, "message": "Not now.", "requestId": "r"}})

    async def answer(route: Route) -> None:
        await route.fulfill(status=status, body=body, content_type="application/json")

    return answer
