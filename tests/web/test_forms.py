"""Forms: what is saved is what stands in them, and what is typed is not lost by a key."""

from playwright.async_api import expect
from tests.integration.conftest import Founded

from .conftest import Sits
from .person import Person


async def test_a_form_holds_what_the_server_says_once_it_is_saved(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False))
    await ann.opens("/settings/hours")
    await ann.presses("Add hours")
    await ann.writes("The answer", "We are back on Monday.")
    await ann.presses("Save")
    assert await ann.sees("Saved.")
    await ann.page.get_by_role("link", name="Church and you").click()
    assert await ann.sees("Time zone")
    await ann.writes("First name", " Ann ")
    await ann.field("First name").press("Enter")
    await expect(ann.field("First name")).to_have_value("Ann")
    await ann.page.get_by_role("link", name="Office hours").click()
    assert await ann.reads("The answer") == "We are back on Monday."
    assert await ann.is_asked_nothing_more()


async def test_a_word_is_no_limit_of_texts_a_week(person: Sits, found: Founded) -> None:
    church = await found(number=False)
    ann = await person(church)
    await ann.opens("/settings/rules")
    await ann.writes("Broadcasts a week", "3")
    await ann.presses("Save")
    assert await ann.sees("Saved.")
    await ann.writes("Broadcasts a week", "three")
    await ann.presses("Save")
    await expect(ann.field("Broadcasts a week")).to_have_attribute("aria-invalid", "true")
    assert (await church.get("/api/texting-rules"))["weeklyBudget"] == 3


async def _records_consent(ann: Person) -> None:
    await ann.follows("Ann0")
    await ann.presses("Record a stop")
    await ann.writes("What they said or signed", "Please stop.")


async def _saves_a_filter(ann: Person) -> None:
    await ann.opens("/people?consent=none")
    await ann.presses("Save this filter")
    await ann.writes("Name", "Unknown")


async def _filters(ann: Person) -> None:
    await ann.presses("Filter")
    await ann.page.get_by_text("Asked to stop?").click()


async def _adds_somebody(ann: Person) -> None:
    await ann.presses("Add person")
    await ann.writes("First name", "Ruth")


async def _invites(ann: Person) -> None:
    await ann.opens("/settings/team")
    await ann.presses("Invite")
    await ann.writes("E-mail address", "ruth@example.org")


async def test_escape_asks_before_what_was_typed_is_lost(person: Sits, found: Founded) -> None:
    ann = await person(await found(members=1, number=False))
    await ann.opens("/people")
    for types in (_filters, _adds_somebody, _records_consent, _saves_a_filter, _invites):
        await types(ann)
        await ann.page.keyboard.press("Escape")
        assert await ann.sees("Leave without saving?")
        await ann.presses("Leave")
        assert await ann.is_asked_nothing_more()


async def test_the_day_somebody_agreed_is_a_day_at_the_church(person: Sits, found: Founded) -> None:
    church = await found(members=1, number=False)
    ann = await person(church, timezone_id="Pacific/Auckland")
    await ann.opens(f"/people/{church.members[0]['id']}")
    await ann.presses("Record a stop")
    await ann.writes("What they said or signed", "No more, please.")
    await ann.page.locator("input[type=date]").fill("2026-03-01")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Record a stop").click()
    assert await ann.sees("Mar 1, 12:00 AM")
