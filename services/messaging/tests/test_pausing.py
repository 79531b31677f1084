"""Pausing and resuming: what waits is neither lost nor sent."""

import asyncio
from uuid import UUID

import pytest

from koinonia.carriers.failures import Failure
from koinonia.common import db
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.broadcasts.controls import pauses
from koinonia.messaging.broadcasts.sending import dispatch
from koinonia.messaging.errors import NotBeingSent, NotPaused
from koinonia.messaging.messages import batch_release, batches

from .stage import Stage


async def pause(stage: Stage, message_id: UUID) -> None:
    async with stage.running.database.transaction(stage.church_id) as session:
        await pauses.pause(session, message_id)


async def resume(stage: Stage, message_id: UUID, *, others: bool = False) -> None:
    async with stage.running.database.transaction(stage.church_id) as session:
        await pauses.resume(session, stage.church_id, message_id, others=others)


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


async def test_a_batch_whose_message_is_paused_just_before_its_claim_is_put_back(
    stage: Stage,
) -> None:
    """The worker has read that the message is sent, and waits at the table of the claim."""
    await stage.members(3)
    message_id = await stage.started()
    [released] = await stage.released()
    async with stage.running.database.transaction(stage.church_id) as blocking:
        await db.run(blocking, "LOCK TABLE consents IN ACCESS EXCLUSIVE MODE")
        sending = asyncio.create_task(dispatch.send(stage.running, released))  # type: ignore[arg-type]
        await eventually(lambda: somebody_waits(stage))
        await db.run(
            blocking, "UPDATE messages SET status = 'paused' WHERE id = :id", {"id": message_id}
        )
    await sending

    [batch] = await stage.query("SELECT state FROM dispatch_batches")
    assert (batch.state, stage.network.ledger.calls.total()) == ("waiting", 0)


async def test_releases_at_one_time_fill_the_window_and_no_more(
    stage: Stage, small_batches: None
) -> None:
    await stage.members(2 * batches.WINDOW * batches.SIZE)
    message_id = await stage.started()
    await pause(stage, message_id)
    await stage.run("UPDATE dispatch_batches SET state = 'waiting', due_at = NULL")
    await stage.run("UPDATE messages SET status = 'sending'")

    async def release() -> None:
        async with stage.running.database.transaction(stage.church_id) as session:
            await batch_release.release(session, message_id)

    await asyncio.gather(*(release() for _ in range(5)))

    released = await stage.query("SELECT number FROM dispatch_batches WHERE state = 'released'")
    assert len(released) == batches.WINDOW


async def test_a_batch_that_begins_to_wait_while_the_last_one_ends_is_not_forgotten(
    stage: Stage, small_batches: None
) -> None:
    """One was deferred and is due; the note of the other is not committed yet."""
    await stage.members(2 * batches.SIZE)
    message_id = await stage.started()
    await stage.run(
        "UPDATE dispatch_batches SET state = 'deferred', due_at = now() WHERE number = 0"
    )
    await stage.released()
    async with stage.running.database.transaction(stage.church_id) as noting:
        claimed = await batches.claim(noting, message_id, 1, stage.running.worker.id)
        assert claimed is not None
        await batches.finish(noting, claimed)
        await batch_release.release(noting, message_id)
        readmitting = asyncio.create_task(dispatch.recover(stage.running))
        await eventually(lambda: somebody_waits(stage))
    await readmitting

    assert [event.batch for event in await stage.released()] == [0]  # type: ignore[attr-defined]


async def somebody_waits(stage: Stage) -> bool:
    """Somebody waits for a lock."""
    return bool(
        await stage.query(
            """
            SELECT 1 FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        )
    )


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
            await pauses.pause_for_failure(session, stage.church_id, first, Failure.SPEND_LIMIT)

    assert [await status(stage, each) for each in (first, second)] == ["paused", "sending"]


async def test_a_message_of_a_carrier_that_is_not_configured_any_more_is_paused(
    stage: Stage,
) -> None:
    await stage.members(1)
    message_id = await stage.started()
    await stage.run("UPDATE messages SET carrier = 'pigeons'")

    await stage.work()

    assert await status(stage, message_id) == "paused"
    assert (await stage.message(message_id)).pause_code == Failure.MISCONFIGURED
    [batch] = await stage.query("SELECT state FROM dispatch_batches")
    assert batch.state == "waiting"


async def test_the_others_that_were_paused_for_the_same_reason_are_resumed_on_request(
    stage: Stage,
) -> None:
    await stage.members(1)
    first, second, third = [await stage.started() for _ in range(3)]
    await pause(stage, third)
    async with stage.running.database.transaction(stage.church_id) as session:
        await pauses.pause_for_failure(session, stage.church_id, first, Failure.SPEND_LIMIT)

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
