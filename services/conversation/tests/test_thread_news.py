"""What is said of a thread when something happens to it."""

from datetime import UTC, datetime
from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.conversation import ConversationUpdated

from .factories import at, hear, said, text


async def test_news_of_a_text_begin_as_the_text_does(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("a" * 200, minutes=3))
    [told] = await said(database, ConversationUpdated)
    assert (told.reason, told.direction, told.preview) == ("received", "inbound", "a" * 160)
    assert (told.last_message_at, told.assignee_id) == (at(3), None)


async def test_news_of_a_late_text_keep_the_time_of_the_last_message(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, text(minutes=5), text(minutes=1))
    assert [told.last_message_at for told in await said(database, ConversationUpdated)] == [
        at(5),
        at(5),
    ]


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
