import asyncio
from decimal import Decimal
from uuid import UUID

import pytest

from koinonia.billing import reservations
from koinonia.billing.errors import SubscriptionPending
from koinonia.common import db
from koinonia.common.events.billing import (
    AllowanceLow,
    AllowanceUpdated,
    SpendApproved,
    SpendDeclined,
)
from koinonia.common.events.messaging import MessageKind

from .factories import (
    cancelled,
    church,
    completed,
    created,
    figures,
    hear,
    hear_together,
    registered,
    reported,
    said,
    subscription,
)

CONFIRMATION = MessageKind.CONFIRMATION


async def test_a_message_within_the_allowance_is_approved_and_its_parts_are_held(
    database: db.Database, church_id: UUID
) -> None:
    message = created(church_id, parts=400)
    await hear(database, message)
    [approved] = await said(database, SpendApproved)
    assert (approved.message_id, approved.parts) == (message.message_id, 400)
    assert await figures(database, church_id) == (0, 400)


async def test_a_message_beyond_the_allowance_is_declined_and_nothing_is_held(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, created(church_id, parts=688), created(church_id, parts=1_000))
    [declined] = await said(database, SpendDeclined)
    assert declined.code == "ALLOWANCE_EXCEEDED"
    assert declined.reason.startswith("This message needs 1,000 parts and 312 are left of your")
    assert await figures(database, church_id) == (0, 688)


async def test_a_confirmation_is_approved_and_counted_when_nothing_is_left(
    database: db.Database, church_id: UUID
) -> None:
    confirmation = created(church_id, parts=1).model_copy(update={"kind": CONFIRMATION})
    report = reported(church_id, confirmation.message_id, parts=1)
    await hear(database, created(church_id, parts=1_000), confirmation)
    assert await said(database, SpendDeclined) == []
    await hear(database, report.model_copy(update={"kind": CONFIRMATION}))
    assert await figures(database, church_id) == (1, 1_000)


async def test_a_test_text_takes_its_parts_like_any_other(
    database: db.Database, church_id: UUID
) -> None:
    first, second = (
        created(church_id, parts=parts).model_copy(update={"kind": MessageKind.TEST})
        for parts in (1_000, 1)
    )
    report = reported(church_id, first.message_id, parts=1_000)
    await hear(database, first, second, report.model_copy(update={"kind": MessageKind.TEST}))
    [declined] = await said(database, SpendDeclined)
    assert declined.message_id == second.message_id
    used, _ = await figures(database, church_id)
    assert used == 1_000


async def test_the_last_part_can_be_spent(database: db.Database, church_id: UUID) -> None:
    await hear(database, created(church_id, parts=999), created(church_id, parts=1))
    assert await said(database, SpendDeclined) == []


async def test_two_messages_at_once_cannot_share_the_last_parts(
    database: db.Database, church_id: UUID
) -> None:
    messages = [created(church_id, parts=600) for _ in range(5)]
    await asyncio.gather(*(hear(database, message) for message in messages))
    assert len(await said(database, SpendApproved)) == 1
    assert await figures(database, church_id) == (0, 600)


async def test_messages_that_come_together_are_answered_in_their_order_and_told_of_once(
    database: db.Database, church_id: UUID
) -> None:
    other = await church(database, allowance=50)
    ours = [created(church_id, parts=parts) for parts in (600, 500, 400, 1)]
    early = reported(other, (theirs := created(other, parts=30)).message_id, parts=10)
    last = created(other, parts=20)
    await hear(database, early)
    await hear_together(database, [*ours, theirs, last])
    approved = {each.message_id for each in await said(database, SpendApproved)}
    assert approved == {each.message_id for each in (ours[0], ours[2], theirs, last)}
    assert await figures(database, church_id) == (0, 1_000)
    assert await figures(database, other) == (10, 40)
    figures_told = [each.church_id for each in await said(database, AllowanceUpdated)]
    assert (figures_told.count(church_id), figures_told.count(other)) == (1, 2)
    await hear_together(database, [completed(each.church_id, each.message_id) for each in ours])
    assert await figures(database, church_id) == (0, 0)


async def test_the_same_message_reserves_once(database: db.Database, church_id: UUID) -> None:
    message = created(church_id, parts=10)
    again = message.model_copy(update={"id": db.uuid7()})
    await hear(database, message, message, again)
    assert len(await said(database, SpendApproved)) == 1
    assert await figures(database, church_id) == (0, 10)


