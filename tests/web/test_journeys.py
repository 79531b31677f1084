"""What a person does who never saw Koinonia, from the first page to an answered text, at a desk and
on a phone."""

import re

import pytest
from playwright.async_api import expect
from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually

from .conftest import Sits
from .person import DESK, PHONE, Person

# As the church's last system exports it: other headings, names in one column, a phone with words.
EXPORT = """Member Name,Mobile Phone,Email Address,Small Group,Notes
"Reed, Hannah",(212) 555-0171,hannah@example.org,Choir,sings alto
"Stone, Eve",212.555.0172,,Choir,
"Vance, Tom",+1 212 555 0173,tom@example.org,Ushers,
"""
HANNAH, EVE = "+12125550171", "+12125550172"
REHEARSAL = "Hello {{firstName|friend}}, rehearsal is at seven tonight."
SIZES = {"desk": {"viewport": DESK}, "phone": {"viewport": PHONE, "has_touch": True}}


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_church_imports_its_people_texts_the_choir_and_answers(
    person: Sits, phones: Network, size: str
) -> None:
    await phones.forget()
    ann = await person(**SIZES[size])
    await ann.registers("Grace Chapel")
    assert await ann.sees("Three steps to your first text.")
    number = await _orders_a_number(ann)
    await _imports(ann, EXPORT)
    await _texts_the_choir(ann)
    await expect(ann.page.get_by_role("tab", name=re.compile("Delivered"))).to_contain_text("2")
    assert await phones.texts(HANNAH) == ["Hello Hannah, rehearsal is at seven tonight."]
    await phones.text(EVE, number, "May I bring my sister?")
    await ann.opens("/inbox")
    await ann.follows("May I bring my sister?")
    await ann.answers("She is very welcome.")
    assert await ann.sees("Delivered")
    assert (await eventually(lambda: _second(phones, EVE), 10)) == "She is very welcome."
    await phones.text(EVE, number, "STOP")
    assert await ann.sees("This person opted out")


async def test_the_first_day_ends_with_a_text_to_oneself(person: Sits, phones: Network) -> None:
    await phones.forget()
    ann = await person()
    await ann.registers("Hope Church")
    assert await ann.sees("Three steps to your first text.")
    await _orders_a_number(ann)
    await ann.opens("/dashboard")
    await ann.presses("Text yourself")
    await ann.writes("Your own phone", "(212) 555-0174")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    assert await ann.is_asked_nothing_more()

    async def arrived() -> list[str]:
        return await phones.texts("+12125550174")

    assert await eventually(arrived, 20) == ["Hello from Hope Church! This is our first text."]


async def _second(phones: Network, phone: str) -> str | None:
    """The text that a phone got after its first."""
    texts = await phones.texts(phone)
    return texts[1] if len(texts) == 2 else None


async def _orders_a_number(who: Person) -> str:
    """By the first step of the list; the number once it is in use."""
    await who.follows("Order number")
    await who.presses("Order number")
    await who.writes("Area code", "808")
    await who.page.get_by_role("dialog").get_by_role("button", name="Order").click()
    assert await who.is_asked_nothing_more()
    await expect(who.page.get_by_text("In use", exact=True)).to_be_visible()
    answer = await who.page.context.request.get("/api/phone-numbers")
    [number] = (await answer.json())["data"]
    phone: str = number["phoneNumber"]
    return phone


async def _imports(who: Person, export: str) -> None:
    await who.opens("/people/import")
    await who.writes("Or paste rows from a sheet", export)
    await who.presses("Read what I pasted")
    assert await who.sees_the_page("What is in each column?")
    await who.presses("Check the rows")
    assert await who.sees_the_page("What the import would do")
    await who.presses("Go on")
    await who.page.get_by_text("Yes, they agreed").click()
    await who.page.get_by_label("What did they agree to?").fill("Texts about what we do together.")
    await who.page.get_by_label("Where?").fill("the sign-up sheet")
    await who.presses("Import")
    assert await who.sees_the_page("Imported")


async def _texts_the_choir(who: Person) -> None:
    await who.opens("/send")
    await who.chooses("Groups")
    await who.page.get_by_role("checkbox", name=re.compile("Choir")).check(force=True)
    await who.writes("What it says", REHEARSAL)
    assert await who.sees("Hello Eve, rehearsal")
    await who.presses("Send to 2 phones")
    await who.page.get_by_role("button", name="Send now", exact=True).dispatch_event("click")
    assert await who.sees_the_page("What became of it")
