"""The routes of billing."""

from fastapi import APIRouter

from koinonia.billing import reservations, subscriptions
from koinonia.billing.schemas import Usage
from koinonia.common.web import TAGGED, CurrentAdmin, ReadDep

router = APIRouter(prefix="/api/billing", tags=["billing"])


@router.get("/usage", dependencies=TAGGED)
async def read_usage(read: ReadDep, admin: CurrentAdmin) -> Usage:
    """The plan, and what is used and reserved of it. 409 until the plan of a new church is set
    up, a second at most after it registered."""
    subscription = await subscriptions.current(read, admin.church_id)
    since = subscription.period_starts_at
    messages = await reservations.messages_since(read, admin.church_id, since)
    return Usage.from_subscription(subscription, messages)
