"""Making a broadcast: who gets it, and that one request makes one message."""

import asyncio

import pytest

from koinonia.common.events.messaging import MessageCreated
from koinonia.common.idempotency import IdempotencyKeyReused
from koinonia.messaging import errors
from koinonia.messaging.messages import batches

from . import factories
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


async def test_the_same_key_returns_the_same_message(stage: Stage) -> None:
    await stage.members(2)
    first = await stage.send(key="k1")
    await stage.approve(first.id)

    again = await stage.send(key="k1")

    assert again == first
    assert len(await stage.told(MessageCreated)) == 1


async def test_the_same_key_at_the_same_time_makes_one_message(stage: Stage) -> None:
    await stage.members(2)

    answers = await asyncio.gather(*(stage.send(key="k1") for _ in range(4)))

    assert len({answer.id for answer in answers}) == 1
    assert len(await stage.told(MessageCreated)) == 1


async def test_the_same_key_for_another_text_is_refused(stage: Stage) -> None:
    await stage.members(1)
    await stage.send("One", key="k1")

    with pytest.raises(IdempotencyKeyReused):
        await stage.send("Two", key="k1")


async def test_a_refused_request_does_not_use_up_its_key(stage: Stage) -> None:
    with pytest.raises(errors.NoReachableMembers):
        await stage.send(key="k1")
    await stage.members(1)

    assert (await stage.send(key="k1")).total_recipients == 1


async def test_a_key_belongs_to_its_church(stage: Stage) -> None:
    await stage.members(1)
    mine = await stage.send(key="k1")
    async with stage.running.database.transaction() as session:
        other = await factories.church(session, "Hope Hall")
        await factories.active_number(session, other)
        await factories.member(session, other)
    stage.church_id = other

    assert (await stage.send(key="k1")).id != mine.id
