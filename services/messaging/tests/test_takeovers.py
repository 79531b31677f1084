"""P1 when a worker dies or only seems to: another takes over soon, and nobody is texted twice."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from koinonia.common.events.messaging import BatchReleased
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.broadcasts.sending import dispatch
from koinonia.messaging.messages import batches

from .lost_workers import (
    claimed_by_a_worker_that_dies,
    leases_run_out,
    silence_lasts,
    silent,
)
from .stage import Stage


async def released(stage: Stage) -> tuple[UUID, BatchReleased]:
    message_id = await stage.started()
    [event] = await stage.released()
    assert isinstance(event, BatchReleased)
    return message_id, event


async def take_over(stage: Stage) -> None:
    await silence_lasts(stage)
    await dispatch.recover(stage.running)


def received(stage: Stage) -> list[int]:
    """How many texts each phone that got any got."""
    phones = stage.network.ledger.phones.values()
    return [len(each.receipts) for each in phones if each.receipts]


async def test_the_batch_of_a_dead_worker_waits_for_no_lease(stage: Stage) -> None:
    await stage.members(3)
    message_id, _ = await released(stage)
    await claimed_by_a_worker_that_dies(stage, message_id)
    await dispatch.recover(stage.running)
    assert await stage.work() == 0

    await take_over(stage)

    assert await stage.work() == 1
    assert stage.network.ledger.calls == {"accepted": 3}
    assert {text.attempt for text in await stage.texts(message_id)} == {2}


async def test_what_a_dead_worker_may_have_sent_is_not_repeated_where_it_would_arrive_twice(
    twilio: Stage,
) -> None:
    await twilio.members(2)
    message_id, _ = await released(twilio)
    await claimed_by_a_worker_that_dies(twilio, message_id)

    await take_over(twilio)
    await twilio.work()

    assert twilio.network.ledger.calls.total() == 0
    assert await twilio.counted(message_id) == {"unconfirmed": 2}


async def test_a_batch_that_waits_for_its_next_try_is_in_nobody_s_hands(stage: Stage) -> None:
    await stage.members(1)
    stage.network.behaviour.turn({"error_share": 1.0})
    _, event = await released(stage)
    await dispatch.send(await silent(stage, seconds=5), event)

    await take_over(stage)

    assert await stage.work() == 0


async def test_a_worker_that_was_stopped_makes_no_call_when_it_goes_on(stage: Stage) -> None:
    """It claimed, and counted as dead before the first call."""
    await stage.members(3)
    message_id, event = await released(stage)

    await dispatch.send(await silent(stage, seconds=0.0), event)

    assert stage.network.ledger.calls.total() == 0
    assert {text.claimed_by for text in await stage.texts(message_id)} == {None}
    await stage.run("UPDATE dispatch_batches SET due_at = now() - interval '1 second'")
    await dispatch.recover(stage.running)
    await stage.work()
    assert stage.network.ledger.calls == {"accepted": 3}


async def test_calls_under_way_are_given_up_at_the_end_of_the_hold(stage: Stage) -> None:
    await stage.members(2)
    message_id, event = await released(stage)
    stage.network.behaviour.turn({"send_latency": 5.0})

    await asyncio.wait_for(dispatch.send(await silent(stage, seconds=0.2), event), timeout=2)

    stage.network.behaviour.turn({"send_latency": 0.0})
    assert {text.status for text in await stage.texts(message_id)} == {"sending"}
    await leases_run_out(stage)
    await dispatch.recover(stage.running)
    await stage.work()
    await stage.arrivals()
    assert received(stage) == [1, 1]
    assert await stage.counted(message_id) == {"delivered": 2}


async def test_they_are_unconfirmed_where_a_repeated_call_is_another_text(twilio: Stage) -> None:
    await twilio.members(2)
    message_id, event = await released(twilio)
    twilio.network.behaviour.turn({"send_latency": 5.0})

    await asyncio.wait_for(dispatch.send(await silent(twilio, seconds=0.2), event), timeout=2)

    assert await twilio.counted(message_id) == {"unconfirmed": 2}


async def test_what_the_carrier_took_counts_whoever_has_the_batch_by_now(stage: Stage) -> None:
    """Stopped in the middle of its calls, while another one takes over and ends the message."""
    await stage.members(3)
    message_id, event = await released(stage)
    stage.network.behaviour.turn({"send_latency": 0.3})
    slow = asyncio.create_task(dispatch.send(await silent(stage, seconds=9), event))
    await eventually(lambda: _is_claimed(stage, message_id))

    await take_over(stage)
    await stage.work()
    await slow

    assert received(stage) == [1, 1, 1]
    await stage.arrivals()
    assert await stage.counted(message_id) == {"delivered": 3}


async def _is_claimed(stage: Stage, message_id: UUID) -> bool:
    return {text.status for text in await stage.texts(message_id)} == {"sending"}


@pytest.mark.parametrize("seed", range(6))
async def test_however_workers_die_everybody_is_texted_once(
    stage: Stage, small_batches: None, seed: int
) -> None:
    texts = await _played(stage, random.Random(seed))

    assert {text.status for text in texts} == {"delivered"}
    assert received(stage) == [1] * len(texts)


@pytest.mark.parametrize("seed", range(6))
async def test_however_workers_die_nobody_is_texted_twice_where_calls_cannot_be_repeated(
    twilio: Stage, small_batches: None, seed: int
) -> None:
    texts = await _played(twilio, random.Random(seed))

    accepted = [text for text in texts if text.carrier_message_id]
    assert set(received(twilio)) <= {1}
    assert len(received(twilio)) >= len(accepted)
    assert sum(text.status == "unconfirmed" for text in texts) == len(texts) - len(accepted)


async def _played(stage: Stage, chance: random.Random) -> Sequence[Any]:
    """The texts of a message whose workers die, fall silent and lose answers."""
    await stage.members(2 * batches.SIZE + 1)
    message_id = await stage.started()
    for _ in range(4):
        stage.network.behaviour.turn(
            {
                "send_latency": chance.choice([0.0, 0.05]),
                "lost_answer_share": chance.choice([0.0, 0.4]),
            }
        )
        for event in await stage.released():
            mortal = await silent(stage, seconds=chance.uniform(0.0, 0.15))
            with contextlib.suppress(TimeoutError):  # it is killed then, whatever it does
                async with asyncio.timeout(chance.uniform(0.03, 0.3)):
                    await dispatch.send(mortal, event)  # type: ignore[arg-type]
        if chance.random() < 0.3:
            await leases_run_out(stage)
        await take_over(stage)
    stage.network.behaviour.turn({"send_latency": 0.0, "lost_answer_share": 0.0})
    await _until_nothing_is_left(stage, message_id)
    return await stage.texts(message_id)


async def _until_nothing_is_left(stage: Stage, message_id: UUID) -> None:
    while await stage.query("SELECT 1 FROM dispatch_batches"):
        await leases_run_out(stage)
        await dispatch.recover(stage.running)
        await stage.work()
    await stage.arrivals()
    await stage.counted(message_id)
