import asyncio
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db, idempotency
from koinonia.common.events.billing import SubscriptionUpdated
from koinonia.common.events.conversation import ConversationUpdated, ReplyRequested
from koinonia.common.events.messaging import MemberOptedIn, MemberOptedOut
from koinonia.common.runtime import Running
from koinonia.common.testing import phones, probe, service
from koinonia.conversation.program import PROGRAM

from .factories import (
    OURS,
    PHONES,
    START,
    THEIRS,
    assigned,
    hear,
    messages,
    opted,
    released,
    said,
    text,
    threads,
)

PICTURE = "https://example.org/map.png"


async def reply(
    api: httpx.AsyncClient, thread_id: UUID, key: str | None = None, **body: Any
) -> httpx.Response:
    route = "reply-with-media" if "mediaUrls" in body else "reply"
    headers = {"Idempotency-Key": key} if key else {}
    return await api.post(f"/api/conversations/{thread_id}/{route}", json=body, headers=headers)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_reply_is_accepted_and_messaging_is_asked_to_send_it(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    answer = await reply(api, thread_id, content="Yes, behind the hall.")
    body = answer.json()
    [asked] = await said(database, ReplyRequested)
    assert answer.status_code == 202
    assert body.pop("createdAt")
    assert body == {
        "id": str(asked.reply_id),
        "conversationId": str(thread_id),
        "recipient": THEIRS,
        "status": "pending",
        "direction": "outbound",
        "content": "Yes, behind the hall.",
        "mediaUrls": [],
        "segments": {"parts": 1, "encoding": "GSM-7", "characters": 21},
        "price": None,
    }
    assert (asked.sender, asked.text, asked.media_urls, asked.conversation_id) == (
        OURS,
        "Yes, behind the hall.",
        (),
        thread_id,
    )
    assert PHONES.open(asked.sealed_phone) == THEIRS


async def test_a_reply_is_a_line_of_the_thread_and_its_last_message(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    accepted = (await reply(api, thread_id, content="Yes")).json()
    [thread] = await threads(database, church_id)
    line = (await messages(database, church_id))[-1]
    [asked] = await said(database, ReplyRequested)
    assert str(line.id) == str(thread.last_message_id) == accepted["id"]
    assert (line.status, line.is_read, line.admin_id) == ("pending", True, asked.admin_id)
    assert (thread.last_message_direction, thread.unread_count) == ("outbound", 1)


async def test_a_reply_with_media_may_go_without_words(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    answer = await reply(api, thread_id, mediaUrls=[PICTURE])
    [asked] = await said(database, ReplyRequested)
    assert (answer.status_code, answer.json()["mediaUrls"]) == (202, [PICTURE])
    assert (asked.text, asked.media_urls) == ("", (PICTURE,))


async def test_two_staff_who_reply_at_once_are_both_heard(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    answers = await asyncio.gather(*(reply(api, thread_id, content=f"{n}") for n in range(5)))
    lines = await messages(database, church_id)
    [thread] = await threads(database, church_id)
    assert {answer.status_code for answer in answers} == {202}
    assert len(lines) == 6
    assert thread.last_message_id == lines[-1].id


@pytest.mark.parametrize("status", ["closed", "archived"])
async def test_a_reply_leaves_a_thread_as_it_is(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID, status: str
) -> None:
    await api.patch(f"/api/conversations/{thread_id}/status", json={"status": status})
    await reply(api, thread_id, content="Farewell")
    [thread] = await threads(database, church_id)
    told = (await said(database, ConversationUpdated))[-1]
    assert (thread.status, told.status, told.previous_status) == (status, status, status)


async def test_the_same_key_sends_a_reply_once(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    answers = await asyncio.gather(
        *(reply(api, thread_id, key="one", content="Yes") for _ in range(4))
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert len(await said(database, ReplyRequested)) == 1


async def test_a_key_belongs_to_one_reply(api: httpx.AsyncClient, thread_id: UUID) -> None:
    await reply(api, thread_id, key="one", content="Yes")
    again = await reply(api, thread_id, key="one", content="No")
    assert code(again) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_a_key_whose_reply_was_refused_can_be_used_again(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    await hear(database, opted(MemberOptedOut, church_id))
    assert (await reply(api, thread_id, key="one", content="Yes")).status_code == 409
    await hear(database, opted(MemberOptedIn, church_id))
    assert (await reply(api, thread_id, key="one", content="Yes")).status_code == 202


async def test_a_phone_that_said_stop_is_not_answered(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    await hear(database, opted(MemberOptedOut, church_id))
    refused = await reply(api, thread_id, content="Yes")
    assert code(refused) == (409, "RECIPIENT_OPTED_OUT")
    assert "START" in refused.json()["error"]["message"]
    assert len(await messages(database, church_id)) == 1


@pytest.mark.parametrize("source", ["staff", "web_form", "import", "unsettled"])
async def test_a_stop_that_the_church_recorded_says_how_to_take_it_back(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID, source: str
) -> None:
    await hear(database, opted(MemberOptedOut, church_id, source=source))
    refused = await reply(api, thread_id, content="Yes")
    assert code(refused) == (409, "RECIPIENT_OPTED_OUT")
    assert "POST /api/consents" in refused.json()["error"]["message"]


async def test_a_phone_that_said_stop_before_its_first_thread_is_known(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    other = phones.phone(9)
    await hear(database, opted(MemberOptedOut, church_id, phone=other), text(sender=other))
    [item] = (await api.get("/api/conversations")).json()["data"]
    assert item["optedOut"] is True
    assert (await reply(api, item["id"], content="Yes")).status_code == 409


async def test_an_older_start_that_comes_late_does_not_undo_stop(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    start = opted(MemberOptedIn, church_id)
    await hear(database, opted(MemberOptedOut, church_id), start)
    assert (await reply(api, thread_id, content="Yes")).status_code == 409


async def test_a_thread_on_a_number_that_was_released_cannot_be_answered(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    number = phones.phone(70)
    assignment = assigned(church_id, number)
    await hear(database, assignment, text(to=number), released(assignment, START))
    [thread] = await threads(database, church_id)
    assert code(await reply(api, thread.id, content="Yes")) == (409, "NUMBER_RELEASED")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"content": ""}, "EMPTY_TEXT"),
        ({"content": " \n\t"}, "EMPTY_TEXT"),
        ({"content": "x" * 1601}, "TEXT_TOO_LONG"),
        ({"content": "\N{BELL}" * 331}, "TEXT_TOO_LONG"),
        ({"content": 7}, "VALIDATION_ERROR"),
        ({}, "VALIDATION_ERROR"),
        ({"content": "Yes", "shortcut": "parking"}, "VALIDATION_ERROR"),
        ({"shortcut": "/parking"}, "VALIDATION_ERROR"),
        ({"content": "nul \0"}, "VALIDATION_ERROR"),
        ({"content": "x" * 1601, "mediaUrls": [PICTURE]}, "TEXT_TOO_LONG"),
        ({"mediaUrls": []}, "VALIDATION_ERROR"),
        ({"mediaUrls": [PICTURE] * 11}, "VALIDATION_ERROR"),
        ({"mediaUrls": ["file:///etc/passwd"]}, "VALIDATION_ERROR"),
        ({"mediaUrls": ["https://"]}, "VALIDATION_ERROR"),
        ({"mediaUrls": ["https://a.example/x y"]}, "VALIDATION_ERROR"),
        ({"mediaUrls": ["https://[a"]}, "VALIDATION_ERROR"),
    ],
)
async def test_a_reply_that_cannot_be_sent_is_refused_and_nothing_is_written(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
    body: dict[str, Any],
    expected: str,
) -> None:
    assert code(await reply(api, thread_id, **body)) == (400, expected)
    assert len(await messages(database, church_id)) == 1


async def test_a_reply_of_ten_parts_is_the_longest_and_a_file_makes_it_one(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    ten, eleven = "\N{BELL}" * 330, "\N{BELL}" * 331

    assert (await reply(api, thread_id, content=ten)).status_code == 202
    assert (await reply(api, thread_id, content=eleven, mediaUrls=[PICTURE])).status_code == 202
    refused = await reply(api, thread_id, content=eleven)
    assert refused.json()["error"]["message"].startswith("The text takes 11 parts")


async def test_a_reply_says_its_parts_and_what_the_church_pays_for_them(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    older = priced(church_id, "0.00410", START)
    await service.hear(PROGRAM, running, priced(church_id, "0.00790"), older)
    twice = [(await reply(api, thread_id, key="one", content="Ж" * 71)).json() for _ in "ab"]
    picture = (await reply(api, thread_id, content="Ж" * 71, mediaUrls=[PICTURE])).json()
    [line] = [each for each in await messages(database, church_id) if each.price and each.parts > 1]

    assert twice[0]["segments"] == {"parts": 2, "encoding": "UCS-2", "characters": 71}
    assert (twice[0]["price"], picture["price"]) == ("0.01580", "0.00790")
    assert twice[0] == twice[1]
    assert (line.parts, line.source) == (2, "staff")


async def test_half_a_character_is_refused(api: httpx.AsyncClient, thread_id: UUID) -> None:
    answer = await api.post(
        f"/api/conversations/{thread_id}/reply",
        content=b'{"content": "\\ud83d"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 400


def priced(
    church_id: UUID, part_price: str, occurred_at: datetime | None = None
) -> SubscriptionUpdated:
    at = occurred_at or clock.now()
    return SubscriptionUpdated(
        church_id=church_id,
        plan="growth",
        status="active",
        allowance_parts=1000,
        period_ends_at=at,
        part_price=Decimal(part_price),
        occurred_at=at,
    )


async def test_old_keys_are_forgotten_and_young_ones_kept(
    api: httpx.AsyncClient,
    database: db.Database,
    running: Running,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    for key in ("old", "young"):
        await reply(api, thread_id, key=key, content="Yes")
    async with database.transaction(church_id) as session:
        await db.run(
            session,
            """
            UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'
            """,
        )

    await idempotency.prune(running)

    async with database.transaction(church_id) as session:
        kept = await probe.rows(session, "SELECT key FROM idempotency_keys")
    assert [row.key for row in kept] == ["young"]


async def test_a_key_that_is_none_is_refused(api: httpx.AsyncClient, thread_id: UUID) -> None:
    assert code(await reply(api, thread_id, key="two words", content="Yes")) == (
        400,
        "BAD_IDEMPOTENCY_KEY",
    )
