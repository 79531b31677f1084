"""P1 and P7 when a message is cancelled: nothing more goes out, and every text is accounted for."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
import stamina

from koinonia.common.events.billing import SpendDeclined
from koinonia.common.events.messaging import DeliveryStatus, MessageCancelled, MessageCompleted
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.broadcasts.controls import cancellation, pauses
from koinonia.messaging.broadcasts.sending import dispatch
from koinonia.messaging.errors import NoSuchMessage, NothingToCancel
from koinonia.messaging.messages import batches

from .lost_workers import claimed_by_a_worker_that_dies, leases_run_out
from .reporting import accepted, claimed, noted, report
from .stage import Stage


async def cancel(stage: Stage, message_id: UUID) -> None:
    async with stage.running.database.transaction(stage.church_id) as session:
        await cancellation.cancel(session, stage.church_id, message_id)


@contextmanager
def stamina_of_one_try() -> Iterator[None]:
    """The tries within a claim are the library's business, and its pauses cost time."""
    stamina.set_testing(True)
    yield
    stamina.set_testing(False)


async def left(stage: Stage) -> int:
    return len(await stage.query("SELECT number FROM dispatch_batches"))


async def test_a_message_that_waits_for_approval_is_never_sent(stage: Stage) -> None:
    await stage.members(3)
    sent = await stage.send()

    await cancel(stage, sent.id)
    await stage.approve(sent.id)
    await stage.work()

    assert (await stage.message(sent.id)).status == "cancelled"
    assert await stage.counted(sent.id) == {"skipped": 3}
    assert (stage.network.ledger.calls.total(), await left(stage)) == (0, 0)


async def test_it_is_told_once_however_often_it_is_asked_for(stage: Stage) -> None:
    await stage.members(3)
    message_id = await stage.started()

    await asyncio.gather(*(cancel(stage, message_id) for _ in range(3)))
    await cancel(stage, message_id)

    assert len(await stage.told(MessageCancelled)) == 1
    assert len(await stage.told(MessageCompleted)) == 1
    assert (await stage.texts(message_id))[0].failure == "cancelled"


async def test_nobody_waits_until_all_of_a_large_message_is_closed(
    alone: Stage, small_batches: None
) -> None:
    await alone.members(250)
    message_id = await alone.started()
    await cancel(alone, message_id)
    assert await alone.counted(message_id) == {"skipped": 200, "pending": 50}

    await dispatch.recover(alone.running)
    await alone.work()

    assert await alone.counted(message_id) == {"skipped": 250}
    assert (await alone.message(message_id)).status == "cancelled"
    assert len(await alone.told(MessageCompleted)) == 1
    assert (alone.network.ledger.calls.total(), await left(alone)) == (0, 0)


async def test_a_large_message_that_is_declined_is_closed_batch_by_batch(
    alone: Stage, small_batches: None
) -> None:
    await alone.members(250)
    sent = await alone.send()
    refusal = SpendDeclined(
        church_id=alone.church_id, message_id=sent.id, code="ALLOWANCE_EXCEEDED", reason="Too much."
    )
    await alone.hear(refusal)
    assert await alone.counted(sent.id) == {"skipped": 200, "pending": 50}

    await dispatch.recover(alone.running)
    await alone.work()

    assert (await alone.message(sent.id)).status == "declined"
    assert await alone.counted(sent.id) == {"skipped": 250}
    assert {text.failure for text in await alone.texts(sent.id)} == {"declined"}


async def test_texts_in_a_workers_hands_go_out_and_are_noted(
    stage: Stage, small_batches: None
) -> None:
    await stage.members(25)
    message_id = await stage.started()
    batch, texts = await claimed(stage, message_id)

    await cancel(stage, message_id)
    assert await stage.counted(message_id) == {"sending": 10, "skipped": 15}
    assert await stage.told(MessageCompleted) == []
    await noted(stage, batch, texts)
    await stage.report(*(report(stage, t.recipient_id, DeliveryStatus.DELIVERED) for t in texts))

    assert await stage.counted(message_id) == {"delivered": 10, "skipped": 15}
    assert (await stage.message(message_id)).status == "cancelled"
    assert len(await stage.told(MessageCompleted)) == 1
    assert await left(stage) == 0


