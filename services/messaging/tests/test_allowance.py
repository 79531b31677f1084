"""What a church may still spend, as billing told."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from koinonia.common.events.billing import AllowanceUpdated, SubscriptionUpdated
from koinonia.common.testing import probe, service
from koinonia.messaging.preview import allowance
from koinonia.messaging.preview.allowance import Allowance
from koinonia.messaging.program import PROGRAM

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def known(status: str = "active", ends_at: datetime | None = None) -> Allowance:
    return Allowance(1_000, 600, 150, Decimal("0.0079"), status, ends_at)


def test_what_is_used_and_held_is_gone() -> None:
    assert known(ends_at=NOW + timedelta(days=1)).left(NOW) == 250


def test_an_active_plan_begins_its_next_period_by_itself() -> None:
    assert known("active", NOW).left(NOW) == 850


@pytest.mark.parametrize("status", ["trialing", "past_due", "canceled"])
def test_every_other_plan_is_over_with_its_period(status: str) -> None:
    ended = known(status, NOW)
    assert (ended.is_over(NOW), ended.left(NOW)) == (True, 0)


@pytest.mark.parametrize(
    ("parts", "price", "cents"),
    [(0, "0.0079", 0), (1, "0.0079", 1), (3, "0.005", 2), (100, "0.0079", 79), (7, "0", 0)],
)
def test_the_price_is_exact_and_rounded_once(parts: int, price: str, cents: int) -> None:
    assert allowance.cents(parts, Decimal(price)) == cents


def subscribed(church_id: UUID, at: datetime) -> SubscriptionUpdated:
    return SubscriptionUpdated(
        church_id=church_id,
        occurred_at=at,
        plan="trial",
        status="trialing",
        allowance_parts=1_000,
        period_ends_at=NOW + timedelta(days=30),
        used_parts=0,
        reserved_parts=0,
        part_price=Decimal("0.01"),
    )


async def test_the_newest_word_counts_in_whatever_order_they_come(
    house: Any, church_id: UUID
) -> None:
    moved = AllowanceUpdated(
        church_id=church_id,
        occurred_at=NOW,
        allowance_parts=1_000,
        used_parts=7,
        reserved_parts=3,
    )
    await service.hear(PROGRAM, house, moved, subscribed(church_id, NOW - timedelta(seconds=1)))
    await service.hear(PROGRAM, house, subscribed(church_id, NOW - timedelta(seconds=2)))
    async with house.database.transaction(church_id) as session:
        found = await allowance.current(session, church_id)
    assert found is not None
    assert found.left(NOW) == 990


async def test_how_many_numbers_a_plan_allows_is_kept_when_a_newer_event_does_not_say(
    house: Any, church_id: UUID
) -> None:
    """Processes of the last release say nothing of it while the next one begins."""
    mute = subscribed(church_id, NOW)
    older = subscribed(church_id, NOW - timedelta(seconds=1))
    await service.hear(PROGRAM, house, mute, older.model_copy(update={"number_limit": 2}))
    await service.hear(PROGRAM, house, subscribed(church_id, NOW + timedelta(seconds=1)))
    async with house.database.transaction(church_id) as session:
        found = await probe.first(session, "SELECT number_limit FROM allowances")
    assert found is not None
    assert found.number_limit == 2
