"""What the pages tell without being looked at: notices, the tab's title, what is read out."""

import re

from playwright.async_api import expect
from tests.integration.churches import Church, colleague
from tests.integration.conftest import Founded
from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually

from .conftest import Sits
from .person import Person

CHAIRS = "Can we bring chairs on Sunday?"
# A browser without a window shows no notices, so what it would show is written down for all tabs.
NOTICES = """window.Notification = class {
    static permission = localStorage.getItem("asked") === null ? "default" : "granted";
    static async requestPermission() {
        localStorage.setItem("asked", String(navigator.userActivation.isActive));
        return (this.permission = "granted");
    }
    constructor(title, options) {
        const all = JSON.parse(localStorage.getItem("shown") ?? "[]");
        localStorage.setItem("shown", JSON.stringify([...all, title]));
    }
};"""
SHOWN = "JSON.parse(localStorage.getItem('shown') ?? '[]')"


async def test_a_notice_says_once_for_all_tabs_why_and_none_what_one_looks_at(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    await phones.text(church.phones[0], church.number, CHAIRS)
    thread = await church.conversation_with(church.phones[0])
    ann = await person(church)
    await ann.page.context.add_init_script(NOTICES)
    other = await ann.opens_another_tab()
    await other.opens("/people")
    await ann.opens("/settings")
    assert await ann.run("localStorage.getItem('asked')") is None
    await ann.page.get_by_text("Show notices").click()
    await expect(ann.page.get_by_role("switch", name="Show notices")).to_be_checked()
    assert await ann.run("localStorage.getItem('asked')") == "true"  # by a click
    async with colleague(church, firstName="Ben", lastName="Moss") as ben:
        await _names_the_owner(ben, church, thread["id"])
        shown = await eventually(lambda: ann.run(SHOWN), 20)
        assert [re.sub("^Ben|^A colleague", "Ben", each) for each in shown] == [
            "Ben named you in a note"
        ]
        await ann.opens(f"/inbox/{thread['id']}")
        assert await ann.sees("Ask them")
        await _names_the_owner(ben, church, thread["id"], "And thank them")
        assert await ann.sees("And thank them")
        await ann.opens("/people")
        assert await ann.sees_the_page("People")
        await _names_the_owner(ben, church, thread["id"])
        await eventually(lambda: _has_shown(ann, 2), 20)


async def test_a_new_text_is_counted_in_the_tabs_title_and_read_out_on_any_page(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church)
    async with ann.page.expect_response("**/api/events*"):
        await ann.opens("/people")
    await phones.text(church.phones[0], church.number, CHAIRS)
    assert await eventually(lambda: _hears(ann, "A new text came in."), 20)
    assert await eventually(lambda: _title_begins(ann, "(1) People"), 20)
    await ann.follows("Inbox")
    await ann.follows(CHAIRS)
    assert await eventually(lambda: _title_begins(ann, "Inbox"), 20)


async def test_an_answer_outlives_the_session_and_goes_to_whom_it_was_for(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    await ann.writes("Answer", "Yes, twenty.")
    await ann.is_signed_out_elsewhere()
    await ann.presses("Send")
    assert await ann.sees("Your session ended")
    await ann.writes("Password", ann.password)
    await ann.presses("Sign in")
    assert await ann.is_asked_nothing_more()
    assert await ann.reads("Answer") == "Yes, twenty."
    await ann.presses("Send")
    assert await eventually(lambda: phones.texts(church.phones[0]), 20) == ["Yes, twenty."]


async def test_the_focus_comes_back_to_what_opened_a_dialog(person: Sits, found: Founded) -> None:
    ann = await person(await found(number=False))
    await ann.opens("/inbox")
    for name in ("Filter", "New conversation"):
        opener = ann.page.get_by_role("button", name=name)
        await opener.focus()
        await ann.page.keyboard.press("Enter")
        await ann.page.get_by_role("dialog").wait_for()
        await ann.page.keyboard.press("Escape")
        assert await ann.is_asked_nothing_more()
        await expect(opener).to_be_focused()


async def _names_the_owner(
    ben: Church, church: Church, thread_id: str, content: str = "Ask them"
) -> None:
    body = {"content": content, "mentions": [church.account["admin"]["id"]]}
    answer = await ben.api.post(f"/api/conversations/{thread_id}/notes", json=body)
    assert answer.is_success, answer.text


async def _hears(who: Person, sentence: str) -> bool:
    """Whether it stands where a screen reader reads out what is new."""
    return await who.page.get_by_role("status").filter(has_text=sentence).count() == 1


async def _title_begins(who: Person, words: str) -> bool:
    return (await who.page.title()).startswith(words)


async def _has_shown(who: Person, many: int) -> bool:
    shown = await who.run(SHOWN)
    assert len(shown) <= many
    return len(shown) == many
