"""Quiet hours in the claim: what is held, until when, and what goes on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from koinonia.common import clock, db
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.events.messaging import OwnFailure
from koinonia.messaging.broadcasts.controls import cancellation, pauses
from koinonia.messaging.broadcasts.reconciliation import message_sweep
from koinonia.messaging.broadcasts.sending import dispatch, quiet_gate
from koinonia.messaging.broadcasts.views import finish_estimate
from koinonia.messaging.messages import batch_release, batches, queries

from .stage import Stage

NEW_YORK, CHICAGO = "+12025550{:03}", "+13125550{:03}"
HALF_PAST_EIGHT = datetime.fromisoformat("2026-07-15T08:30:00-04:00")  # in New York
EIGHT_IN_CHICAGO = HALF_PAST_EIGHT + timedelta(minutes=30)
EVENING = datetime.fromisoformat("2026-07-15T20:30:00-05:00")  # in Chicago
NIGHT = datetime.fromisoformat("2026-07-15T23:00:00-05:00")
MORNING = datetime.fromisoformat("2026-07-16T08:00:00-05:00")


@pytest.fixture(autouse=True)
def quiet_hours(theatre: Any) -> Iterator[None]:
    """As in production, whatever the hour it is while tests run."""
    usual = theatre.settings
    theatre.settings = usual.model_copy(update={"quiet_hours": "enforced"})
    yield
    theatre.settings = usual


async def people(stage: Stage, count: int, area: str = CHICAGO) -> None:
    for number in range(100, 100 + count):
        await stage.member(area.format(number))


async def held(stage: Stage, message_id: UUID) -> quiet_gate.Held:
    async with stage.running.database.transaction(stage.church_id) as session:
        return await quiet_gate.held(session, message_id)


async def go_on(stage: Stage, at: datetime) -> None:
    """What a worker does at this instant."""
    with clock.freeze(at):
        await dispatch.recover(stage.running)
        await stage.work()


async def test_a_text_waits_until_it_is_eight_where_it_arrives(stage: Stage) -> None:
    await people(stage, 2, NEW_YORK)
    await people(stage, 3, CHICAGO)
    with clock.freeze(HALF_PAST_EIGHT):
        message_id = await stage.started()
        await stage.work()
    assert await stage.counted(message_id) == {"sending": 2, "pending": 3}
    assert await held(stage, message_id) == quiet_gate.Held(3, EIGHT_IN_CHICAGO)

    await go_on(stage, EIGHT_IN_CHICAGO - timedelta(seconds=1))
    assert await stage.counted(message_id) == {"sending": 2, "pending": 3}
    await go_on(stage, EIGHT_IN_CHICAGO)
    assert await stage.counted(message_id) == {"sending": 5}
    assert await held(stage, message_id) == quiet_gate.Held(0, None)


@pytest.mark.usefixtures("small_batches")
async def test_a_long_broadcast_holds_the_rest_when_it_crosses_nine_in_the_evening(
    stage: Stage,
) -> None:
    await people(stage, 80)
    with clock.freeze(EVENING):
        message_id = await stage.started()
        released = await stage.released()
        await stage.hear(*released[:2])
    with clock.freeze(NIGHT):
        await stage.hear(*released[2:])
        await stage.work()
    assert await stage.counted(message_id) == {"sending": 20, "pending": 60}
    assert await held(stage, message_id) == quiet_gate.Held(60, MORNING)

    await go_on(stage, MORNING)
    assert await stage.counted(message_id) == {"sending": 80}


@pytest.mark.usefixtures("small_batches")
async def test_in_the_morning_no_more_batches_are_in_flight_than_by_day(stage: Stage) -> None:
    await people(stage, 80)
    with clock.freeze(NIGHT):
        message_id = await stage.started()
        await stage.work()
    with clock.freeze(MORNING):
        await dispatch.recover(stage.running)
    assert len(await stage.released()) == batches.WINDOW
    assert await held(stage, message_id) == quiet_gate.Held(0, None)


async def test_no_text_is_begun_that_might_arrive_after_nine(stage: Stage) -> None:
    await people(stage, 1)
    nine = EVENING + timedelta(minutes=30)
    with clock.freeze(nine - timedelta(seconds=batches.LEASE_SECONDS)):
        message_id = await stage.started()
        await stage.work()
    assert await held(stage, message_id) == quiet_gate.Held(1, MORNING)


async def test_the_churchs_own_hours_hold_where_it_narrowed_them(stage: Stage) -> None:
    await people(stage, 1)
    await stage.run(
        """
        INSERT INTO texting_rules (church_id, texts_from, texts_until, changed_at)
        VALUES (:church, '10:00', '19:00', now())
        """,
        church=stage.church_id,
    )
    with clock.freeze(EVENING):
        message_id = await stage.started()
        await stage.work()
    assert await held(stage, message_id) == quiet_gate.Held(1, MORNING + timedelta(hours=2))


async def test_their_own_zone_counts_before_that_of_their_number(stage: Stage) -> None:
    member = await stage.member(NEW_YORK.format(100))
    await stage.run("UPDATE members SET timezone = 'America/Chicago' WHERE id = :id", id=member.id)
    with clock.freeze(HALF_PAST_EIGHT):
        message_id = await stage.started()
        await stage.work()
    assert await held(stage, message_id) == quiet_gate.Held(1, EIGHT_IN_CHICAGO)


async def test_a_toll_free_number_is_texted_when_the_church_is_awake(stage: Stage) -> None:
    await stage.member("+18005550100")
    with clock.freeze(HALF_PAST_EIGHT):  # the church is in Chicago
        message_id = await stage.started()
        await stage.work()
    assert await held(stage, message_id) == quiet_gate.Held(1, EIGHT_IN_CHICAGO)


async def test_a_reply_is_sent_at_night(stage: Stage) -> None:
    member = await stage.member(CHICAGO.format(100))
    sender = (await stage.query("SELECT phone_number FROM phone_numbers"))[0].phone_number
    reply = ReplyRequested(
        church_id=stage.church_id,
        reply_id=db.uuid7(),
        conversation_id=db.uuid7(),
        sealed_phone=member.phone_sealed,
        sender=sender,
        text="We are here",
        media_urls=[],
        admin_id=db.uuid7(),
    )
    with clock.freeze(NIGHT):
        await stage.hear(reply)
        await stage.approve(reply.reply_id)
        await stage.work()
    assert await stage.counted(reply.reply_id) == {"sending": 1}


async def test_an_emergency_is_sent_at_night(stage: Stage) -> None:
    await people(stage, 1)
    with clock.freeze(NIGHT):
        message_id = (await stage.send()).id
        await stage.run(
            "UPDATE messages SET ignores_quiet_hours = true WHERE id = :id", id=message_id
        )
        await stage.approve(message_id)
        await stage.work()
    assert await stage.counted(message_id) == {"sending": 1}


async def test_a_text_that_could_leave_only_too_late_is_skipped_at_once(stage: Stage) -> None:
    await people(stage, 1, NEW_YORK)
    await people(stage, 1, CHICAGO)
    with clock.freeze(HALF_PAST_EIGHT):
        message_id = await until(stage, HALF_PAST_EIGHT + timedelta(minutes=15))
        await stage.work()
    assert await stage.counted(message_id) == {"sending": 1, "skipped": 1}
    assert {text.failure for text in await stage.texts(message_id)} == {
        None,
        OwnFailure.TOO_LATE,
    }


async def test_a_pause_that_lasts_too_long_skips_the_rest(stage: Stage) -> None:
    await people(stage, 2)
    with clock.freeze(EVENING):
        message_id = await until(stage, EVENING + timedelta(minutes=5))
        async with stage.running.database.transaction(stage.church_id) as session:
            await pauses.pause(session, message_id)
        await stage.work()
    with clock.freeze(EVENING + timedelta(minutes=6)):
        async with stage.running.database.transaction(stage.church_id) as session:
            await pauses.resume(session, stage.church_id, message_id)
        await stage.work()
    assert await stage.counted(message_id) == {"skipped": 2}
    assert (await stage.message(message_id)).status == "completed"


async def test_what_is_paused_for_too_long_is_not_left_open(stage: Stage) -> None:
    await people(stage, 2)
    with clock.freeze(EVENING):
        message_id = await until(stage, EVENING + timedelta(minutes=5))
        async with stage.running.database.transaction(stage.church_id) as session:
            await pauses.pause(session, message_id)
        await stage.work()
    with clock.freeze(EVENING + timedelta(minutes=10)):
        await stage.run("UPDATE open_messages SET look_at = :now", now=clock.now())
        await message_sweep.sweep(stage.running)
        await stage.work()
    assert await stage.counted(message_id) == {"skipped": 2}
    assert await stage.query("SELECT 1 FROM open_messages") == []


async def test_who_says_stop_at_night_is_not_texted_in_the_morning(stage: Stage) -> None:
    await people(stage, 2)
    with clock.freeze(NIGHT):
        message_id = await stage.started()
        await stage.work()
        await stage.opt_out(CHICAGO.format(100))
    await go_on(stage, MORNING)
    assert await stage.counted(message_id) == {"sending": 1, "skipped": 1}


async def test_what_is_held_can_be_cancelled(stage: Stage) -> None:
    await people(stage, 2)
    with clock.freeze(NIGHT):
        message_id = await stage.started()
        await stage.work()
        async with stage.running.database.transaction(stage.church_id) as session:
            await cancellation.cancel(session, stage.church_id, message_id)
    assert await stage.counted(message_id) == {"skipped": 2}
    assert await stage.query("SELECT 1 FROM dispatch_batches") == []


async def test_what_is_paused_at_night_is_sent_when_it_is_resumed_by_day(stage: Stage) -> None:
    await people(stage, 2)
    with clock.freeze(NIGHT):
        message_id = await stage.started()
        await stage.work()
        async with stage.running.database.transaction(stage.church_id) as session:
            await pauses.pause(session, message_id)
    await go_on(stage, MORNING)
    assert await stage.counted(message_id) == {"pending": 2}
    with clock.freeze(MORNING + timedelta(hours=1)):
        async with stage.running.database.transaction(stage.church_id) as session:
            await pauses.resume(session, stage.church_id, message_id)
        await stage.work()
    assert await stage.counted(message_id) == {"sending": 2}


async def test_a_text_whose_worker_died_at_night_waits_as_well(stage: Stage) -> None:
    await people(stage, 1)
    with clock.freeze(EVENING):
        message_id = await stage.started()
        await stage.work()
    await stage.run(
        """
        UPDATE message_recipients SET status = 'sending', carrier_message_id = NULL,
               claimed_by = 'a worker', lease_until = now() - interval '1 second', sent_at = NULL
         WHERE message_id = :id
        """,
        id=message_id,
    )
    await stage.run(
        "UPDATE messages SET sent_count = 0, sending_count = 1 WHERE id = :id", id=message_id
    )
    async with stage.running.database.transaction(stage.church_id) as session:
        await batches.recut(session, message_id)
        await batch_release.release(session, message_id)
    await go_on(stage, NIGHT)
    assert await held(stage, message_id) == quiet_gate.Held(1, MORNING)


async def test_what_is_held_finishes_in_the_morning(stage: Stage) -> None:
    await people(stage, 2, NEW_YORK)
    await people(stage, 3, CHICAGO)
    with clock.freeze(HALF_PAST_EIGHT):
        message_id = await stage.started()
        await stage.work()
        async with stage.running.database.transaction(stage.church_id) as session:
            message = await queries.message(session, message_id)
            ends = await finish_estimate.finishes_at(session, stage.running.settings, message)
    assert ends is not None
    assert timedelta(0) <= ends - EIGHT_IN_CHICAGO < timedelta(seconds=5)


async def until(stage: Stage, latest: datetime) -> UUID:
    """A broadcast that is started and is to be skipped when it would leave later."""
    message_id = (await stage.send()).id
    await stage.run("UPDATE messages SET latest_at = :at WHERE id = :id", id=message_id, at=latest)
    await stage.approve(message_id)
    return message_id
