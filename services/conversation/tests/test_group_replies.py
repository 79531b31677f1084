"""Answers to group texts: staff are asked to whom, and told who gets it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import clock, db
from koinonia.common.events.conversation import ConversationUpdated, ReplyRequested
from koinonia.common.events.messaging import MemberOptedIn, MemberOptedOut
from koinonia.common.testing.phones import phone
from koinonia.conversation.automatic import automatic_answers

from .calls import code
from .carrier_media import picture
from .factories import (
    OURS,
    PHONES,
    THEIRS,
    hear,
    joined,
    member,
    messages,
    opted,
    said,
    text,
    threads,
    understood,
)
from .truths import untrue

BOB, STRANGER = phone(2), phone(3)
GROUP = [BOB, OURS, STRANGER]


@pytest_asyncio.fixture
async def thread_id(database: db.Database, church_id: UUID) -> UUID:
    """Whose newest text went to Bob, whom the church knows, and to a stranger."""
    bob = joined(church_id, member(church_id, "Bob", "Reed", BOB))
    await hear(database, text("Hello"), bob, text("All of you", group=GROUP, minutes=1))
    [thread] = await threads(database, church_id)
    found: UUID = thread.id
    return found


async def reply(
    api: httpx.AsyncClient, thread_id: UUID, recipient: str | None = None, **body: Any
) -> httpx.Response:
    path = "reply-with-media" if "mediaUrls" in body else "reply"
    path = "scheduled-replies" if "sendAt" in body else path
    given = {"content": "Yes", **body, **({"recipient": recipient} if recipient else {})}
    return await api.post(f"/api/conversations/{thread_id}/{path}", json=given)


async def shown(api: httpx.AsyncClient, thread_id: UUID) -> Any:
    return (await api.get(f"/api/conversations/{thread_id}")).json()["replyChoice"]


LATER = (clock.now() + timedelta(days=1)).isoformat()
WAYS: list[dict[str, Any]] = [{}, {"mediaUrls": ["https://example.org/map.png"]}]


@pytest.mark.parametrize("body", [*WAYS, {"sendAt": LATER}])
async def test_an_answer_to_a_group_text_asks_to_whom(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID, body: dict[str, Any]
) -> None:
    answer = await reply(api, thread_id, **body)
    assert code(answer) == (409, "RECIPIENT_NOT_CHOSEN")
    choice = answer.json()["error"]["details"]
    assert choice == await shown(api, thread_id)
    assert [
        (each["phone"], each["isSender"], each["mayBeTexted"]) for each in choice["recipients"]
    ] == [(THEIRS, True, True), (BOB, False, True), (STRANGER, False, False)]
    assert choice["recipients"][1]["member"]["firstName"] == "Bob"
    assert await said(database, ReplyRequested) == []


async def test_a_form_asks_too(api: httpx.AsyncClient, thread_id: UUID) -> None:
    path = f"/api/conversations/{thread_id}/reply-with-media"
    files = [("files", ("map.png", picture("PNG")))]
    written = f"({THEIRS[2:5]}) {THEIRS[5:8]}-{THEIRS[8:]}"
    assert code(await api.post(path, files=files)) == (409, "RECIPIENT_NOT_CHOSEN")
    answer = await api.post(path, files=files, data={"recipient": written})
    assert answer.json()["recipient"] == THEIRS


@pytest.mark.parametrize("body", WAYS)
async def test_the_sender_gets_the_answer_and_then_nothing_is_asked_any_more(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID, body: dict[str, Any]
) -> None:
    first = await reply(api, thread_id, THEIRS, **body)
    assert (first.status_code, first.json()["recipient"]) == (202, THEIRS)
    assert await shown(api, thread_id) is None
    assert (await reply(api, thread_id)).status_code == 202
    assert {PHONES.open(each.sealed_phone) for each in await said(database, ReplyRequested)} == {
        THEIRS
    }


async def test_another_of_the_group_gets_it_in_a_conversation_of_their_own(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    answer = await reply(api, thread_id, BOB)
    assert (answer.status_code, answer.json()["recipient"]) == (202, BOB)
    [asked] = await said(database, ReplyRequested)
    assert (PHONES.open(asked.sealed_phone), asked.sender) == (BOB, OURS)
    theirs, bobs = await threads(database, church_id)
    assert str(bobs.id) == answer.json()["conversationId"] != str(thread_id)
    assert (bobs.last_message_content, bobs.unread_count, bobs.status) == ("Yes", 0, "open")
    told = (await said(database, ConversationUpdated))[-1]
    assert (told.conversation_id, told.previous_status) == (bobs.id, None)
    assert await untrue(database, church_id) == {}
    assert theirs.last_message_content == "All of you"
    assert (await shown(api, thread_id))["recipients"][1]["phone"] == BOB  # still unanswered here
    [found] = (await api.get("/api/conversations/search", params={"q": BOB[-4:]})).json()["data"]
    assert found["conversation"]["id"] == str(bobs.id)


async def test_who_has_a_conversation_gets_it_there(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    await hear(database, text("Hi", sender=STRANGER))
    answer = await reply(api, thread_id, STRANGER)
    assert (answer.status_code, len(await threads(database, church_id))) == (202, 2)


async def test_nothing_goes_to_a_stranger_an_outsider_or_who_said_stop(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    await hear(database, opted(MemberOptedOut, church_id, BOB))
    refused = [
        code(await reply(api, thread_id, recipient))
        for recipient in (STRANGER, BOB, phone(9), "mum@example.org")
    ]
    assert [each for _, each in refused[:3]] == [
        "RECIPIENT_UNKNOWN",
        "RECIPIENT_OPTED_OUT",
        "RECIPIENT_NOT_IN_GROUP",
    ]
    assert [status for status, _ in refused] == [409, 409, 400, 400]
    assert len(await threads(database, church_id)) == 1
    assert [r["mayBeTexted"] for r in (await shown(api, thread_id))["recipients"]] == [
        *(True, False, False)
    ]


async def test_after_a_text_to_the_church_alone_nothing_is_asked(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    await hear(database, text("Only you", minutes=2))
    assert await shown(api, thread_id) is None
    assert (await reply(api, thread_id)).status_code == 202
    assert code(await reply(api, thread_id, BOB)) == (400, "RECIPIENT_NOT_IN_GROUP")


async def test_neither_a_note_nor_an_automatic_answer_answers_a_group_text(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    await api.post(f"/api/conversations/{thread_id}/notes", json={"content": "Who?"})
    sent = text("PICNIC", group=GROUP, minutes=3)
    await hear(database, sent)
    async with database.transaction(church_id) as session:
        meant = understood(church_id, sent, "keyword", keyword="PICNIC", answer="At 3")
        await automatic_answers.answer_understood(session, [meant])
    assert (await messages(database, church_id))[-1].content == "At 3"
    assert code(await reply(api, thread_id)) == (409, "RECIPIENT_NOT_CHOSEN")


async def test_a_reply_for_later_waits_in_the_conversation_of_its_recipient(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    at = (clock.now() + timedelta(days=1)).isoformat()
    assert code(await reply(api, thread_id, BOB, sendAt=at)) == (409, "NOTHING_SAID_YET")
    assert len(await threads(database, church_id)) == 1
    assert (await reply(api, thread_id, THEIRS, sendAt=at)).status_code == 201
    await hear(database, opted(MemberOptedIn, church_id, BOB), text("Hi", sender=BOB))
    answer = await reply(api, thread_id, BOB, sendAt=at)
    bobs = (await threads(database, church_id))[-1]
    assert answer.json()["conversationId"] == str(bobs.id)
