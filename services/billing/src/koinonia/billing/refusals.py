"""Why a message may not be sent, in one sentence that staff can act on: pure functions."""

from dataclasses import dataclass
from datetime import datetime

from koinonia.billing.subscriptions import Subscription
from koinonia.common.events.billing import DeclineCode, SubscriptionStatus


@dataclass(frozen=True, slots=True)
class Refusal:
    code: DeclineCode
    reason: str


def refusal(subscription: Subscription, parts: int, now: datetime) -> Refusal | None:
    """None when the plan covers ``parts`` more."""
    if now >= subscription.period_ends_at:
        return _ended(subscription)
    if parts > subscription.remaining:
        return _exceeded(subscription, parts)
    return None


def _ended(subscription: Subscription) -> Refusal:
    ended = _day(subscription.period_ends_at)
    if subscription.status == SubscriptionStatus.TRIALING:
        return Refusal(
            DeclineCode.TRIAL_ENDED, f"Your trial ended on {ended}. Choose a plan to send again."
        )
    return Refusal(
        DeclineCode.PLAN_ENDED,
        f"Your plan {subscription.plan_name} ended on {ended}. Renew it to send again.",
    )


def _exceeded(subscription: Subscription, parts: int) -> Refusal:
    remaining = subscription.remaining
    return Refusal(
        DeclineCode.ALLOWANCE_EXCEEDED,
        f"This message needs {parts:,} {'part' if parts == 1 else 'parts'} and "
        f"{remaining:,} {'is' if remaining == 1 else 'are'} left of your plan's "
        f"{subscription.allowance_parts:,} until {_day(subscription.period_ends_at)}. "
        "Shorten it, choose fewer people, or upgrade.",
    )


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B}"
