"""A message that may be undone: for so long nothing of it leaves, whoever watches."""

from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from koinonia.common import clock
from koinonia.messaging.broadcasts.controls import cancellation, pauses, undo_time
from koinonia.messaging.broadcasts.sending import dispatch, quiet_gate

from .stage import Stage

LATER = timedelta(seconds=11)


async def begun(stage: Stage, people: int = 2) -> UUID:
    await stage.members(people)
    sent = await stage.send(undoSeconds=10)
    await stage.approve(sent.id)
    return sent.id


async def ten_seconds_pass(stage: Stage) -> None:
    with clock.shift(LATER):
        await dispatch.recover(stage.running)
        await stage.work()


async def test_nothing_leaves_before_it_can_be_undone_no_more(alone: Stage) -> None:
    message_id = await begun(alone)
    await dispatch.recover(alone.running)
    assert await alone.work() == 0
    assert await alone.counted(message_id) == {"pending": 2}


async def test_it_leaves_by_itself_once(alone: Stage) -> None:
    message_id = await begun(alone)
    for _ in range(3):
        await ten_seconds_pass(alone)
    await alone.arrivals()
    assert alone.network.ledger.calls.total() == 2
    assert (await alone.message(message_id)).pending_count == 0


async def test_cancelled_in_time_it_was_texted_to_nobody(alone: Stage) -> None:
    message_id = await begun(alone)
    async with alone.running.database.transaction(alone.church_id) as session:
        await cancellation.cancel(session, alone.church_id, message_id)
    await ten_seconds_pass(alone)
    assert await alone.counted(message_id) == {"skipped": 2}
    assert alone.network.ledger.calls.total() == 0


async def test_it_waits_for_its_approval_where_that_takes_longer(alone: Stage) -> None:
    await alone.members(2)
    sent = await alone.send(undoSeconds=10)
    await ten_seconds_pass(alone)
    assert alone.network.ledger.calls.total() == 0
    await alone.approve(sent.id)
    await alone.work()
    assert alone.network.ledger.calls.total() == 2


async def test_one_that_is_paused_meanwhile_leaves_when_it_is_resumed(alone: Stage) -> None:
    message_id = await begun(alone)
    async with alone.running.database.transaction(alone.church_id) as session:
        await pauses.pause(session, message_id)
    await ten_seconds_pass(alone)
    assert alone.network.ledger.calls.total() == 0
    async with alone.running.database.transaction(alone.church_id) as session:
        await pauses.resume(session, alone.church_id, message_id, others=False)
    await alone.work()
    assert alone.network.ledger.calls.total() == 2


async def ends(stage: Stage, message_id: UUID) -> None:
    async with stage.running.database.transaction(stage.church_id) as session:
        await undo_time.end(session, message_id)


async def test_who_does_not_want_to_wait_sends_it_now_and_once(alone: Stage) -> None:
    message_id = await begun(alone)
    await ends(alone, message_id)
    await ends(alone, message_id)
    await alone.work()
    await ten_seconds_pass(alone)
    assert alone.network.ledger.calls.total() == 2


async def test_what_was_undone_is_not_sent_now(alone: Stage) -> None:
    message_id = await begun(alone)
    async with alone.running.database.transaction(alone.church_id) as session:
        await cancellation.cancel(session, alone.church_id, message_id)
    await ends(alone, message_id)
    await alone.work()
    assert alone.network.ledger.calls.total() == 0


async def test_quiet_hours_are_not_what_it_is_said_to_wait_for(alone: Stage) -> None:
    message_id = await begun(alone)
    async with alone.running.database.transaction(alone.church_id) as session:
        assert await quiet_gate.held(session, message_id) == (0, None)


@pytest.mark.parametrize("seconds", [-1, 31])
async def test_half_a_minute_is_the_most(stage: Stage, seconds: int) -> None:
    with pytest.raises(ValidationError, match="undoSeconds"):
        await stage.send(undoSeconds=seconds)
