"""The box in which staff answer: what a text costs while it is written, and the pictures in it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.integration.churches import colleague
from tests.integration.conftest import Founded
from tests.integration.network import Network

from .conftest import Sits
from .person import PHONE, Person

CHAIRS = "Can we bring chairs on Sunday?"
PLAIN = "It's at ten, and twenty chairs or more would help. We'll be there from nine o'clock."
COSTLY = PLAIN.replace("'", "\u2019")
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
DROPPED = """(field, png) => {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  for (const name of ["lawn.png", "tent.png"])
    dataTransfer.items.add(new File([bytes], name, { type: "image/png" }));
  field.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}"""

# Whether the browser would open the file in the place of the page.
IS_LEFT = """(body, png) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([png], "lawn.png", { type: "image/png" }));
  return ["dragover", "drop"].some((kind) =>
    body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer })));
}"""


async def test_letters_that_cost_are_named_and_made_cheaper_with_a_click(
    person: Sits, found: Founded, phones: Network
) -> None:
    ann = await _reads_a_text(person, found, phones)
    await ann.writes("Answer", COSTLY)
    assert await ann.sees("room for 70 characters")
    await ann.presses("Use plain letters: 1 part")
    assert await ann.reads("Answer") == PLAIN


async def test_pictures_that_are_dropped_stay_with_the_draft(
    person: Sits, found: Founded, phones: Network
) -> None:
    ann = await _reads_a_text(person, found, phones)
    await ann.field("Answer").evaluate(DROPPED, PNG)
    await ann.page.get_by_role("button", name="Remove tent.png").wait_for()
    await ann.page.reload()
    assert await _names(ann) == {"Remove lawn.png", "Remove tent.png"}


async def test_times_are_those_of_the_church_wherever_one_reads(
    person: Sits, found: Founded, phones: Network
) -> None:
    ann = await _reads_a_text(person, found, phones, timezone_id="Asia/Tokyo")
    time = ann.page.get_by_role("log").locator("time").first
    at = datetime.fromisoformat(await time.get_attribute("datetime") or "")
    me = await ann.page.context.request.get("/api/auth/me")
    zone = ZoneInfo((await me.json())["church"]["timezone"])
    there = at.astimezone(zone)
    assert (await time.inner_text()).split() == there.strftime("%-I:%M %p").split()


async def test_the_button_says_that_a_colleague_answered_while_one_writes(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    await phones.text(church.phones[0], church.number, CHAIRS)
    thread = await church.conversation_with(church.phones[0])
    ann = await person(church)
    await ann.opens(f"/inbox/{thread['id']}")
    await ann.writes("Answer", PLAIN)
    async with colleague(church, firstName="Ben", lastName="Moss") as ben:
        body = {"content": "Twenty, please."}
        answer = await ben.api.post(f"/api/conversations/{thread['id']}/reply", json=body)
        assert answer.is_success, answer.text
    turned = ann.page.get_by_role(
        "button", name=re.compile(r"^Ben Moss answered (\d+ seconds? ago|now)\. Send anyway$")
    )
    await turned.click()
    await ann.page.get_by_role("log").get_by_text(PLAIN).wait_for()
    assert await ann.reads("Answer") == ""


async def test_a_colleague_is_named_in_a_note_by_the_keyboard_and_marked(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    await phones.text(church.phones[0], church.number, CHAIRS)
    thread = await church.conversation_with(church.phones[0])
    async with colleague(church, firstName="Ben", lastName="Moss") as ben:
        ann = await person(church)
        await ann.opens(f"/inbox/{thread['id']}")
        await ann.presses("Note")
        note = ann.field("A note for your team")
        await note.press_sequentially("Ask @mo")
        await ann.page.get_by_role("option", name="Ben Moss").wait_for()
        await note.press("Enter")
        await note.press_sequentially("about the chairs")
        assert await ann.reads("A note for your team") == "Ask @Ben Moss about the chairs"
        await ann.presses("Save note")
        mark = ann.page.get_by_role("log").locator("mark")
        assert await mark.inner_text() == "@Ben Moss"
        [line] = [
            each
            for each in (await ben.get(f"/api/conversations/{thread['id']}"))["messages"]
            if each["direction"] == "note"
        ]
        assert line["mentions"] == [ben.account["admin"]["id"]]


async def test_a_file_that_could_not_be_added_is_kept_to_be_tried_again(
    person: Sits, found: Founded, phones: Network
) -> None:
    ann = await _reads_a_text(person, found, phones)
    await ann.page.route("**/api/media", lambda route: route.abort())
    await ann.field("Answer").evaluate(DROPPED, PNG)
    assert await ann.sees("tent.png was not added.")
    await ann.page.unroute("**/api/media")
    for _ in range(2):
        await ann.presses("Try again")
        await ann.page.wait_for_timeout(100)  # the button of the other takes its place
    await ann.page.get_by_text("was not added").first.wait_for(state="hidden")
    assert await _names(ann) == {"Remove lawn.png", "Remove tent.png"}


async def test_a_file_that_misses_the_box_does_not_take_the_page_away(
    person: Sits, found: Founded, phones: Network
) -> None:
    ann = await _reads_a_text(person, found, phones)
    await ann.writes("Answer", PLAIN)
    assert await ann.page.locator("body").evaluate(IS_LEFT, PNG) is False
    assert await ann.reads("Answer") == PLAIN


async def test_the_name_of_who_writes_stands_whole_above_the_thread_on_a_phone(
    person: Sits, found: Founded, phones: Network
) -> None:
    ann = await _reads_a_text(person, found, phones, viewport=PHONE)
    name = ann.page.get_by_role("heading", level=1)
    await name.evaluate("(each) => { each.textContent = 'Maximiliana Schwarzenberg'; }")
    assert await name.evaluate("(each) => each.scrollWidth <= each.clientWidth")
    assert await name.evaluate("(each) => each.getClientRects().length") == 1
    assert await ann.page.get_by_role("heading", level=1).count() == 1


async def _reads_a_text(person: Sits, found: Founded, phones: Network, **settings: str) -> Person:
    church = await found(members=1)
    ann = await person(church, **settings)
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    return ann


async def _names(ann: Person) -> set[str]:
    buttons = ann.page.get_by_role("button", name="Remove ")
    await buttons.nth(1).wait_for()
    return {await each.get_attribute("aria-label") or "" for each in await buttons.all()}
