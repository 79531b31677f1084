"""Making a broadcast: who gets it, and that one request makes one message."""

from koinonia.common.events.messaging import MessageCreated
from koinonia.messaging.messages import batches

from .stage import Stage


async def test_a_household_gets_one_text(stage: Stage) -> None:
    mother = await stage.member()
    child = await stage.member(mother.phone, "Ben")

    sent = await stage.send()

    [text] = await stage.texts(sent.id)
    assert text.member_id == mother.id
    assert set(text.member_ids) == {mother.id, child.id}


async def test_who_said_stop_is_left_out_and_counted(stage: Stage) -> None:
    await stage.members(2)
    gone = await stage.member()
    await stage.opt_out(gone.phone)

    sent = await stage.send()

    assert sent.total_recipients == 2
    assert (await stage.message(sent.id)).excluded == {"opted_out": 1}


async def test_a_message_is_cut_into_batches_that_all_wait(stage: Stage) -> None:
    await stage.members(2 * batches.SIZE + 1)

    sent = await stage.send()

    rows = await stage.query("SELECT number, state FROM dispatch_batches ORDER BY number")
    assert [(row.number, row.state) for row in rows] == [(n, "waiting") for n in range(3)]
    texts = await stage.texts(sent.id)
    assert [text.batch for text in texts] == [0] * batches.SIZE + [1] * batches.SIZE + [2]


async def test_approval_is_asked_for_with_the_parts_of_all_recipients(stage: Stage) -> None:
    await stage.members(3)

    await stage.send("x" * 161)

    [created] = await stage.told(MessageCreated)
    assert (created.recipients, created.parts) == (3, 6)


async def test_a_text_with_a_picture_counts_as_one_part(stage: Stage) -> None:
    await stage.members(1)

    await stage.send("x" * 161, mediaUrls=["https://example.org/a.png"])

    [created] = await stage.told(MessageCreated)
    assert created.parts == 1


async def test_only_the_target_is_meant(stage: Stage) -> None:
    await stage.members(2)
    meant = await stage.member()

    sent = await stage.send(targetType="individual", targetIds=[meant.id])

    assert [text.member_id for text in await stage.texts(sent.id)] == [meant.id]


async def test_an_accent_in_two_characters_is_sent_as_one(stage: Stage) -> None:
    await stage.members(1)

    sent = await stage.send("Cafe\u0301 after the service")

    assert (await stage.message(sent.id)).content == "Café after the service"
