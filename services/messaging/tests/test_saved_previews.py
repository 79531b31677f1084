"""Sending what a preview showed, and being told when it is not the same any more."""

from typing import Any

import httpx
import pytest

from koinonia.common import db

from . import factories
from .desk import Desk


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_preview_that_still_holds_is_sent_as_it_was_shown(desk: Desk) -> None:
    await desk.members(3)
    preview = await desk.preview("x" * 161)

    sent = await desk.post("send", "x" * 161, previewHash=preview["previewHash"])

    assert sent.status_code == 202
    shown = (await desk.api.get(f"/api/messages/{sent.json()['id']}")).json()
    assert (shown["totalRecipients"], shown["parts"]["estimated"]) == (3, preview["parts"])


async def test_a_few_people_more_or_less_are_no_other_preview(desk: Desk) -> None:
    await desk.members(3)
    preview = await desk.preview()
    await desk.members(2)
    assert (await desk.post("send", "Hello", previewHash=preview["previewHash"])).status_code == 202


async def test_when_the_audience_has_grown_staff_are_told_by_how_much(desk: Desk) -> None:
    await desk.members(3)
    preview = await desk.preview("x" * 161)
    await desk.members(3)

    answer = await desk.post("send", "x" * 161, previewHash=preview["previewHash"])

    assert refused(answer) == (409, "PREVIEW_CHANGED")
    details = answer.json()["error"]["details"]
    assert details["difference"] == {"phones": 3, "parts": 6}
    assert (details["previewed"]["phones"], details["now"]["phones"]) == (3, 6)
    assert (await desk.api.get("/api/messages")).json()["data"] == []


@pytest.mark.parametrize(
    "other",
    [
        {"content": "Hullo"},
        {"mediaUrls": ["https://example.org/a.png"]},
        {"targetType": "groups"},
    ],
)
async def test_other_words_are_another_preview(desk: Desk, other: dict[str, Any]) -> None:
    async with desk.house.database.transaction(desk.church_id) as session:
        group = await factories.group(session, desk.church_id)
        await factories.member(session, desk.church_id, groups=[group])
    preview = await desk.preview()
    if "targetType" in other:
        other = other | {"targetIds": [str(group)]}

    asked = {"content": "Hello", "targetType": "all", "previewHash": preview["previewHash"]} | other
    answer = await desk.api.post("/api/messages/send", json=asked)

    assert refused(answer) == (409, "PREVIEW_CHANGED")
    assert answer.json()["error"]["details"]["changed"] == "message"


async def test_another_price_is_another_preview(desk: Desk) -> None:
    await desk.members(1)
    await desk.allowed(100, price="0.00790")
    preview = await desk.preview()
    await desk.allowed(100, price="0.01000")
    answer = await desk.post("send", "Hello", previewHash=preview["previewHash"])
    assert refused(answer) == (409, "PREVIEW_CHANGED")


async def test_a_preview_that_is_not_known_says_what_to_do(desk: Desk) -> None:
    await desk.members(1)
    answer = await desk.post("send", "Hello", previewHash="0" * 64)
    assert refused(answer) == (409, "PREVIEW_EXPIRED")
    assert "POST /api/messages/preview" in answer.json()["error"]["message"]


async def test_a_preview_holds_for_a_day(desk: Desk) -> None:
    await desk.members(1)
    preview = await desk.preview()
    await desk.run("UPDATE previews SET created_at = created_at - interval '25 hours'")
    answer = await desk.post("send", "Hello", previewHash=preview["previewHash"])
    assert refused(answer) == (409, "PREVIEW_EXPIRED")


async def test_a_repeated_request_is_answered_alike_whatever_became_of_its_preview(
    desk: Desk,
) -> None:
    await desk.members(1)
    preview = await desk.preview()
    asked = {"content": "Hello", "targetType": "all", "previewHash": preview["previewHash"]}
    key = {"Idempotency-Key": str(db.uuid7())}
    first = await desk.api.post("/api/messages/send", json=asked, headers=key)
    await desk.run("DELETE FROM previews WHERE church_id = :church")
    again = await desk.api.post("/api/messages/send", json=asked, headers=key)
    assert (first.status_code, first.json()) == (202, again.json())


async def test_a_template_is_previewed_and_sent_as_what_it_says(desk: Desk) -> None:
    await desk.member(first_name="Ada")
    made = await desk.api.post(
        "/api/templates", json={"name": "Hi", "category": "other", "content": "Hi {{firstName}}"}
    )
    asked = {"templateId": made.json()["id"], "targetType": "all"}
    preview = (await desk.api.post("/api/messages/preview", json=asked)).json()
    sent = await desk.api.post(
        "/api/messages/send", json=asked | {"previewHash": preview["previewHash"]}
    )
    assert preview["samples"][0]["content"] == "Hi Ada"
    shown = (await desk.api.get(f"/api/messages/{sent.json()['id']}")).json()
    assert shown["content"] == "Hi {{firstName}}"
