"""The box in which staff answer: what a text costs while it is written, and the pictures in it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.integration.conftest import Founded
from tests.integration.network import Network

from .conftest import Sits
from .person import Person

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
