from datetime import timedelta
from uuid import UUID

from koinonia.common import clock, db
from koinonia.common.events.billing import SpendApproved, SpendDeclined, SubscriptionUpdated

from .factories import (
    change,
    church,
    created,
    figures,
    hear,
    registered,
    reported,
    said,
    subscription,
)


async def test_a_new_church_gets_the_trial_of_its_plan(database: db.Database) -> None:
    church_id = await church(database)
    trial = await subscription(database, church_id)
    assert (trial.plan, trial.status, trial.remaining) == ("trial", "trialing", 100)
    assert trial.number_limit == 1
    assert trial.period_ends_at - trial.period_starts_at == timedelta(days=30)


async def test_an_operator_may_set_another_allowance_for_trials(database: db.Database) -> None:
    church_id = await church(database, allowance=70)
    [told] = await said(database, SubscriptionUpdated)
    assert (told.church_id, told.plan, told.allowance_parts) == (church_id, "trial", 70)
    assert told.number_limit == 1


async def test_a_church_that_registers_twice_has_one_trial(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, registered(church_id))
    assert len(await said(database, SubscriptionUpdated)) == 1
    assert (await subscription(database, church_id)).remaining == 1_000


async def test_after_the_trial_a_message_is_declined(
    database: db.Database, church_id: UUID
) -> None:
    with clock.shift(timedelta(days=30)):
        await hear(database, created(church_id, parts=1))
    [declined] = await said(database, SpendDeclined)
    assert declined.code == "TRIAL_ENDED"


async def test_an_active_plan_begins_its_next_period_with_its_full_allowance(
    database: db.Database, church_id: UUID
) -> None:
    first = created(church_id, parts=900)
    await hear(database, first, reported(church_id, first.message_id, parts=900))
    await change(database, church_id, status="active")
    with clock.shift(timedelta(days=32)):
        await hear(database, created(church_id, parts=1_000))
    assert len(await said(database, SpendApproved)) == 2
    assert await figures(database, church_id) == (0, 1_000)


async def test_a_new_period_is_told_to_listeners(database: db.Database, church_id: UUID) -> None:
    await change(database, church_id, status="active")
    with clock.shift(timedelta(days=32)):
        await hear(database, created(church_id, parts=1))
    before, after = await said(database, SubscriptionUpdated)
    assert after.period_ends_at > before.period_ends_at


async def test_what_open_messages_hold_is_carried_into_the_new_period(
    database: db.Database, church_id: UUID
) -> None:
    message = created(church_id, parts=100)
    await hear(database, message, reported(church_id, message.message_id, parts=40))
    await change(database, church_id, status="active")
    with clock.shift(timedelta(days=32)):
        await hear(database, reported(church_id, message.message_id, parts=25))
        assert await figures(database, church_id) == (25, 35)
