"""Pausing and resuming: what waits is neither lost nor sent."""

import asyncio
from uuid import UUID

import pytest

from koinonia.carriers.failures import Failure
from koinonia.common import db
from koinonia.messaging.broadcasts import batches, dispatch, pausing
from koinonia.messaging.errors import NotBeingSent, NotPaused

from .stage import Stage


async def pause(stage: Stage, message_id: UUID) -> None:
    async with stage.running.database.transaction(stage.church_id) as session:
        await pausing.pause(session, message_id)


async def resume(stage: Stage, message_id: UUID, *, others: bool = False) -> None:
    async with stage.running.database.transaction(stage.church_id) as session:
        await pausing.resume(session, stage.church_id, message_id, others=others)


async def status(stage: Stage, message_id: UUID) -> str:
    return str((await stage.message(message_id)).status)


async def test_nothing_is_sent_while_a_message_is_paused_and_the_rest_when_it_is_resumed(
    stage: Stage, small_batches: None
) -> None:
    await stage.members(7 * batches.SIZE)
    message_id = await stage.started()
    released = await stage.released()
    await stage.hear(*released[:2])

    await pause(stage, message_id)
    await stage.hear(*released[2:], *await stage.released())
    assert stage.network.ledger.calls == {"accepted": 2 * batches.SIZE}
    states = await stage.query("SELECT DISTINCT state FROM dispatch_batches")
    assert [row.state for row in states] == ["waiting"]

    await resume(stage, message_id)
    await stage.work()
    await stage.arrivals()
    assert stage.network.ledger.calls == {"accepted": 7 * batches.SIZE}
    assert await stage.counted(message_id) == {"delivered": 7 * batches.SIZE}


async def test_pausing_and_resuming_again_changes_nothing(stage: Stage) -> None:
    await stage.members(1)
    message_id = await stage.started()

    await pause(stage, message_id)
    await pause(stage, message_id)
    message = await stage.message(message_id)
    assert (message.status, message.pause_code) == ("paused", "staff")
    await resume(stage, message_id)
    await resume(stage, message_id)

    assert await status(stage, message_id) == "sending"


async def test_a_message_is_paused_and_resumed_only_while_it_is_sent(stage: Stage) -> None:
    await stage.members(1)
    sent = await stage.send()

    with pytest.raises(NotBeingSent, match="This message is pending"):
        await pause(stage, sent.id)
    with pytest.raises(NotPaused, match="This message is pending"):
        await resume(stage, sent.id)


async def test_a_batch_that_is_put_back_while_its_message_is_resumed_is_not_forgotten(
    stage: Stage,
) -> None:
    await stage.members(1)
    for _ in range(5):
        message_id = await stage.started()
        [released] = await stage.released()
        await pause(stage, message_id)
        await asyncio.gather(
            dispatch.send(stage.running, released),  # type: ignore[arg-type]
            resume(stage, message_id),
        )
        await stage.work()
    assert stage.network.ledger.calls == {"accepted": 5}


async def test_a_failure_of_the_number_pauses_all_that_the_church_sends(stage: Stage) -> None:
    await stage.members(1)
    first, second, third = [await stage.started() for _ in range(3)]
    await pause(stage, third)
    stage.network.behaviour.turn({"strict_senders": True})

    await stage.hear(*(await stage.released())[:1])

    found = [await stage.message(each) for each in (first, second, third)]
    assert [message.status for message in found] == ["paused"] * 3
    assert [message.pause_code for message in found] == ["misconfigured", "misconfigured", "staff"]
    assert found[1].pause_reason == Failure.MISCONFIGURED.sentence


async def test_what_another_worker_is_noting_does_not_hold_up_the_pause(stage: Stage) -> None:
    await stage.members(1)
    first, second = [await stage.started() for _ in range(2)]
    database = stage.running.database
    async with database.transaction(stage.church_id) as noting:
        await db.run(noting, "SELECT FROM messages WHERE id = :id FOR UPDATE", {"id": second})
        async with asyncio.timeout(5), database.transaction(stage.church_id) as session:
            await pausing.because_of(session, stage.church_id, first, Failure.SPEND_LIMIT)

    assert [await status(stage, each) for each in (first, second)] == ["paused", "sending"]


async def test_the_others_that_were_paused_for_the_same_reason_are_resumed_on_request(
    stage: Stage,
) -> None:
    await stage.members(1)
    first, second, third = [await stage.started() for _ in range(3)]
    await pause(stage, third)
    async with stage.running.database.transaction(stage.church_id) as session:
        await pausing.because_of(session, stage.church_id, first, Failure.SPEND_LIMIT)

    await resume(stage, first, others=True)

    found = [await status(stage, each) for each in (first, second, third)]
    assert found == ["sending", "sending", "paused"]


async def test_resuming_one_leaves_the_others_alone(stage: Stage) -> None:
    await stage.members(1)
    first, second = [await stage.started() for _ in range(2)]
    for each in (first, second):
        await pause(stage, each)

    await resume(stage, first, others=True)

    assert [await status(stage, each) for each in (first, second)] == ["sending", "paused"]
