"""Writing to many: what is seen before it leaves, that it leaves once, and what became of it."""

import re

from playwright.async_api import Route, expect
from tests.integration.conftest import Founded
from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually

from .conftest import Sits
from .person import Person

TEXT = "Hello {{firstName|friend}}, picnic on Sunday at noon. Reply STOP to opt out."


async def _writes_to_everybody(who: Person, text: str = TEXT) -> None:
    await who.opens("/send")
    await who.chooses("Everybody")
    await who.writes("What it says", text)


async def _sends(who: Person, button: str) -> None:
    """Without the ten seconds in which it can be undone."""
    await who.presses(button)
    assert await who.sees_the_page("What became of it")
    await who.page.get_by_role("button", name="Send now", exact=True).dispatch_event("click")


async def test_a_text_is_seen_before_it_leaves_and_followed_until_it_arrived(
    person: Sits, found: Founded
) -> None:
    church = await found(members=3)
    ann = await person(church)
    await _writes_to_everybody(ann)
    assert await ann.sees("Hello Ann")
    await _sends(ann, "Send to 3 phones")
    [message] = (await church.get("/api/messages"))["data"]
    assert (await church.settled(message["id"]))["counts"]["delivered"] == 3
    await expect(ann.page.get_by_role("tab", name=re.compile("Delivered"))).to_contain_text("3")


