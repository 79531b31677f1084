"""P1 and P4: one text per phone, whoever dies or repeats, and none after a STOP."""

import asyncio
from uuid import UUID

from koinonia.common.events.messaging import BatchReleased, DeliveryStatus, DeliveryUpdated
from koinonia.messaging.broadcasts.sending import claims, dispatch
from koinonia.messaging.messages import batches

from .lost_workers import claimed_by_a_worker_that_dies, leases_run_out
from .stage import Stage


def first_batch(stage: Stage, message_id: UUID) -> BatchReleased:
    return BatchReleased(church_id=stage.church_id, message_id=message_id, batch=0)


async def calls(stage: Stage) -> dict[str, int]:
    return dict(stage.network.ledger.summary()["calls"])


async def test_two_workers_send_a_batch_once(stage: Stage) -> None:
    await stage.members(10)
    message_id = await stage.started()
    event = first_batch(stage, message_id)

    await asyncio.gather(*(dispatch.send(stage.running, event) for _ in range(3)))

    assert await calls(stage) == {"accepted": 10}


async def test_a_batch_told_of_again_is_not_sent_again(stage: Stage) -> None:
    await stage.members(3)
    message_id = await stage.started()
    await stage.work()

    await stage.hear(first_batch(stage, message_id))

    assert await calls(stage) == {"accepted": 3}


async def test_a_batch_told_of_again_releases_nothing_more(
    stage: Stage, small_batches: None
) -> None:
    await stage.members((batches.WINDOW + 3) * batches.SIZE)
    message_id = await stage.started()
    event = first_batch(stage, message_id)
    await stage.released()

    await stage.hear(event, event, first_batch(stage, message_id))

    assert len(await stage.released()) == 1


async def test_only_a_window_of_batches_is_in_flight(stage: Stage, small_batches: None) -> None:
    await stage.members((batches.WINDOW + 3) * batches.SIZE)
    message_id = await stage.started()

    released = await stage.released()
    assert len(released) == batches.WINDOW
    await stage.hear(*released[:2])
    assert len(await stage.released()) == 2
    await stage.approve(message_id)  # told again
    assert await stage.released() == []


async def test_who_says_stop_after_the_message_was_made_is_skipped(stage: Stage) -> None:
    await stage.members(2)
    gone = await stage.member()
    message_id = await stage.started()
    await stage.opt_out(gone.phone)

    await stage.work()

    assert await calls(stage) == {"accepted": 2}
    [skipped] = [t for t in await stage.texts(message_id) if t.status == DeliveryStatus.SKIPPED]
    assert (skipped.member_id, skipped.failure) == (gone.id, "opted_out")


async def test_a_message_to_one_who_said_stop_meanwhile_is_completed(stage: Stage) -> None:
    gone = await stage.member()
    message_id = await stage.started()
    await stage.opt_out(gone.phone)

    await stage.work()

    assert (await stage.message(message_id)).status == "completed"
    assert await stage.query("SELECT number FROM dispatch_batches") == []


async def test_a_worker_that_dies_after_its_claim_is_followed_by_another(stage: Stage) -> None:
    await stage.members(3)
    message_id = await stage.started()
    await stage.released()
    await claimed_by_a_worker_that_dies(stage, message_id)
    await leases_run_out(stage)

    await dispatch.recover(stage.running)
    await stage.work()

    assert await calls(stage) == {"accepted": 3}
    assert {text.attempt for text in await stage.texts(message_id)} == {2}


async def test_nobody_takes_over_while_the_lease_runs(stage: Stage) -> None:
    await stage.members(3)
    message_id = await stage.started()
    await claimed_by_a_worker_that_dies(stage, message_id)

    await dispatch.recover(stage.running)
    await stage.work()

    assert await calls(stage) == {}


async def test_a_worker_that_dies_after_its_calls_is_followed_by_identical_ones(
    stage: Stage,
) -> None:
    await stage.members(3)
    message_id = await stage.started()
    await stage.work()
    await stage.arrivals()
    # As if neither the note nor a report had reached us.
    await stage.run(
        """
        UPDATE message_recipients SET status = 'sending', carrier_message_id = NULL, parts = NULL,
               parts_billed = 0, cost = NULL, claimed_by = 'gone', lease_until = now(),
               settled_at = NULL
        """
    )
    await stage.run(
        """
        UPDATE messages SET status = 'sending', sending_count = 3, delivered_count = 0,
               parts_billed = 0, cost = 0
        """
    )
    await stage.run(
        """
        INSERT INTO dispatch_batches (message_id, number, church_id, lane, state, due_at)
        VALUES (:id, 0, :church, 'broadcast', 'claimed', now())
        """,
        id=message_id,
        church=stage.church_id,
    )

    await dispatch.recover(stage.running)
    await stage.work()

    assert await calls(stage) == {"accepted": 3, "replayed": 3}
    assert stage.network.ledger.summary()["received"] == 3


async def test_a_carrier_that_cannot_repeat_leaves_the_text_unconfirmed(stage: Stage) -> None:
    await stage.members(2)
    message_id = await stage.started()
    await claimed_by_a_worker_that_dies(stage, message_id)
    await leases_run_out(stage)
    await dispatch.recover(stage.running)

    worker = stage.running.worker.id
    async with stage.running.database.transaction(stage.church_id) as session:
        batch = await batches.claim(session, message_id, 0, worker)
        assert batch is not None
        assert await claims.take(session, batch, worker, is_repeatable=False) == []

    assert await stage.counted(message_id) == {"unconfirmed": 2}


async def test_a_call_is_not_repeated_when_the_carrier_may_have_forgotten_it(
    stage: Stage,
) -> None:
    await stage.members(1)
    message_id = await stage.started()
    await claimed_by_a_worker_that_dies(stage, message_id)
    await leases_run_out(stage)
    await stage.run("UPDATE message_recipients SET called_at = now() - interval '21 hours'")

    await dispatch.recover(stage.running)
    await stage.work()

    assert await calls(stage) == {}
    assert await stage.counted(message_id) == {"unconfirmed": 1}


async def test_a_stop_does_not_hide_that_a_text_may_have_gone_out(stage: Stage) -> None:
    gone = await stage.member()
    message_id = await stage.started()
    await claimed_by_a_worker_that_dies(stage, message_id)
    await leases_run_out(stage)
    await stage.opt_out(gone.phone)

    await dispatch.recover(stage.running)
    await stage.work()

    assert await calls(stage) == {}
    assert await stage.counted(message_id) == {"unconfirmed": 1}


async def test_a_released_batch_whose_event_was_lost_is_released_again(stage: Stage) -> None:
    await stage.members(1)
    await stage.started()
    assert len(await stage.released()) == 1
    await stage.run("UPDATE dispatch_batches SET due_at = now() - interval '1 second'")

    await dispatch.recover(stage.running)

    assert len(await stage.released()) == 1


async def test_recovery_leaves_what_is_not_due(stage: Stage) -> None:
    await stage.members(1)
    await stage.started()
    await stage.released()

    await dispatch.recover(stage.running)

    assert await stage.released() == []


async def test_the_claim_is_told_and_then_what_the_carrier_charges(stage: Stage) -> None:
    await stage.members(2)
    await stage.started()
    await stage.work()

    claimed, noted = await stage.told(DeliveryUpdated)

    assert {change.status for change in claimed.changes} == {DeliveryStatus.SENDING}
    assert (claimed.parts, noted.changes, noted.parts) == (0, [], 2)
