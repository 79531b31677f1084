"""``finishesAt``: what is left, at the rate at which it truly goes."""

from datetime import timedelta
from uuid import UUID

import pytest

from koinonia.common import clock
from koinonia.messaging.broadcasts.controls import cancellation, pauses
from koinonia.messaging.broadcasts.views import finish_estimate
from koinonia.messaging.messages import batches, queries

from .stage import Stage

pytestmark = pytest.mark.usefixtures("small_batches")


async def seconds_left(stage: Stage, message_id: UUID) -> float | None:
    async with stage.running.database.transaction(stage.church_id) as session:
        message = await queries.message(session, message_id)
        ends = await finish_estimate.finishes_at(session, stage.running.settings, message)
    return (ends - clock.now()).total_seconds() if ends else None


async def allow(stage: Stage, parts_per_second: float) -> None:
    await stage.run(
        """
        INSERT INTO sending_rates (kind, name, parts_per_second) VALUES ('church', :id, :rate)
        """,
        id=str(stage.church_id),
        rate=parts_per_second,
    )


async def test_before_the_first_text_what_is_allowed_is_all_that_is_known(stage: Stage) -> None:
    await allow(stage, 10)
    await stage.members(60)

    message_id = await stage.started("x" * 200)  # two parts

    assert await seconds_left(stage, message_id) == pytest.approx(12, abs=0.5)


async def test_the_true_rate_counts_when_it_is_slower(stage: Stage) -> None:
    await allow(stage, 1000)
    await stage.members(8 * batches.SIZE)
    with clock.shift(timedelta(seconds=-40)):
        message_id = await stage.started()
        released = await stage.released()
    await stage.hear(*released[:2])  # twenty texts in forty seconds

    assert await seconds_left(stage, message_id) == pytest.approx(120, abs=6)


async def test_the_first_texts_do_not_tell_how_it_goes_on(stage: Stage) -> None:
    await allow(stage, 10)
    await stage.members(8 * batches.SIZE)
    with clock.shift(timedelta(seconds=-5)):
        message_id = await stage.started()
        released = await stage.released()
    await stage.hear(*released[:1])  # the others are on their way, and not noted yet

    assert await seconds_left(stage, message_id) == pytest.approx(7, abs=0.5)


async def test_a_rate_above_what_is_allowed_does_not_last(stage: Stage) -> None:
    await stage.members(8 * batches.SIZE)
    message_id = await stage.started()
    await stage.hear(*(await stage.released())[:2])
    await allow(stage, 5)

    assert await seconds_left(stage, message_id) == pytest.approx(12, abs=0.5)


async def test_only_the_last_batches_tell_the_rate(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish_estimate, "RECENT", 2)
    await stage.members(8 * batches.SIZE)
    with clock.shift(timedelta(hours=-1)):
        message_id = await stage.started()
    released = await stage.released()
    for minutes, event in zip((-40, -3, -2, -1), released, strict=True):
        with clock.shift(timedelta(minutes=minutes)):
            await stage.hear(event)

    seconds = await seconds_left(stage, message_id)

    assert seconds is not None
    assert 200 < seconds < 600  # about a batch a minute, not four in an hour


async def test_texts_that_wait_for_another_try_count_with_their_pause(stage: Stage) -> None:
    await stage.members(5)
    message_id = await stage.started()
    await stage.run(
        "UPDATE dispatch_batches SET state = 'deferred', due_at = now() + interval '90 seconds'"
    )

    assert await seconds_left(stage, message_id) == pytest.approx(90, abs=2)


async def test_what_is_not_being_sent_has_no_end_in_sight(stage: Stage) -> None:
    await stage.members(5)
    sent = await stage.send()
    assert await seconds_left(stage, sent.id) is None
    await stage.approve(sent.id)
    async with stage.running.database.transaction(stage.church_id) as session:
        await pauses.pause(session, sent.id)
    assert await seconds_left(stage, sent.id) is None
    async with stage.running.database.transaction(stage.church_id) as session:
        await cancellation.cancel(session, stage.church_id, sent.id)
    assert await seconds_left(stage, sent.id) is None


async def test_what_is_with_the_carrier_needs_no_more_time(stage: Stage) -> None:
    await stage.members(5)
    message_id = await stage.started()
    await stage.work()

    assert (await stage.message(message_id)).status == "sending"
    assert await seconds_left(stage, message_id) is None
