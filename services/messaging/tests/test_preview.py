"""The preview before sending, as staff see it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from koinonia.common import clock
from koinonia.common.identity import Role

from .conftest import Client
from .desk import Desk


async def test_a_preview_tells_who_gets_a_text_and_who_does_not_and_why(desk: Desk) -> None:
    mother = await desk.member()
    await desk.member(phone_number=mother.phone, first_name="Ben")
    await desk.opt_out((await desk.member()).phone)
    await desk.member(consents=False)

    preview = await desk.preview()

    assert (preview["people"], preview["phones"]) == (4, 1)
    left_out = {reason: count for reason, count in preview["excluded"].items() if count}
    assert left_out == {"optedOut": 1, "noConsent": 1, "duplicate": 1}
    assert preview["people"] == preview["phones"] + sum(preview["excluded"].values())


async def test_parts_are_counted_after_the_names_are_filled_in(desk: Desk) -> None:
    for name in ("Ada", "Ada", "Bartholomew", "Zoë‑Łucja"):
        await desk.member(first_name=name)
    text = "{{firstName}}" + "x" * 155

    preview = await desk.preview(text)

    assert preview["partsByCount"] == {"1": 2, "2": 1, "3": 1}
    assert preview["parts"] == 2 * 1 + 2 + 3
    assert [sample["parts"] for sample in preview["samples"]] == [1, 2, 3]
    assert preview["samples"][0]["content"] == "Ada" + "x" * 155


async def test_a_preview_writes_nothing_but_its_summary(desk: Desk) -> None:
    await desk.members(3)
    before = await desk.rows()
    preview = await desk.preview()
    assert await desk.rows() == before
    assert len(preview["previewHash"]) == 64


async def test_the_price_and_what_is_left_follow_from_what_billing_said(desk: Desk) -> None:
    await desk.members(3)
    await desk.allowed(1_000, used=90)

    preview = await desk.preview("x" * 161)

    assert (preview["parts"], preview["costCents"], preview["remainingParts"]) == (
        6,
        5,
        904,
    )  # 4.74 cents
    assert preview["partPrice"] == "0.00790"


async def test_a_preview_beyond_the_allowance_says_so_and_leaves_nothing(desk: Desk) -> None:
    await desk.members(3)
    await desk.allowed(4)
    preview = await desk.preview("x" * 161)
    assert preview["remainingParts"] == 0
    assert "OVER_ALLOWANCE" in {each["code"] for each in preview["warnings"]}


async def test_until_billing_has_told_the_price_is_unknown(desk: Desk) -> None:
    await desk.members(1)
    preview = await desk.preview()
    assert (preview["costCents"], preview["remainingParts"]) == (None, None)
    assert "PRICE_UNKNOWN" in {each["code"] for each in preview["warnings"]}


async def test_a_preview_warns_of_what_carriers_and_people_mind(desk: Desk) -> None:
    await desk.members(1)
    assert "SHORT_LINK" in await desk.codes("See bit.ly/3xyz")
    assert "SHORT_LINK" not in await desk.codes("See https://grace.example/t.com")
    assert "NO_OPT_OUT_WORDING" in await desk.codes("Hello")
    assert "NO_OPT_OUT_WORDING" not in await desk.codes("Hello. Reply STOP to opt out")
    assert "FALLBACK_USED" not in await desk.codes("Hi {{lastName|all}}")
    assert "COSTLY_CHARACTERS" in await desk.codes("It’s " + "x" * 100)


async def test_who_had_a_text_before_needs_no_word_on_stopping(desk: Desk) -> None:
    await desk.members(2)
    await desk.run(
        """
        INSERT INTO phone_facts
        SELECT church_id, phone_index, 'greeted', now() FROM members WHERE church_id = :church
        """
    )
    assert "NO_OPT_OUT_WORDING" not in await desk.codes("Hello")


async def test_a_fallback_is_counted(desk: Desk) -> None:
    await desk.member(last_name="")
    await desk.member()
    preview = await desk.preview("Dear {{lastName|friend}}")
    [concern] = [each for each in preview["warnings"] if each["code"] == "FALLBACK_USED"]
    assert concern["details"] == {"phones": {"lastName": 1}}


async def test_the_plain_rewrite_says_what_it_saves(desk: Desk) -> None:
    await desk.members(2)
    preview = await desk.preview("It’s " + "x" * 100)
    [concern] = [each for each in preview["warnings"] if each["code"] == "COSTLY_CHARACTERS"]
    assert concern["details"] == {"content": "It's " + "x" * 100, "parts": 2, "saved": 2}


async def test_too_long_for_somebody_is_a_warning_in_a_preview_and_a_refusal_in_send(
    desk: Desk,
) -> None:
    await desk.member(first_name="Ada")
    await desk.member(first_name="Bartholomew")
    text = "{{firstName}}" + "x" * 1524  # ten parts hold 1530

    assert "TOO_LONG" in await desk.codes(text)
    refused = await desk.post("send", text)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "TEXT_TOO_LONG")
    assert refused.json()["error"]["details"] == {"characters": 1535, "parts": 11, "phones": 1}
    assert "Bartholomew" not in refused.text


async def test_texts_of_closed_zones_wait_for_their_opening(desk: Desk) -> None:
    for zone in ("America/New_York", "America/Los_Angeles", None):
        who = await desk.member()
        await desk.run("UPDATE members SET timezone = :zone WHERE id = :id", zone=zone, id=who.id)
        await desk.run("UPDATE members SET zones = '' WHERE id = :id", id=who.id)
    early = datetime.combine(clock.today("UTC") + timedelta(days=2), time(14, 30), UTC)
    opening = early.astimezone(ZoneInfo("America/Los_Angeles")).replace(hour=8, minute=0)

    preview = await desk.preview(scheduledAt=early.isoformat())

    hours = {each["zone"]: (each["phones"], each["isOpen"]) for each in preview["quietHours"]}
    assert hours == {
        "America/New_York": (1, True),
        "America/Chicago": (1, True),
        "America/Los_Angeles": (1, False),
    }
    opens = {
        each["zone"]: datetime.fromisoformat(each["opensAt"]) for each in preview["quietHours"]
    }
    assert opens == {
        "America/New_York": early,
        "America/Chicago": early,
        "America/Los_Angeles": opening,
    }
    assert datetime.fromisoformat(preview["startsAt"]) == early
    assert datetime.fromisoformat(preview["finishesAt"]) > opening


async def test_a_preview_may_be_made_without_a_number(desk: Desk) -> None:
    await desk.members(1)
    await desk.run("UPDATE phone_numbers SET status = 'failed' WHERE church_id = :church")
    preview = await desk.preview()
    assert (preview["startsAt"], preview["finishesAt"], preview["phones"]) == (None, None, 1)
    assert "NO_ACTIVE_NUMBER" in {each["code"] for each in preview["warnings"]}


async def test_a_viewer_may_not_preview(client: Client, desk: Desk) -> None:
    asked = {"content": "Hello", "targetType": "all"}
    viewer = client(desk.church_id, Role.VIEWER)
    assert (await viewer.post("/api/messages/preview", json=asked)).status_code == 403
