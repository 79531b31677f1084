"""What is said of a thread when something happens to it."""

from datetime import UTC, datetime
from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.conversation import ConversationUpdated

from .factories import at, hear, said, text


async def test_news_of_a_text_begin_as_it_does_and_keep_the_time_of_the_last_one(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("a" * 200, minutes=5), text("late", minutes=1))
    told, late = await said(database, ConversationUpdated)
    assert (told.reason, told.direction, told.preview) == ("received", "inbound", "a" * 160)
    assert told.text == "a" * 200
    assert told.sealed_phone
    assert told.phone_index
    assert (told.last_message_at, late.last_message_at) == (at(5), at(5))


async def test_news_of_a_reply_name_its_line(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    reply = (
        await api.post(f"/api/conversations/{thread_id}/reply", json={"content": "Yes"})
    ).json()
    told = (await said(database, ConversationUpdated))[-1]
    assert (told.reason, told.direction, told.preview) == ("replied", "outbound", "Yes")
    assert told.message_id == UUID(reply["id"])
    assert told.last_message_at > datetime(2026, 3, 2, tzinfo=UTC)
