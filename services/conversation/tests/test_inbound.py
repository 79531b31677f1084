import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from koinonia.common import clock, db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.testing import phones

from .factories import (
    OURS,
    at,
    hear,
    messages,
    said,
    text,
    threads,
)


async def test_a_first_text_opens_a_thread_with_one_unread_message(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("Is there parking?"))
    [thread] = await threads(database, church_id)
    assert (thread.status, thread.unread_count, thread.last_message_content, thread.our_number) == (
        "open",
        1,
        "Is there parking?",
        OURS,
    )
    [told] = await said(database, ConversationUpdated)
    assert (told.conversation_id, told.status, told.previous_status, told.unread_count) == (
        thread.id,
        "open",
        None,
        1,
    )


async def test_later_texts_of_the_same_phone_stay_in_its_thread(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("One"), text("Two", minutes=1), text(sender=phones.phone(7)))
    found = await threads(database, church_id)
    assert sorted(thread.unread_count for thread in found) == [1, 2]
    assert [told.previous_status for told in await said(database, ConversationUpdated)] == [
        None,
        "open",
        None,
    ]


@pytest.mark.parametrize("status", ["closed", "archived"])
async def test_a_text_opens_its_thread_again(
    database: db.Database, church_id: UUID, status: str
) -> None:
    await hear(database, text("One"))
    async with database.transaction(church_id) as session:
        await db.run(session, "UPDATE conversations SET status = :status", {"status": status})
    await hear(database, text("Two", minutes=1))
    [thread] = await threads(database, church_id)
    told = (await said(database, ConversationUpdated))[-1]
    assert (thread.status, told.status, told.previous_status) == ("open", "open", status)


async def test_a_text_announced_under_two_event_ids_is_one_message(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, *(text(carrier_message_id="same") for _ in range(2)))
    [thread] = await threads(database, church_id)
    assert thread.unread_count == len(await messages(database, church_id)) == 1
    assert len(await said(database, ConversationUpdated)) == 1


async def test_the_same_text_on_two_workers_at_once_is_one_message(
    database: db.Database, church_id: UUID
) -> None:
    twins = [text(carrier_message_id="same") for _ in range(4)]
    await asyncio.gather(*(hear(database, twin) for twin in twins))
    [thread] = await threads(database, church_id)
    assert thread.unread_count == len(await messages(database, church_id)) == 1


async def test_first_texts_of_one_phone_at_the_same_time_make_one_thread(
    database: db.Database, church_id: UUID
) -> None:
    await asyncio.gather(*(hear(database, text(f"{n}", minutes=n)) for n in range(8)))
    [thread] = await threads(database, church_id)
    assert (thread.unread_count, thread.last_message_content) == (8, "7")


async def test_a_late_older_text_slots_in_and_is_not_the_last_message(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("Second", minutes=5), text("First", minutes=1))
    [thread] = await threads(database, church_id)
    assert (thread.last_message_content, thread.last_message_at) == ("Second", at(5))
    assert [row.content for row in await messages(database, church_id)] == ["First", "Second"]


async def test_a_carrier_whose_clock_is_ahead_cannot_keep_its_text_on_top(
    database: db.Database, church_id: UUID
) -> None:
    ahead = text(minutes=0).model_copy(update={"received_at": clock.now() + timedelta(days=400)})
    await hear(database, ahead)
    [thread] = await threads(database, church_id)
    assert thread.last_message_at <= clock.now()


async def test_a_text_with_media_and_a_stray_nul_is_kept(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("a\0b", media_urls=["https://media.example/1.jpg"]))
    [message] = await messages(database, church_id)
    assert (message.content, message.media_urls) == ("ab", ["https://media.example/1.jpg"])