async def test_reports_move_parts_from_reserved_to_used(
    database: db.Database, church_id: UUID
) -> None:
    message = created(church_id, parts=10)
    report = reported(church_id, message.message_id, parts=4, cost="0.0204")
    await hear(database, message, report, report)
    assert await figures(database, church_id) == (4, 6)
    assert (await subscription(database, church_id)).used_cost == Decimal("0.0204")


async def test_the_end_of_a_message_frees_what_it_did_not_use(
    database: db.Database, church_id: UUID
) -> None:
    message = created(church_id, parts=10)
    report = reported(church_id, message.message_id, parts=7)
    await hear(database, message, report, completed(church_id, message.message_id))
    assert await figures(database, church_id) == (7, 0)


async def test_a_report_after_the_end_of_its_message_still_counts(
    database: db.Database, church_id: UUID
) -> None:
    message = created(church_id, parts=10)
    report = reported(church_id, message.message_id, parts=7)
    await hear(database, message, completed(church_id, message.message_id), report)
    assert await figures(database, church_id) == (7, 0)


async def test_more_than_was_reserved_is_charged_and_a_correction_gives_back(
    database: db.Database, church_id: UUID
) -> None:
    message = created(church_id, parts=10)
    more = reported(church_id, message.message_id, parts=12)
    less = reported(church_id, message.message_id, parts=-3)
    await hear(database, message, more)
    assert await figures(database, church_id) == (12, 0)
    await hear(database, less)
    assert await figures(database, church_id) == (9, 1)


async def test_a_message_cancelled_before_it_was_heard_of_holds_nothing(
    database: db.Database, church_id: UUID
) -> None:
    message = created(church_id, parts=10)
    await hear(database, cancelled(church_id, message.message_id), message)
    assert await said(database, SpendApproved, SpendDeclined) == []
    assert await figures(database, church_id) == (0, 0)


async def test_a_message_that_overtakes_its_churchs_registration_is_repeated_later(
    database: db.Database,
) -> None:
    newcomer = db.uuid7()
    message = created(newcomer, parts=10)
    with pytest.raises(SubscriptionPending):
        await hear(database, message)
    await hear(database, registered(newcomer), message)
    assert len(await said(database, SpendApproved)) == 1


async def test_a_batch_of_reports_settles_each_church_and_tells_each_once(
    database: db.Database, church_id: UUID
) -> None:
    other = await church(database, allowance=50)
    ours, theirs = created(church_id, parts=10), created(other, parts=10)
    await hear(database, ours, theirs)
    told = len(await said(database, AllowanceUpdated))
    reports = [reported(church_id, ours.message_id, parts=1) for _ in range(5)]
    async with database.transaction() as session:
        await reservations.settle(session, [*reports, reported(other, theirs.message_id, parts=2)])
    assert await figures(database, church_id) == (5, 5)
    assert await figures(database, other) == (2, 8)
    assert len(await said(database, AllowanceUpdated)) == told + 2


async def test_a_report_that_costs_nothing_changes_nothing(
    database: db.Database, church_id: UUID
) -> None:
    before = await said(database)
    await hear(database, reported(church_id, db.uuid7(), parts=0))
    assert await said(database) == before


async def test_listeners_are_told_the_figures_when_they_move(
    database: db.Database, church_id: UUID
) -> None:
    message = created(church_id, parts=10)
    report = reported(church_id, message.message_id, parts=4)
    end = completed(church_id, message.message_id)
    await hear(database, message, report, end, reported(church_id, message.message_id, 0, "0.1"))
    told = await said(database, AllowanceUpdated)
    assert [(each.used_parts, each.reserved_parts) for each in told] == [(0, 10), (4, 6), (4, 0)]


async def test_listeners_can_tell_what_a_part_costs_and_what_is_left(
    database: db.Database, church_id: UUID
) -> None:
    await hear(database, created(church_id, parts=10))
    [told] = await said(database, AllowanceUpdated)
    assert (told.allowance_parts, told.status, told.part_price) == (1_000, "trialing", 0)
    assert told.period_ends_at == (await subscription(database, church_id)).period_ends_at


async def test_a_church_is_warned_once_at_80_and_once_at_100_percent(
    database: db.Database, church_id: UUID
) -> None:
    small, nearly, rest = [created(church_id, parts=each) for each in (700, 100, 200)]
    for event in (small, nearly):
        await hear(database, event)
    await hear(database, cancelled(church_id, nearly.message_id))
    again = created(church_id, parts=100)
    await hear(database, again, rest)
    told = await said(database, AllowanceLow)
    assert [(each.percent, each.used_parts + each.reserved_parts) for each in told] == [
        (80, 800),
        (100, 1000),
    ]
