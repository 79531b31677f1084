"""Everything without a mouse: in through the door, an answer, a text to many; and where the focus
is can be seen all the way."""

import re

from playwright.async_api import expect
from tests.integration.conftest import Founded
from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually

from .conftest import Sits
from .person import Person

CHAIRS = "Can we bring chairs on Sunday?"
PLEASE = "Yes please, twenty would help."
MOST_TABS = 80

# What has the focus: its name, and whether anybody can see that it has it.
FOCUS = """() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return null;
    const labels = at.labels ? [...at.labels].map((each) => each.innerText) : [];
    const name = [at.ariaLabel, ...labels, at.innerText, at.placeholder, at.name]
        .filter(Boolean).join(" ").trim();
    const box = at.getBoundingClientRect();
    const label = at.closest("label");
    const drawn = [at, at.parentElement, at.parentElement?.parentElement, at.nextElementSibling,
        at.closest("[data-focus-visible]"), label, ...(label?.querySelectorAll("*") ?? [])]
        .filter(Boolean)
        .some((each) => {
            const style = getComputedStyle(each);
            const has = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
            return has || style.boxShadow !== "none";
        });
    const isUp = box.bottom > 0 && box.top < innerHeight;
    return { name, isSeen: drawn && isUp && box.right > 0 && box.left < innerWidth };
}"""


async def test_somebody_without_a_mouse_comes_in_answers_and_texts_everybody(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=2)
    first, second = church.phones
    await phones.text(first, church.number, CHAIRS)
    ann = await person()
    ann.email = church.email
    await ann.opens("/sign-in")
    await _writes(ann, "E-mail address", ann.email)
    await _writes(ann, "Password", ann.password)
    await ann.page.keyboard.press("Enter")
    assert await ann.sees_the_page("Dashboard")
    await _presses(ann, "Inbox")
    assert await ann.sees_the_page("Inbox")
    await _presses(ann, CHAIRS)
    await _writes(ann, "Answer", PLEASE)
    await ann.page.keyboard.press("Control+Enter")
    assert await eventually(lambda: phones.texts(first), 20) == [PLEASE]
    await _goes_anywhere(ann, "Send")
    assert await ann.sees_the_page("Send a text")
    await _tabs_to(ann, "^Everybody$")
    await ann.page.keyboard.press("Space")
    await _writes(ann, "What it says", "Picnic on Sunday at noon.")
    await expect(ann.page.get_by_role("button", name="Send to 2 phones")).to_be_enabled()
    await _presses(ann, "Send to 2 phones")
    await _presses(ann, "Send now")
    assert await ann.sees_the_page("What became of it")
    assert await eventually(lambda: phones.texts(second), 20) == ["Picnic on Sunday at noon."]


async def test_letters_are_keys_outside_of_fields_alone_and_can_be_switched_off(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    await phones.text(church.phones[0], church.number, CHAIRS)
    ann = await person(church)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    await ann.page.keyboard.press("Escape")
    await ann.field("Answer").press_sequentially("? /e no keys here")
    assert await ann.reads("Answer") == "? /e no keys here"
    assert await ann.is_asked_nothing_more()
    await ann.field("Answer").fill("")
    await ann.page.get_by_role("heading", name="Inbox").click()
    await ann.page.keyboard.press("?")
    dialog = ann.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Close")
    await dialog.get_by_role("switch").first.click(force=True)
    await ann.page.keyboard.press("Escape")
    assert await ann.is_asked_nothing_more()
    await ann.page.get_by_role("heading", name="Inbox").click()
    await ann.page.keyboard.press("?")
    assert await ann.is_asked_nothing_more()


async def test_a_few_letters_lead_to_whatever_the_church_has(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    group = (await church.get("/api/groups"))["data"][0]
    body = {"word": "PICNIC", "answer": "Bring a salad."}
    assert (await church.api.post("/api/keywords", json=body)).status_code == 201
    ann = await person(church)
    await ann.opens("/messages")
    assert await ann.sees_the_page("Messages")
    await _goes_anywhere(ann, "Import a list")
    assert await ann.sees_the_page("Import a list")
    await _goes_anywhere(ann, "Texting rules")
    assert await ann.sees_the_page("Texting rules")
    await _goes_anywhere(ann, group["name"])
    assert await ann.sees_the_page(group["name"])
    await _goes_anywhere(ann, "Ann0 Example0")
    assert await ann.sees_the_page("Ann0 Example0")
    await _goes_anywhere(ann, "picnic", "PICNIC")
    await expect(ann.page.get_by_role("dialog")).to_contain_text("Change PICNIC")
    await ann.page.keyboard.press("Control+k")
    await expect(ann.page.get_by_role("dialog")).to_have_count(1)
    await ann.page.keyboard.press("Escape")
    assert await ann.is_asked_nothing_more()
    await _goes_anywhere(ann, "Ann0", "Write to Ann0 Example0", downs=1)
    await expect(ann.field("Answer")).to_be_visible()


async def _tabs_to(who: Person, name: str) -> None:
    """Press Tab until what has the focus is called so; all the way it must be seen."""
    for _ in range(MOST_TABS):
        await who.page.keyboard.press("Tab")
        focus = await who.run(FOCUS)
        if focus is None:
            continue
        assert focus["isSeen"], f"Nobody sees that {focus['name']!r} has the focus."
        if re.search(name, focus["name"]):
            return
    raise AssertionError(f"{name!r} is not to be had by Tab.")


async def _writes(who: Person, name: str, text: str) -> None:
    await _tabs_to(who, name)
    await who.page.keyboard.type(text)


async def _presses(who: Person, name: str) -> None:
    await _tabs_to(who, re.escape(name))
    await who.page.keyboard.press("Enter")


async def _goes_anywhere(who: Person, typed: str, name: str = "", downs: int = 0) -> None:
    """By what is typed to what is called so, as many keys down the list."""
    await who.page.keyboard.press("Control+k")
    dialog = who.page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await who.page.keyboard.type(typed)
    await expect(dialog.get_by_text(name or typed).first).to_be_visible()
    for _ in range(downs):
        await who.page.keyboard.press("ArrowDown")
    await who.page.keyboard.press("Enter")
