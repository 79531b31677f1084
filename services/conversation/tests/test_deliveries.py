"""A reply follows what is reported of it, forward only."""

from uuid import UUID

import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.events.messaging import DeliveryStatus, DeliveryUpdated, MessageKind
from koinonia.common.identity import Identity, Role
from koinonia.conversation.replies import delivery_updates, staff_replies
from koinonia.conversation.replies.recipients import Target
from koinonia.conversation.threads.threads import locked

from .factories import church, hear, messages, progressed, said, text, threads


async def answered(database: db.Database, church_id: UUID, thread_id: UUID) -> UUID:
    admin = Identity(db.uuid7(), church_id, Role.STAFF, db.uuid7())
    async with database.transaction(church_id) as session:
        target = Target(await locked(session, church_id, thread_id), is_new=False)
        return (await staff_replies.create(session, admin, target, "Yes", ())).id


@pytest_asyncio.fixture
async def reply_id(database: db.Database, church_id: UUID, thread_id: UUID) -> UUID:
    return await answered(database, church_id, thread_id)


async def statuses(database: db.Database, church_id: UUID) -> tuple[str, str]:
    """Of the reply and of the thread's last message."""
    [thread] = await threads(database, church_id)
    replies = [m for m in await messages(database, church_id) if m.direction == "outbound"]
    return replies[0].status, thread.last_message_status


@pytest.mark.parametrize("status", [DeliveryStatus.SENT, DeliveryStatus.DELIVERED])
async def test_a_report_moves_the_reply_and_the_last_message_of_its_thread(
    database: db.Database, church_id: UUID, reply_id: UUID, status: DeliveryStatus
) -> None:
    await hear(database, progressed(church_id, reply_id, status))
    assert await statuses(database, church_id) == (status, status)


async def test_a_late_sent_report_never_undoes_delivered(
    database: db.Database, church_id: UUID, reply_id: UUID
) -> None:
    for status in (DeliveryStatus.DELIVERED, DeliveryStatus.SENT, DeliveryStatus.FAILED):
        await hear(database, progressed(church_id, reply_id, status))
    assert await statuses(database, church_id) == ("delivered", "delivered")


async def test_a_reply_that_failed_says_why_until_it_is_delivered_after_all(
    database: db.Database, church_id: UUID, reply_id: UUID
) -> None:
    seen = []
    for status, failure in ((DeliveryStatus.FAILED, "landline"), (DeliveryStatus.DELIVERED, None)):
        await hear(database, progressed(church_id, reply_id, status, failure))
        seen.append((await messages(database, church_id))[-1].failure)
    assert seen == ["landline", None]


async def test_a_report_of_an_earlier_reply_leaves_the_last_message_alone(
    database: db.Database, church_id: UUID, thread_id: UUID, reply_id: UUID
) -> None:
    await answered(database, church_id, thread_id)
    await hear(database, progressed(church_id, reply_id, DeliveryStatus.SENT))
    assert await statuses(database, church_id) == ("sent", "pending")


async def test_a_broadcast_is_no_threads_business(
    database: db.Database, church_id: UUID, reply_id: UUID
) -> None:
    report = progressed(church_id, reply_id, DeliveryStatus.SENT, kind=MessageKind.BROADCAST)
    await hear(database, report)
    assert await statuses(database, church_id) == ("pending", "pending")


async def test_a_batch_holds_reports_of_several_churches_and_several_of_one_reply(
    database: db.Database, church_id: UUID, reply_id: UUID
) -> None:
    number = "+12025550199"
    other = await church(database, number)
    await hear(database, text(to=number))
    [thread] = await threads(database, other)
    theirs = await answered(database, other, thread.id)
    batch: list[DeliveryUpdated] = [
        progressed(church_id, reply_id, DeliveryStatus.DELIVERED),
        progressed(other, theirs, DeliveryStatus.FAILED, "landline"),
        progressed(church_id, reply_id, DeliveryStatus.SENT),
    ]
    async with database.transaction() as session:
        await delivery_updates.apply(session, batch)
    assert await statuses(database, church_id) == ("delivered", "delivered")
    assert await statuses(database, other) == ("failed", "failed")


async def test_whoever_watches_is_told_of_a_thread_whose_reply_moved_and_only_then(
    database: db.Database, church_id: UUID, thread_id: UUID, reply_id: UUID
) -> None:
    other = await answered(database, church_id, thread_id)
    batch: list[DeliveryUpdated] = [
        progressed(church_id, each, DeliveryStatus.DELIVERED) for each in (reply_id, other)
    ]
    for _ in "ab":
        async with database.transaction() as session:
            await delivery_updates.apply(session, batch)
    told = [e for e in await said(database, ConversationUpdated) if e.reason == "delivery"]
    assert [(each.conversation_id, each.unread_count) for each in told] == [(thread_id, 1)]


async def test_a_report_that_names_another_churchs_reply_does_nothing(
    database: db.Database, church_id: UUID, reply_id: UUID
) -> None:
    await hear(database, progressed(db.uuid7(), reply_id, DeliveryStatus.DELIVERED))
    assert await statuses(database, church_id) == ("pending", "pending")