async def test_who_undoes_it_in_time_texted_nobody_and_lost_nothing(
    person: Sits, found: Founded
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await _writes_to_everybody(ann)
    await ann.presses("Send to 1 phone")
    assert await ann.sees("Until then it can be undone")
    await ann.presses("Undo")
    assert await ann.reads("What it says") == TEXT
    [message] = (await church.get("/api/messages"))["data"]
    assert (message["status"], message["counts"]["skipped"]) == ("cancelled", 1)
    await ann.opens("/messages")
    await ann.opens("/send")
    assert await ann.reads("What it says") == TEXT


async def test_a_plan_that_changed_meanwhile_is_shown_and_agreed_to_anew(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=5)
    ann = await person(church)
    await _writes_to_everybody(ann)
    send = ann.page.get_by_role("button", name="Send to 5 phones")
    await expect(send).to_be_enabled()
    for phone in church.phones[:3]:
        await phones.text(phone, church.number, "STOP")

    async def left_out() -> bool:
        body = {"content": TEXT, "target": {"type": "all"}}
        plan = await church.api.post("/api/messages/preview", json=body)
        return bool(plan.json()["excluded"]["optedOut"] == 3)

    assert await eventually(left_out, 15)
    await send.click()
    assert await ann.sees("Nothing was sent")
    notice = ann.page.get_by_role("alert")
    await expect(notice).to_contain_text("It would go to 2 phones now, not to 5.")
    await expect(notice).to_contain_text(re.compile(r"3\s*stopped our texts"))
    assert (await church.get("/api/messages"))["data"] == []
    await _sends(ann, "Send to 2 phones")
    [message] = (await church.get("/api/messages"))["data"]
    assert message["totalRecipients"] == 2


async def test_what_was_sent_leaves_though_the_page_is_closed(person: Sits, found: Founded) -> None:
    church = await found(members=1)
    ann = await person(church)
    await _writes_to_everybody(ann)
    await ann.presses("Send to 1 phone")
    assert await ann.sees("Until then it can be undone")
    await ann.page.goto("about:blank")
    [message] = (await church.get("/api/messages"))["data"]
    assert message["counts"]["skipped"] == 0
    await church.api.post(f"/api/messages/{message['id']}/send-now")
    assert (await church.settled(message["id"]))["counts"]["delivered"] == 1


async def test_a_template_becomes_a_text_with_a_click(person: Sits, found: Founded) -> None:
    church = await found(members=1)
    template = {"name": "Picnic", "category": "Events", "content": "Picnic at noon?"}
    await church.api.post("/api/templates", json=template)
    ann = await person(church)
    await ann.opens("/templates")
    await ann.page.get_by_role("link", name="Use Picnic").click()
    assert await ann.reads("What it says") == "Picnic at noon?"


async def test_a_filter_is_kept_as_a_segment_and_written_to(person: Sits, found: Founded) -> None:
    church = await found(members=1)
    ann = await person(church)
    await ann.opens("/send")
    await ann.chooses("Filter")
    await ann.presses("Add a condition")
    await ann.page.get_by_role("menuitem", name="Was added in the last days").click()
    await ann.page.get_by_role("textbox", name="Days").fill("30")
    await ann.presses("Save this filter")
    await ann.page.get_by_role("dialog").get_by_role("textbox").fill("New ones")
    await ann.page.keyboard.press("Enter")
    assert await ann.sees("“New ones” is saved.")
    await ann.writes("What it says", TEXT)
    assert await ann.sees("Send to 1 phone")
    [segment] = (await church.get("/api/segments"))["data"]
    assert segment["name"] == "New ones"


async def test_a_template_that_is_half_written_is_not_lost_by_a_key(
    person: Sits, found: Founded
) -> None:
    church = await found(number=False)
    ann = await person(church)
    await ann.opens("/templates")
    await ann.presses("New template")
    await ann.writes("Text", "Picnic at noon?")
    await ann.page.keyboard.press("Escape")
    assert await ann.sees("Leave without saving?")
    await ann.page.keyboard.press("Enter")  # on the button that stays
    assert await ann.reads("Text") == "Picnic at noon?"


async def test_who_texts_back_appears_in_the_report(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=2)
    ann = await person(church)
    await _writes_to_everybody(ann)
    await _sends(ann, "Send to 2 phones")
    [message] = (await church.get("/api/messages"))["data"]
    await church.settled(message["id"])
    yes, stop = church.phones
    await phones.text(yes, church.number, "Yes")
    await phones.text(stop, church.number, "STOP")
    await expect(ann.page.get_by_role("tab", name=re.compile("Said STOP"))).to_contain_text("1")
    await ann.page.get_by_role("link", name="Texted back").click()
    await ann.page.get_by_role("link", name=re.compile("^Replied")).click()
    assert await ann.sees("Yes")


async def test_a_lost_answer_and_an_impatient_hand_send_one_text(
    person: Sits, found: Founded
) -> None:
    church = await found(members=1)
    ann = await person(church)

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await ann.page.route("**/api/messages/send", lose_the_answer, times=1)
    await _writes_to_everybody(ann)
    await ann.presses("Send to 1 phone")
    assert await ann.sees("could not be reached")
    assert await ann.reads("What it says") == TEXT
    await _sends(ann, "Send to 1 phone")
    assert len((await church.get("/api/messages"))["data"]) == 1


async def test_a_brace_brings_the_fields_and_the_keyboard_takes_one(
    person: Sits, found: Founded
) -> None:
    church = await found(number=False)
    ann = await person(church)
    await ann.opens("/send")
    words = ann.field("What it says")
    await words.press_sequentially("Hi {fir")
    assert await ann.sees("First name")
    await words.press("Enter")
    assert await ann.reads("What it says") == "Hi {{firstName|friend}}"


async def test_a_text_is_scheduled_for_every_week_and_one_date_left_out(
    person: Sits, found: Founded
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await _writes_to_everybody(ann, "Service at ten.")
    await ann.chooses("Later")
    await ann.page.get_by_role("button", name=re.compile("Repeat")).click()
    await ann.page.get_by_role("option", name=re.compile("Every week")).click()
    assert await ann.sees("and so on")
    await ann.presses("Schedule for 1 phone")
    assert await ann.sees_the_page("Next dates")
    await ann.page.get_by_role("button", name=re.compile("Leave out")).first.click()

    async def is_left_out() -> bool:
        [schedule] = (await church.get("/api/schedules"))["data"]
        return schedule["rrule"].startswith("FREQ=WEEKLY") and len(schedule["skippedDates"]) == 1

    await eventually(is_left_out, 10)
