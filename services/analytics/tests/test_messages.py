import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from koinonia.analytics.errors import ChurchUnknown
from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus, MessageKind
from koinonia.common.runtime import Running

from .factories import (
    REPLY,
    by_day,
    church,
    completed,
    created,
    hear,
    hear_together,
    moved,
    registered,
    rows,
    totals,
)

PENDING, SENT = DeliveryStatus.PENDING, DeliveryStatus.SENT
DELIVERED, FAILED = DeliveryStatus.DELIVERED, DeliveryStatus.FAILED


async def test_a_new_message_counts_its_recipients_as_pending(
    running: Running, church_id: UUID
) -> None:
    await hear(running, created(church_id, recipients=3))
    assert await totals(running, church_id) == {"messages": 1, "recipients": 3, "pending": 3}


async def test_a_text_is_counted_where_it_is_now(running: Running, church_id: UUID) -> None:
    message = created(church_id, recipients=3)
    first = moved(message, (PENDING, SENT), (PENDING, SENT), (PENDING, FAILED))
    await hear(running, message, first, moved(message, (SENT, DELIVERED)))
    expected = {"messages": 1, "recipients": 3, "sent": 1, "delivered": 1, "failed": 1}
    assert await totals(running, church_id) == expected


async def test_a_text_belongs_to_the_day_its_message_was_created_in_the_churchs_zone(
    running: Running, church_id: UUID
) -> None:
    late = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # still the 21st in Chicago
    message = created(church_id, at=late)
    await hear(running, message, moved(message, (PENDING, DELIVERED), parts=1, cost="0.004"))
    days = await by_day(running, church_id)
    assert days == {
        "2026-11-21": {
            "messages": 1,
            "recipients": 1,
            "delivered": 1,
            "parts": 1,
            "cost": Decimal("0.004"),
        }
    }


async def test_a_report_that_overtakes_its_message_finds_its_day_later(
    running: Running, church_id: UUID
) -> None:
    message = created(church_id, at=datetime(2026, 11, 22, 18, tzinfo=UTC))
    await hear(running, moved(message, (PENDING, DELIVERED)))
    assert await by_day(running, church_id) == {}
    await hear(running, message)
    days = await by_day(running, church_id)
    assert days == {"2026-11-22": {"messages": 1, "recipients": 1, "delivered": 1}}


@pytest.mark.parametrize("kind", [MessageKind.CONFIRMATION, MessageKind.TEST])
async def test_confirmations_and_tests_cost_and_count_as_nothing_else(
    running: Running, church_id: UUID, kind: MessageKind
) -> None:
    at = datetime(2026, 11, 22, 18, tzinfo=UTC)
    message = created(church_id, kind=kind, at=at)
    moves = moved(message, (PENDING, DELIVERED), parts=1, cost="0.004")
    await hear(running, message, moves)
    assert await totals(running, church_id) == {}
    days = await by_day(running, church_id)
    assert days == {"2026-11-22": {"parts": 1, "cost": Decimal("0.004")}}


async def test_replies_cost_but_do_not_count_as_broadcasts(
    running: Running, church_id: UUID
) -> None:
    reply = created(church_id, kind=REPLY, at=datetime(2026, 11, 22, 18, tzinfo=UTC))
    await hear(running, reply, moved(reply, (PENDING, DELIVERED), parts=2, cost="0.01"))
    assert await totals(running, church_id) == {"replies": 1}
    days = await by_day(running, church_id)
    assert days == {"2026-11-22": {"replies": 1, "parts": 2, "cost": Decimal("0.01")}}


async def test_a_batch_counts_for_each_church_and_message_in_it(
    running: Running, church_id: UUID
) -> None:
    other = await church(running)
    ours = [created(church_id, recipients=2) for _ in range(2)]
    theirs = created(other, recipients=2)
    await hear(running, *ours, theirs)
    reports = [moved(message, (PENDING, SENT)) for message in (*ours, theirs, ours[0])]
    await hear_together(running, reports)
    assert (await totals(running, church_id))["sent"] == 3
    assert (await totals(running, other))["sent"] == 1


async def test_an_event_delivered_twice_counts_once(running: Running, church_id: UUID) -> None:
    message = created(church_id)
    report = moved(message, (PENDING, SENT))
    await hear(running, message, message, report, report)
    assert await totals(running, church_id) == {"messages": 1, "recipients": 1, "sent": 1}


async def test_events_of_one_church_at_the_same_time_all_count(
    running: Running, church_id: UUID
) -> None:
    sent = [created(church_id) for _ in range(10)]
    batches = [[moved(message, (PENDING, SENT)) for message in sent[n::3]] for n in range(3)]
    await asyncio.gather(
        *(hear(running, message) for message in sent),
        *(hear_together(running, batch) for batch in batches),
    )
    assert await totals(running, church_id) == {"messages": 10, "recipients": 10, "sent": 10}


async def test_the_end_of_a_message_is_noted_even_before_its_beginning(
    running: Running, church_id: UUID
) -> None:
    message = created(church_id)
    end = completed(message)
    await hear(running, end, message)
    [report] = await rows(running, church_id, "SELECT * FROM message_reports")
    assert (report.completed_at, report.created_at) == (end.occurred_at, message.occurred_at)


async def test_a_message_of_a_church_not_yet_heard_of_is_repeated_later(running: Running) -> None:
    newcomer = db.uuid7()
    message = created(newcomer)
    with pytest.raises(ChurchUnknown):
        await hear(running, message)
    await hear(running, registered(newcomer), message)
    assert (await totals(running, newcomer))["messages"] == 1


async def test_messages_of_several_churches_and_days_come_in_one_batch(
    running: Running, church_id: UUID
) -> None:
    other = await church(running)
    evening = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # still the 21st in Chicago
    noon = datetime(2026, 11, 22, 18, tzinfo=UTC)
    made = [created(church_id, recipients=2, at=at) for at in (noon, evening, noon)]
    made += [created(other, at=noon), created(church_id, kind=REPLY, at=noon)]
    await hear_together(running, made)
    await hear_together(running, [completed(each) for each in [*made, made[0]]])
    days = await by_day(running, church_id)
    assert days["2026-11-21"] == {"messages": 1, "recipients": 2, "pending": 2}
    assert days["2026-11-22"] == {"messages": 2, "recipients": 4, "pending": 4, "replies": 1}
    assert await totals(running, other) == {"messages": 1, "recipients": 1, "pending": 1}
    ended = await rows(
        running,
        church_id,
        "SELECT completed_at FROM message_reports WHERE completed_at IS NOT NULL",
    )
    assert len(ended) == 4