async def test_a_text_that_waits_for_another_try_is_skipped(stage: Stage) -> None:
    await stage.members(4)
    stage.network.behaviour.turn({"throttle_share": 1.0})
    message_id = await stage.started()
    await stage.work()

    await cancel(stage, message_id)

    assert await stage.counted(message_id) == {"skipped": 4}
    assert await left(stage) == 0


async def test_a_text_of_which_nobody_knows_whether_it_left_is_not_sent_again(
    stage: Stage,
) -> None:
    await stage.members(2)
    message_id = await stage.started()
    await claimed_by_a_worker_that_dies(stage, message_id)

    await cancel(stage, message_id)
    assert await stage.counted(message_id) == {"sending": 2}
    await leases_run_out(stage)
    await dispatch.recover(stage.running)
    await stage.work()

    assert await stage.counted(message_id) == {"unconfirmed": 2}
    assert (stage.network.ledger.calls.total(), await left(stage)) == (0, 0)


async def test_a_text_that_may_have_left_before_it_was_refused_for_now_is_not_called_skipped(
    stage: Stage,
) -> None:
    await stage.members(1)
    stage.network.behaviour.turn({"lost_answer_share": 1.0})
    message_id = await stage.started()
    with stamina_of_one_try():
        await stage.work()
        stage.network.answers.clear()  # as if the limit stood before the memory of calls
        stage.network.behaviour.turn({"lost_answer_share": 0.0, "throttle_share": 1.0})
        await leases_run_out(stage)
        await dispatch.recover(stage.running)
        await stage.work()

    await cancel(stage, message_id)
    await leases_run_out(stage)
    await dispatch.recover(stage.running)
    await stage.work()

    assert await stage.counted(message_id) == {"unconfirmed": 1}
    await stage.arrivals()
    assert await stage.counted(message_id) == {"delivered": 1}


async def test_a_paused_message_is_cancelled(stage: Stage) -> None:
    await stage.members(2)
    message_id = await stage.started()
    async with stage.running.database.transaction(stage.church_id) as session:
        await pauses.pause(session, message_id)

    await cancel(stage, message_id)

    assert await stage.counted(message_id) == {"skipped": 2}


async def test_what_is_sent_already_cannot_be_cancelled(stage: Stage) -> None:
    message_id, _ = await accepted(stage, 2)

    with pytest.raises(NothingToCancel):
        await cancel(stage, message_id)

    assert (await stage.message(message_id)).status == "sending"


async def test_another_church_cannot_cancel_it(stage: Stage) -> None:
    await stage.members(1)
    message_id = await stage.started()
    stranger = Stage(stage.running, UUID(int=1), stage.network, stage.sink)

    with pytest.raises(NoSuchMessage):
        await cancel(stranger, message_id)

    assert await stage.counted(message_id) == {"pending": 1}


@pytest.mark.parametrize("moment", range(6))
async def test_cancelling_while_workers_send_leaves_no_text_unaccounted(
    stage: Stage, small_batches: None, moment: int
) -> None:
    stage.network.behaviour.turn({"send_latency": 0.02, "throttle_share": 0.1})
    await stage.members(8 * batches.SIZE)
    message_id = await stage.started()

    async def cancel_in_a_moment() -> None:
        await eventually(lambda: stage.network.ledger.calls.total() >= moment * 12)
        await cancel(stage, message_id)

    await asyncio.gather(send_all(stage), cancel_in_a_moment())
    await leases_run_out(stage)
    await dispatch.recover(stage.running)
    await stage.work()
    await stage.arrivals()

    counted = await stage.counted(message_id)
    received = [len(phone.receipts) for phone in stage.network.ledger.phones.values()]
    assert set(counted) <= {"delivered", "skipped"}
    assert sum(received) == counted.get("delivered", 0)
    assert max(received, default=1) == 1
    assert len(await stage.told(MessageCompleted)) == 1
    assert await left(stage) == 0


async def send_all(stage: Stage) -> None:
    """Two workers each hear every batch."""
    while released := await stage.released():
        await asyncio.gather(*(dispatch.send(stage.running, e) for e in released * 2))  # type: ignore[arg-type]
