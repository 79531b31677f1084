"""The line is cut: the page says so, keeps what was typed, and goes on."""

import json
import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Route, expect
from tests.integration.conftest import Founded
from tests.integration.network import Network

from koinonia.devkit.layout import ROOT

from .conftest import Sits
from .person import Person
from .routes import all_paths, filled

DOORS = ROOT / "web" / "src" / "doors.tsx"
ASK_FOR_NOTHING = {"/send", "/settings"}  # before somebody chooses or writes
ASKS_FOR_CONTENT = re.compile(r"/api/(?!auth/me|auth/refresh|csrf-token|events)")
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


async def test_every_page_whose_content_is_refused_says_so_and_offers_another_try(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False))
    await ann.page.route(ASKS_FOR_CONTENT, _answering(403, "FORBIDDEN"))
    paths = [path for path in all_paths() if _asks_for_content(path)]
    assert len(paths) > 15
    assert [path for path in paths if not await _offers_another_try(ann, path)] == []


def _asks_for_content(path: str) -> bool:
    return path not in ASK_FOR_NOTHING and f'path: "{path}"' not in DOORS.read_text()


async def _offers_another_try(who: Person, path: str) -> bool:
    await who.opens(filled(path, {}))
    again = who.page.get_by_role("button", name="Try again").first
    await expect(again, f"{path} offers no other try").to_be_visible()
    return True


def _answering(status: int, code: str) -> Callable[[Route], Awaitable[None]]:
    body = json.dumps({"error": {"code": code, "message": "Not now.", "requestId": "r"}})

    async def answer(route: Route) -> None:
        await route.fulfill(status=status, body=body, content_type="application/json")

    return answer
