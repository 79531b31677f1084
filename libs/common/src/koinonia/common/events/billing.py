"""Events of the billing service: what may be spent and what was."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from koinonia.common.events.base import ChurchEvent


class SpendApproved(ChurchEvent, name="spend.approved"):
    message_id: UUID
    parts: int


class SpendDeclined(ChurchEvent, name="spend.declined"):
    message_id: UUID
    code: str
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
