"""Schedules whose time has come, and workers that look at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from koinonia.common import clock
from koinonia.messaging.schedules import due_schedules, schedules
from koinonia.messaging.schedules.schemas import HeldCode

from . import factories
from .stage import Stage
from .sundays import SATURDAY, SUNDAY_AT_NINE, SUNDAYS, WEEK, fire, outcomes, schedule, sent, shown


@pytest_asyncio.fixture(autouse=True)
async def no_other_schedules(stage: Stage) -> AsyncIterator[None]:
    yield
    await stage.run("DELETE FROM due_schedules")


async def test_who_is_in_the_target_when_the_time_has_come_gets_the_text(stage: Stage) -> None:
    gone = await stage.member()
    schedule_id = await schedule(stage)
    newcomer = await stage.member()
    await stage.opt_out(gone.phone)
    await fire(stage, SUNDAY_AT_NINE - timedelta(seconds=1))
    assert await sent(stage) == []

    await fire(stage, SUNDAY_AT_NINE)

    [message] = await sent(stage)
    assert [text.member_id for text in await stage.texts(message.id)] == [newcomer.id]
    assert (message.schedule_id, message.occurrence_at) == (schedule_id, SUNDAY_AT_NINE)
    assert (await shown(stage, schedule_id)).status == "finished"
    assert await stage.query("SELECT 1 FROM due_schedules") == []


async def test_a_recurring_one_leaves_every_week_until_its_end(stage: Stage) -> None:
    await stage.member()
    schedule_id = await schedule(stage, rrule=f"{SUNDAYS};COUNT=2")
    await fire(stage, SUNDAY_AT_NINE)
    assert (await shown(stage, schedule_id)).next_at == SUNDAY_AT_NINE + WEEK
    for week in range(1, 4):
        await fire(stage, SUNDAY_AT_NINE + week * WEEK)
    assert [each.occurrence_at for each in await sent(stage)] == [
        SUNDAY_AT_NINE,
        SUNDAY_AT_NINE + WEEK,
    ]
    assert (await shown(stage, schedule_id)).status == "finished"


async def test_after_a_downtime_only_the_latest_leaves(stage: Stage) -> None:
    await stage.member()
    await schedule(stage, rrule=SUNDAYS)
    await fire(stage, SUNDAY_AT_NINE + 2 * WEEK + timedelta(hours=1))
    assert await outcomes(stage) == [
        (SUNDAY_AT_NINE, "missed", HeldCode.SUPERSEDED),
        (SUNDAY_AT_NINE + WEEK, "missed", HeldCode.SUPERSEDED),
        (SUNDAY_AT_NINE + 2 * WEEK, "sent", None),
    ]
    assert [each.occurrence_at for each in await sent(stage)] == [SUNDAY_AT_NINE + 2 * WEEK]


async def test_what_is_not_to_be_sent_later_is_missed_and_says_so(stage: Stage) -> None:
    await stage.member()
    schedule_id = await schedule(stage, rrule=SUNDAYS, skip_if_later_minutes=30)
    await fire(stage, SUNDAY_AT_NINE + timedelta(minutes=31))
    assert await outcomes(stage) == [(SUNDAY_AT_NINE, "missed", HeldCode.TOO_LATE)]
    assert await sent(stage) == []
    assert (await shown(stage, schedule_id)).next_at == SUNDAY_AT_NINE + WEEK

    await fire(stage, SUNDAY_AT_NINE + WEEK)
    [message] = await sent(stage)
    assert message.latest_at == SUNDAY_AT_NINE + WEEK + timedelta(minutes=30)


async def test_what_staff_must_mend_fails_once_and_the_next_one_comes(stage: Stage) -> None:
    async with stage.running.database.transaction(stage.church_id) as session:
        group = await factories.group(session, stage.church_id)
    given = {"target_type": "groups", "target_ids": [str(group)]}
    schedule_id = await schedule(stage, rrule=SUNDAYS, **given)
    await stage.run("DELETE FROM groups WHERE id = :id", id=group)
    await fire(stage, SUNDAY_AT_NINE)
    await fire(stage, SUNDAY_AT_NINE + timedelta(minutes=2))
    assert await outcomes(stage) == [(SUNDAY_AT_NINE, "failed", "GROUP_NOT_FOUND")]
    assert (await shown(stage, schedule_id)).next_at == SUNDAY_AT_NINE + WEEK


@pytest.mark.parametrize(
    ("lacks", "code"),
    [
        ("DELETE FROM members", "NO_REACHABLE_MEMBERS"),
        ("UPDATE phone_numbers SET status = 'released'", "NO_ACTIVE_NUMBER"),
        ("DELETE FROM verified_churches", "ADDRESS_NOT_VERIFIED"),
    ],
)
async def test_a_failed_one_leaves_nothing_but_its_reason(
    stage: Stage, lacks: str, code: str
) -> None:
    await stage.member()
    await stage.run(lacks)
    await schedule(stage)
    await fire(stage, SUNDAY_AT_NINE)
    assert await outcomes(stage) == [(SUNDAY_AT_NINE, "failed", code)]
    for table in ("messages", "message_recipients", "dispatch_batches", "open_messages"):
        assert await stage.query(f"SELECT 1 FROM {table}") == []


async def test_several_schedulers_at_once_never_send_an_occurrence_twice(stage: Stage) -> None:
    await stage.member()
    for _ in range(20):
        await schedule(stage, rrule=SUNDAYS)
    with clock.freeze(SUNDAY_AT_NINE):
        await asyncio.gather(*(due_schedules.make_messages(stage.running) for _ in range(4)))
    assert len(await sent(stage)) == 20
    assert len(await outcomes(stage)) == 20
    due = await stage.query("SELECT DISTINCT due_at FROM due_schedules")
    assert [row.due_at for row in due] == [SUNDAY_AT_NINE + WEEK]


async def test_what_is_cancelled_never_leaves(stage: Stage) -> None:
    await stage.member()
    schedule_id = await schedule(stage, rrule=SUNDAYS)
    async with stage.running.database.transaction(stage.church_id) as session:
        await schedules.cancel(session, schedule_id)
    await fire(stage, SUNDAY_AT_NINE)
    assert (await sent(stage), await outcomes(stage)) == ([], [])


async def test_cancelling_while_it_leaves_waits_and_stops_what_follows(stage: Stage) -> None:
    await stage.member()
    schedule_id = await schedule(stage, rrule=SUNDAYS)

    async def cancel() -> None:
        async with stage.running.database.transaction(stage.church_id) as session:
            await schedules.cancel(session, schedule_id)

    with clock.freeze(SUNDAY_AT_NINE):
        await asyncio.gather(due_schedules.make_messages(stage.running), cancel())
    assert len(await sent(stage)) == len(await outcomes(stage)) <= 1
    assert (await shown(stage, schedule_id)).status == "cancelled"
    assert await stage.query("SELECT 1 FROM due_schedules") == []


async def test_one_that_is_broken_holds_up_no_other(stage: Stage) -> None:
    await stage.member()
    broken = await schedule(stage)
    with clock.freeze(SATURDAY):
        await schedule(stage)
    await stage.run("UPDATE schedules SET request = '{}' WHERE id = :id", id=broken)
    await fire(stage, SUNDAY_AT_NINE)
    assert len(await sent(stage)) == 1
    [due] = await stage.query("SELECT schedule_id, due_at FROM due_schedules")
    assert (due.schedule_id, due.due_at) == (broken, SUNDAY_AT_NINE + due_schedules.AGAIN)


async def test_an_emergency_for_later_leaves_at_night(stage: Stage) -> None:
    await stage.member()
    await schedule(stage, emergency={"reason": "Flood warning"})
    await fire(stage, SUNDAY_AT_NINE)
    [message] = await sent(stage)
    assert (message.ignores_quiet_hours, message.override_reason) == (True, "Flood warning")
