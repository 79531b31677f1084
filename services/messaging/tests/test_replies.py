"""A reply is a message of its own kind that never waits behind a broadcast."""

from koinonia.common import db
from koinonia.common.events.messaging import (
    BatchReleased,
    DeliveryUpdated,
    MessageCompleted,
    MessageCreated,
    MessageKind,
    ReplyReleased,
)

from . import factories
from .replies import requested
from .stage import Stage


async def test_a_reply_goes_out_under_the_id_of_its_line(stage: Stage) -> None:
    member = await stage.member()
    event = await requested(stage, member.phone)

    await stage.hear(event)
    await stage.approve(event.reply_id)
    await stage.work()
    await stage.arrivals()

    [text] = await stage.texts(event.reply_id)
    assert (text.status, text.member_id) == ("delivered", member.id)
    [receipt] = stage.network.ledger.phones[member.phone].receipts
    assert receipt.text == "See you at ten"


async def test_a_reply_is_approved_like_any_message(stage: Stage) -> None:
    event = await requested(stage, factories.phone())

    await stage.hear(event)

    [created] = await stage.told(MessageCreated)
    assert (created.message_id, created.kind) == (event.reply_id, MessageKind.REPLY)
    assert await stage.released() == []


async def test_a_reply_has_its_own_lane(stage: Stage) -> None:
    event = await requested(stage, factories.phone())
    await stage.hear(event)

    await stage.approve(event.reply_id)

    assert [type(e) for e in await stage.released()] == [ReplyReleased]
    assert await stage.told(BatchReleased) == []


async def test_a_reply_to_somebody_unknown_has_no_member(stage: Stage) -> None:
    event = await requested(stage, factories.phone())

    await stage.hear(event)

    [text] = await stage.texts(event.reply_id)
    assert (text.member_id, text.member_ids) == (None, [])


async def test_a_reply_to_who_said_stop_is_skipped_and_the_thread_hears_of_it(
    stage: Stage,
) -> None:
    gone = await stage.member()
    await stage.opt_out(gone.phone)
    event = await requested(stage, gone.phone)

    await stage.hear(event)

    assert await stage.counted(event.reply_id) == {"skipped": 1}
    [told] = await stage.told(DeliveryUpdated)
    assert (told.message_id, told.changes[0].failure) == (event.reply_id, "opted_out")
    assert len(await stage.told(MessageCompleted)) == 1
    assert await stage.told(MessageCreated) == []


async def test_a_reply_from_a_number_that_is_gone_fails(stage: Stage) -> None:
    event = await requested(stage, factories.phone(), sender="+12025550199")

    await stage.hear(event)

    [text] = await stage.texts(event.reply_id)
    assert (text.status, text.failure) == ("failed", "no_active_number")
    assert (await stage.message(event.reply_id)).status == "completed"


async def test_a_reply_that_is_too_long_fails(stage: Stage) -> None:
    event = await requested(stage, factories.phone(), text="x" * 1601)

    await stage.hear(event)

    [text] = await stage.texts(event.reply_id)
    assert (text.status, text.failure) == ("failed", "too_long")


async def test_a_reply_requested_twice_is_one_message(stage: Stage) -> None:
    event = await requested(stage, factories.phone())

    await stage.hear(event)
    await stage.hear(event.model_copy(update={"id": db.uuid7()}))

    assert len(await stage.texts(event.reply_id)) == 1
    assert len(await stage.told(MessageCreated)) == 1


async def test_the_first_text_to_a_phone_of_which_nothing_is_known_is_not_sent(
    stage: Stage,
) -> None:
    event = await requested(stage, factories.phone(), begins=True)

    await stage.hear(event)

    [text] = await stage.texts(event.reply_id)
    assert (text.status, text.failure) == ("skipped", "no_consent")
    assert await stage.told(MessageCreated) == []


async def test_the_first_text_to_who_agreed_is_sent(stage: Stage) -> None:
    member = await stage.member()
    event = await requested(stage, member.phone, begins=True)

    await stage.hear(event)

    assert len(await stage.told(MessageCreated)) == 1
