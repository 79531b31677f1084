"""Events of the billing service: what may be spent and what was."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from koinonia.common.events.base import ChurchEvent


class SubscriptionStatus(StrEnum):
    """Only ``active`` begins a new period by itself; the others end with the one they are in."""

    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELED = "canceled"


class DeclineCode(StrEnum):
    """Why a plan does not cover a message."""

    TRIAL_ENDED = "TRIAL_ENDED"
    PLAN_ENDED = "PLAN_ENDED"
    ALLOWANCE_EXCEEDED = "ALLOWANCE_EXCEEDED"


class SpendApproved(ChurchEvent, name="spend.approved"):
    message_id: UUID
    parts: int


class SpendDeclined(ChurchEvent, name="spend.declined"):
    message_id: UUID
    code: DeclineCode
    reason: str  # one sentence for staff


class SubscriptionUpdated(ChurchEvent, name="subscription.updated"):
    plan: str
    status: str
    allowance_parts: int
    period_ends_at: datetime
    used_parts: int | None = None
    reserved_parts: int | None = None
    part_price: Decimal | None = None  # USD that the church pays for one part
    number_limit: int | None = None  # how many numbers the church may have


class AllowanceUpdated(ChurchEvent, name="allowance.updated"):
    allowance_parts: int
    used_parts: int
    reserved_parts: int
    status: str | None = None
    period_ends_at: datetime | None = None
    part_price: Decimal | None = None  # USD that the church pays for one part
    number_limit: int | None = None


class AllowanceLow(ChurchEvent, name="allowance.low"):
    """What is used and held of the plan passed ``percent`` of it; once in a period for each of 80
    and 100."""

    percent: int
    allowance_parts: int
    used_parts: int
    reserved_parts: int
    period_ends_at: datetime
