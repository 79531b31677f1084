"""Nothing of a message stays open for ever, whatever got lost."""

from datetime import timedelta
from uuid import UUID

import pytest

from koinonia.carriers.failures import Failure
from koinonia.common import clock
from koinonia.common.events.messaging import DeliveryStatus, MessageCompleted, MessageCreated
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.broadcasts.controls import cancellation, pauses
from koinonia.messaging.broadcasts.reconciliation import message_sweep, overdue_reports
from koinonia.messaging.messages import open_messages

from .reporting import accepted, report
from .stage import Stage


async def sweep(stage: Stage, **later: float) -> None:
    """A turn of the sweeper, so much later than now."""
    with clock.shift(timedelta(**later)):
        await message_sweep.sweep(stage.running)


async def sent(stage: Stage, count: int) -> UUID:
    """A message that reached its phones, while every report about it got lost."""
    await stage.members(count)
    message_id = await stage.started()
    await stage.work()
    await eventually(lambda: stage.network.pending == 0)
    stage.sink.take()
    return message_id


async def on_its_way(stage: Stage, count: int) -> UUID:
    """A message that the carrier took and keeps."""
    stage.network.behaviour.turn({"sent_after": 3600.0})
    await stage.members(count)
    message_id = await stage.started()
    await stage.work()
    return message_id


async def watched(stage: Stage) -> set[UUID]:
    rows = await stage.query(
        "SELECT message_id FROM open_messages WHERE church_id = :id", id=stage.church_id
    )
    return {row.message_id for row in rows}


async def test_texts_whose_reports_got_lost_are_asked_about(stage: Stage) -> None:
    message_id = await sent(stage, 5)
    assert await stage.counted(message_id) == {"sending": 5}

    await sweep(stage, minutes=14)
    assert await stage.counted(message_id) == {"sending": 5}
    await sweep(stage, minutes=30)

    assert await stage.counted(message_id) == {"delivered": 5}
    assert (await stage.message(message_id)).status == "completed"
    assert len(await stage.told(MessageCompleted)) == 1
    assert await watched(stage) == set()


async def test_a_text_the_carrier_says_nothing_final_of_is_asked_about_less_and_less(
    stage: Stage,
) -> None:
    message_id = await on_its_way(stage, 1)
    pauses = []

    for minutes in (16, 40, 120):
        await sweep(stage, minutes=minutes)
        [text] = await stage.texts(message_id)
        pauses.append((text.look_at - clock.now()).total_seconds() / 60 - minutes)

    assert pauses == pytest.approx([16, 40, 120], abs=1)
    assert text.status == "sending"


async def test_what_is_never_reported_ends_unconfirmed_and_a_late_report_still_counts(
    stage: Stage,
) -> None:
    message_id = await on_its_way(stage, 2)
    texts = await stage.texts(message_id)

    await sweep(stage, hours=71)
    assert await stage.counted(message_id) == {"sending": 2}
    await sweep(stage, hours=80)
    assert await stage.counted(message_id) == {"unconfirmed": 2}
    assert (await stage.texts(message_id))[0].failure == "no_report"

    late = report(stage, texts[0].id, DeliveryStatus.DELIVERED)
    id_there = texts[0].carrier_message_id
    await stage.report(late.model_copy(update={"carrier_message_id": id_there}))
    assert await stage.counted(message_id) == {"delivered": 1, "unconfirmed": 1}


async def test_a_text_the_carrier_does_not_know_ends_unconfirmed(stage: Stage) -> None:
    message_id, _ = await accepted(stage, 2)

    await sweep(stage, hours=80)

    assert await stage.counted(message_id) == {"unconfirmed": 2}


