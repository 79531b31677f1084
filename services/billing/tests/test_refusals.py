from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from koinonia.billing.refusals import refusal
from koinonia.billing.subscriptions import Subscription
from koinonia.common.events.billing import SubscriptionStatus

TRIAL = Subscription(
    church_id=uuid4(),
    plan="trial",
    plan_name="Trial",
    status=SubscriptionStatus.TRIALING,
    allowance_parts=5_000,
    anchored_at=datetime(2026, 11, 22, tzinfo=UTC),
    period_starts_at=datetime(2026, 11, 22, tzinfo=UTC),
    period_ends_at=datetime(2026, 12, 22, tzinfo=UTC),
    used_parts=4_000,
    reserved_parts=688,
    used_cost=Decimal(16),
    number_limit=1,
    part_price=Decimal(0),
)
WITHIN, AFTER = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 22, tzinfo=UTC)


def test_a_decline_says_what_is_needed_what_is_left_and_what_to_do() -> None:
    declined = refusal(TRIAL, 1_000, WITHIN)
    assert declined
    assert declined.reason == (
        "This message needs 1,000 parts and 312 are left of your plan's 5,000 until 22 December. "
        "Shorten it, choose fewer people, or upgrade."
    )


@pytest.mark.parametrize(
    ("used", "needed", "words"),
    [(4_311, 2, "2 parts and 1 is left"), (5_000, 1, "1 part and 0 are left")],
)
def test_a_decline_counts_in_good_english(used: int, needed: int, words: str) -> None:
    declined = refusal(replace(TRIAL, used_parts=used), needed, WITHIN)
    assert declined
    assert words in declined.reason


def test_nothing_is_sent_after_a_trial() -> None:
    declined = refusal(TRIAL, 1, AFTER)
    assert declined
    assert declined.code == "TRIAL_ENDED"
    assert declined.reason == "Your trial ended on 22 December. Choose a plan to send again."


@pytest.mark.parametrize("status", [SubscriptionStatus.CANCELED, SubscriptionStatus.PAST_DUE])
def test_a_plan_that_does_not_renew_lasts_to_the_end_of_its_period(
    status: SubscriptionStatus,
) -> None:
    ending = replace(TRIAL, status=status)
    assert refusal(ending, 312, WITHIN) is None
    declined = refusal(ending, 1, AFTER)
    assert declined
    assert declined.code == "PLAN_ENDED"


def test_a_correction_that_came_early_does_not_add_to_the_allowance() -> None:
    early = replace(TRIAL, used_parts=-3, reserved_parts=0)
    assert refusal(early, 5_000, WITHIN) is None
    assert refusal(early, 5_001, WITHIN)
