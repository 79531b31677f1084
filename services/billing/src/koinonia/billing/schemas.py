"""Responses of billing's routes."""

from datetime import datetime
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field

from koinonia.billing.subscriptions import Subscription
from koinonia.common.events.billing import SubscriptionStatus
from koinonia.common.web import Schema


class Period(Schema):
    starts_at: datetime
    ends_at: datetime


class Usage(Schema):
    """What the plan allows in this period and what of it is gone. Figures are message parts."""

    plan: str = Field(examples=["trial"])
    plan_name: str = Field(examples=["Trial"])
    status: SubscriptionStatus
    period: Period
    allowance: int
    used: int = Field(description="Sent, as the carrier counted it.")
    reserved: int = Field(description="Held by messages that are under way.")
    remaining: int = Field(description="What a new message may need at most.")
    part_price: Decimal = Field(
        description="What the church pays for one part on this plan.", examples=["0.00000"]
    )
    cost: Decimal = Field(description="What the carrier charged, exact.", examples=["1.988000"])
    currency: Literal["USD"] = "USD"
    number_limit: int = Field(description="How many numbers the plan allows.")
    messages: int = Field(description="Broadcasts and replies approved in this period.")

    @classmethod
    def from_subscription(cls, subscription: Subscription, messages: int) -> Self:
        return cls(
            plan=subscription.plan,
            plan_name=subscription.plan_name,
            status=SubscriptionStatus(subscription.status),
            period=Period(
                starts_at=subscription.period_starts_at, ends_at=subscription.period_ends_at
            ),
            allowance=subscription.allowance_parts,
            used=subscription.used,
            reserved=subscription.reserved_parts,
            remaining=subscription.remaining,
            part_price=subscription.part_price,
            cost=subscription.used_cost,
            number_limit=subscription.number_limit,
            messages=messages,
        )