async def test_one_look_asks_about_a_bounded_number_and_the_next_one_follows_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overdue_reports, "AT_ONCE", 4)
    monkeypatch.setattr(message_sweep, "AT_ONCE", 1)
    message_id = await sent(stage, 10)

    for left in ({"delivered": 4, "sending": 6}, {"delivered": 8, "sending": 2}):
        await sweep(stage, minutes=30)
        assert await stage.counted(message_id) == left
    await sweep(stage, minutes=30)

    assert await stage.counted(message_id) == {"delivered": 10}


async def test_a_message_that_billing_never_answered_is_announced_again_as_the_same_event(
    stage: Stage,
) -> None:
    await stage.members(1)
    sent = await stage.send()
    [first] = await stage.told(MessageCreated)
    await stage.run("DELETE FROM outbox WHERE church_id = :id", id=stage.church_id)

    await sweep(stage, minutes=6)

    [again] = await stage.told(MessageCreated)
    assert (again.id, again.message_id, again.parts) == (first.id, sent.id, first.parts)
    assert abs(again.occurred_at - first.occurred_at) < timedelta(seconds=1)


async def test_batches_that_are_missing_are_cut_again(stage: Stage, small_batches: None) -> None:
    await stage.members(25)
    message_id = await stage.started()
    await stage.released()
    await stage.run("DELETE FROM dispatch_batches WHERE number <> 1")

    await sweep(stage, minutes=6)
    await stage.work()

    assert stage.network.ledger.calls == {"accepted": 15}  # of 0 and 2; 1 comes by recovery
    numbers = await stage.query("SELECT number FROM dispatch_batches")
    assert [row.number for row in numbers] == [1]
    assert (await stage.message(message_id)).status == "sending"


async def test_waiting_batches_that_nobody_released_are_released(stage: Stage) -> None:
    await stage.members(3)
    await stage.started()
    await stage.released()
    await stage.run("UPDATE dispatch_batches SET state = 'waiting', due_at = NULL")

    await sweep(stage, minutes=6)
    await stage.work()

    assert stage.network.ledger.calls == {"accepted": 3}


async def test_a_paused_message_is_left_alone(stage: Stage) -> None:
    await stage.members(3)
    message_id = await stage.started()
    async with stage.running.database.transaction(stage.church_id) as session:
        await pauses.pause(session, message_id)

    await sweep(stage, hours=80)
    await stage.work()

    assert await stage.counted(message_id) == {"pending": 3}
    assert await watched(stage) == {message_id}


async def test_a_message_that_is_over_is_looked_at_no_more(stage: Stage) -> None:
    await stage.members(1)
    message_id = await stage.started()
    assert await watched(stage) == {message_id}

    async with stage.running.database.transaction(stage.church_id) as session:
        await cancellation.cancel(session, stage.church_id, message_id)

    assert await watched(stage) == set()


async def test_two_sweepers_never_look_at_the_same_message(stage: Stage) -> None:
    await stage.members(1)
    first, second = await stage.started(), await stage.started()
    database = stage.running.database

    with clock.shift(timedelta(minutes=6)):
        async with database.transaction() as one, database.transaction() as other:
            claimed = [await open_messages.claim(session) for session in (one, other, one)]

    assert [each and each.message_id for each in claimed] == [first, second, None]


@pytest.mark.parametrize(
    ("kind", "code", "hours", "status"),
    [
        ("reply", Failure.SPEND_LIMIT, 2, "sending"),
        ("reply", Failure.SPEND_LIMIT, 25, "paused"),
        ("reply", pauses.STAFF, 2, "paused"),
        ("broadcast", Failure.SPEND_LIMIT, 2, "paused"),
    ],
)
async def test_an_answer_that_the_carrier_would_not_take_is_tried_again_for_a_day(
    stage: Stage, kind: str, code: str, hours: float, status: str
) -> None:
    await stage.members(1)
    message_id = await stage.started()
    await stage.run(
        "UPDATE messages SET status = 'paused', kind = :kind, pause_code = :code",
        kind=kind,
        code=code,
    )

    await sweep(stage, hours=hours)

    assert (await stage.message(message_id)).status == status
