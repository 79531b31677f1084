"""The inbox shows a text that may ask to stop until that is settled."""

from typing import Any
from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.messaging import StopAsked, StopSettled

from .factories import asked, hear, reasons, text

WORDS = "no more messages from your church please"


def settled(question: StopAsked) -> StopSettled:
    return StopSettled(
        church_id=question.church_id,
        phone_index=question.phone_index,
        sealed_phone=question.sealed_phone,
        asked_at=question.asked_at,
        decision="ordinary",
        settled_by="staff",
    )


async def shown(api: httpx.AsyncClient) -> tuple[Any, Any]:
    """The question in the list and in the thread."""
    [listed] = (await api.get("/api/conversations")).json()["data"]
    thread = (await api.get(f"/api/conversations/{listed['id']}")).json()
    return listed["stopQuestion"], thread["stopQuestion"]


async def test_a_question_is_shown_with_its_words_in_the_list_and_in_the_thread(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    inbound = text(WORDS)
    await hear(database, inbound, asked(church_id, inbound))
    listed, thread = await shown(api)
    assert listed == thread
    assert (listed["words"], listed["askedAt"]) == (WORDS, "2026-03-01T12:00:00Z")
    assert (await reasons(database))[-1] == "stop_asked"


async def test_a_question_that_comes_before_its_text_is_shown_with_the_text(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    inbound = text(WORDS)
    await hear(database, asked(church_id, inbound), inbound)
    assert (await shown(api))[0]["words"] == WORDS


async def test_a_settled_question_is_gone_in_whatever_order_it_is_heard(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for reverse in (False, True):
        inbound = text(WORDS, minutes=reverse)
        question = asked(church_id, inbound)
        events = [question, settled(question)]
        await hear(database, inbound, *(reversed(events) if reverse else events))
        assert await shown(api) == (None, None)


async def test_a_later_question_is_shown_again(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    first, second = text("Alto"), text(WORDS, minutes=5)
    question = asked(church_id, first)
    await hear(database, first, question, settled(question), second, asked(church_id, second))
    assert (await shown(api))[0]["words"] == WORDS


async def test_who_may_have_asked_to_stop_can_be_answered(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    inbound = text(WORDS)
    await hear(database, inbound, asked(church_id, inbound))
    [listed] = (await api.get("/api/conversations")).json()["data"]
    path = f"/api/conversations/{listed['id']}/reply"
    assert (await api.post(path, json={"content": "Do you mean our texts?"})).status_code < 300
