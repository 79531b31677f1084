"""What cannot wait for the morning: who may say so, and that it is kept."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import outbox
from koinonia.common.events.messaging import MessageQuietHoursOverridden
from koinonia.common.identity import Identity, permissions
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.timing.errors import EmergencyTakesOwner

EMERGENCY = "messages.own"


def check(identity: Identity, request: SendRequest) -> None:
    """Raises ``EmergencyTakesOwner``."""
    if request.emergency and not permissions.has(identity, EMERGENCY):
        raise EmergencyTakesOwner


async def record(
    session: AsyncSession, church_id: UUID, message_id: UUID, admin_id: UUID, reason: str
) -> None:
    """For the audit trail: a message leaves whatever the hour."""
    await outbox.add(
        session,
        MessageQuietHoursOverridden(
            church_id=church_id, message_id=message_id, admin_id=admin_id, reason=reason
        ),
    )
