"""What follows when the carrier does not take a text."""

from collections.abc import Iterator
from typing import Any

import pytest
import stamina

from koinonia.common.events.messaging import DeliveryStatus, MemberOptedOut
from koinonia.messaging.broadcasts.sending import dispatch
from koinonia.messaging.messages import batches

from .stage import Stage


@pytest.fixture(autouse=True)
def one_try_per_claim() -> Iterator[None]:
    """The tries within a claim are the library's business, and its pauses cost time."""
    stamina.set_testing(True)
    yield
    stamina.set_testing(False)


async def one_text(stage: Stage, message_id: Any) -> Any:
    [text] = await stage.texts(message_id)
    return text


async def time_passes(stage: Stage) -> None:
    """Every pause and lease is over; recovery looks, and the worker works."""
    await stage.run("UPDATE dispatch_batches SET due_at = now() - interval '1 second'")
    await stage.run(
        """
        UPDATE message_recipients SET lease_until = now() - interval '1 second'
         WHERE lease_until IS NOT NULL
        """
    )
    await dispatch.recover(stage.running)
    await stage.work()


async def test_a_stop_the_carrier_knows_of_skips_the_text_and_is_remembered(stage: Stage) -> None:
    gone = await stage.member()
    [number] = await stage.query("SELECT carrier_profile_id AS profile FROM carrier_profiles")
    stage.network.blocks.add((number.profile, gone.phone))
    message_id = await stage.started()

    await stage.work()

    text = await one_text(stage, message_id)
    assert (text.status, text.failure, text.failure_code) == ("skipped", "opted_out", "40300")
    [told] = await stage.told(MemberOptedOut)
    assert (told.phone_index, told.source) == (gone.phone_index, "carrier")
    assert (await stage.message(message_id)).status == "completed"


async def test_a_carrier_in_trouble_is_called_again_later(stage: Stage) -> None:
    await stage.members(2)
    stage.network.behaviour.turn({"error_share": 1.0})
    message_id = await stage.started()
    await stage.work()
    assert await stage.counted(message_id) == {"sending": 2}

    stage.network.behaviour.turn({"error_share": 0.0})
    await time_passes(stage)
    await stage.arrivals()

    assert await stage.counted(message_id) == {"delivered": 2}
    assert stage.network.ledger.summary()["received"] == 2


async def test_an_answer_that_got_lost_is_asked_for_again_and_sends_nothing_twice(
    stage: Stage,
) -> None:
    await stage.members(3)
    stage.network.behaviour.turn({"lost_answer_share": 1.0})
    message_id = await stage.started()

    await stage.work()
    await time_passes(stage)
    await stage.arrivals()

    assert stage.network.ledger.summary()["received"] == 3
    assert await stage.counted(message_id) == {"delivered": 3}


async def test_a_carrier_that_asks_us_to_slow_down_is_obeyed(stage: Stage) -> None:
    await stage.members(2)
    stage.network.behaviour.turn({"throttle_share": 1.0})
    message_id = await stage.started()

    await stage.work()

    assert await stage.counted(message_id) == {"sending": 2}
    [batch] = await stage.query("SELECT state, due_at > now() AS waits FROM dispatch_batches")
    assert (batch.state, batch.waits) == ("claimed", True)


async def test_a_carrier_in_trouble_holds_up_the_batches_behind(
    stage: Stage, small_batches: None
) -> None:
    await stage.members((batches.WINDOW + 1) * batches.SIZE)
    stage.network.behaviour.turn({"error_share": 1.0})
    await stage.started()

    await stage.work()

    waiting = await stage.query("SELECT number FROM dispatch_batches WHERE state = 'waiting'")
    assert [row.number for row in waiting] == [batches.WINDOW]


async def test_texts_that_must_wait_do_not_hold_up_the_batches_behind(
    stage: Stage, small_batches: None
) -> None:
    await stage.members(3 * batches.WINDOW * batches.SIZE)
    stage.network.behaviour.turn({"error_share": 0.2})
    message_id = await stage.started()

    assert await stage.work() == 3 * batches.WINDOW

    deferred = await stage.query("SELECT state FROM dispatch_batches")
    assert {row.state for row in deferred} == {"deferred"}
    assert (await stage.message(message_id)).status == "sending"


async def test_texts_that_are_tried_again_wait_for_the_window_of_their_message(
    stage: Stage, small_batches: None
) -> None:
    await stage.members(3 * batches.WINDOW * batches.SIZE)
    stage.network.behaviour.turn({"error_share": 0.2})
    await stage.started()
    await stage.work()
    await stage.run("UPDATE dispatch_batches SET due_at = now() - interval '1 second'")

    await dispatch.recover(stage.running)
    await dispatch.recover(stage.running)

    assert len(await stage.released()) == batches.WINDOW


async def test_a_number_that_does_not_exist_fails_alone(stage: Stage) -> None:
    await stage.members(2)
    message_id = await stage.started()
    await stage.run(
        """
        UPDATE message_recipients SET phone_sealed = :sealed
         WHERE id = (SELECT id FROM message_recipients LIMIT 1)
        """,
        sealed=stage.running.phones.seal("+10"),
    )

    await stage.work()

    counted = await stage.counted(message_id)
    assert counted == {"failed": 1, "sending": 1}
    [failed] = [t for t in await stage.texts(message_id) if t.status == DeliveryStatus.FAILED]
    assert (failed.failure, failed.failure_code) == ("invalid_number", "10016")


async def test_a_sender_the_carrier_refuses_pauses_the_message(stage: Stage) -> None:
    await stage.members(3)
    stage.network.behaviour.turn({"strict_senders": True})
    message_id = await stage.started()

    await stage.work()

    message = await stage.message(message_id)
    assert (message.status, message.pause_code) == ("paused", "misconfigured")
    assert message.pause_reason
    assert await stage.counted(message_id) == {"sending": 3}


async def test_recovery_neither_loses_nor_sends_a_paused_message(stage: Stage) -> None:
    await stage.members(3)
    stage.network.behaviour.turn({"strict_senders": True})
    message_id = await stage.started()
    await stage.work()
    calls = stage.network.ledger.calls.total()

    await time_passes(stage)

    assert stage.network.ledger.calls.total() == calls
    [batch] = await stage.query("SELECT message_id, state FROM dispatch_batches")
    assert (batch.message_id, batch.state) == (message_id, "waiting")


async def test_a_text_of_which_nobody_knows_whether_it_left_ends_unconfirmed(stage: Stage) -> None:
    await stage.members(1)
    stage.network.behaviour.turn({"error_share": 1.0})
    message_id = await stage.started()
    await stage.work()
    await stage.run("UPDATE message_recipients SET attempt = 29")

    await time_passes(stage)

    text = await one_text(stage, message_id)
    assert (text.status, text.attempt) == ("unconfirmed", 30)
    assert (await stage.message(message_id)).status == "completed"
