"""The dashboard: every figure leads to what it counts, the first day to the first text, and paper
shows the figures."""

import re

from playwright.async_api import expect
from tests.integration.conftest import Founded
from tests.integration.network import Network

from .conftest import Sits
from .person import Person


async def test_what_is_counted_is_what_it_leads_to(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=2)
    for phone in church.phones:
        await phones.text(phone, church.number, "Is there coffee?")
    message = await church.send("Good morning!")
    await church.settled(message["id"])
    ann = await person(church, color_scheme="dark")
    await ann.opens("/dashboard")
    assert await ann.sees("You have not read 2 conversations. The oldest wrote")
    await ann.page.get_by_role("link", name="Read", exact=True).click()
    await expect(ann.page).to_have_url(re.compile("view=unread"))
    await expect(ann.page.get_by_role("link", name="Is there coffee?")).to_have_count(2)
    await ann.page.go_back()
    await ann.follows("Delivered")
    await expect(ann.page).to_have_url(re.compile(f"{message['id']}.recipients=delivered"))
    await ann.page.go_back()
    await _prints(ann)


async def _prints(ann: Person) -> None:
    figures = ann.page.get_by_role("columnheader", name="Answers by the team")
    await expect(figures).to_be_hidden()
    await ann.page.emulate_media(media="print")
    await expect(figures).to_be_visible()
    await expect(ann.page.get_by_role("navigation")).to_be_hidden()
    assert await ann.run("getComputedStyle(document.body).color") == "rgb(36, 33, 28)"


async def test_the_first_day_shows_what_to_do_and_nothing_empty(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False))
    await ann.opens("/dashboard")
    assert await ann.sees("Three steps to your first text.")
    assert await ann.sees("Your plan")
    await expect(ann.page.get_by_text("Last broadcasts")).to_have_count(0)
    await expect(ann.page.get_by_text("Nothing is scheduled.")).to_have_count(0)


async def test_who_texts_themselves_twice_has_one_card(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await ann.opens("/dashboard")
    await ann.presses("Text yourself")
    await ann.writes("Your own phone", church.phones[0].removeprefix("+1"))
    await ann.presses("Send")
    assert await ann.sees("The text is on its way to your phone.")
    assert len((await church.get("/api/members"))["data"]) == 1
