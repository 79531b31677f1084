"""Switch an endpoint off: nothing is queued for it, and what waits has failed."""

from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.integrations import WebhookEndpointDisabled
from koinonia.integrations.vocabulary import DeliveryFailure, DisabledReason


class Whose(Protocol):
    @property
    def endpoint_id(self) -> UUID: ...

    @property
    def church_id(self) -> UUID: ...


async def disable(session: AsyncSession, whose: Whose, reason: DisabledReason) -> None:
    """Because of what its receiver did; the church is told by ``webhook_endpoint.disabled``. One
    that is off already stays as it is."""
    is_switched = await db.run(
        session,
        """
        UPDATE endpoints SET state = 'disabled', disabled_reason = :reason, updated_at = :now
         WHERE id = :id AND state = 'active'
        """,
        {"id": whose.endpoint_id, "reason": reason, "now": clock.now()},
    )
    if not is_switched:
        return
    await db.run(
        session, "DELETE FROM wanted_kinds WHERE endpoint_id = :id", {"id": whose.endpoint_id}
    )
    await end_what_waits(session, whose.endpoint_id)
    await outbox.add(
        session,
        WebhookEndpointDisabled(
            church_id=whose.church_id, endpoint_id=whose.endpoint_id, reason=reason
        ),
    )


async def end_what_waits(session: AsyncSession, endpoint_id: UUID) -> None:
    """Deliveries of an endpoint that is off have failed; they can be replayed when it is on."""
    await db.run(
        session,
        """
        UPDATE deliveries SET state = 'failed', failure = coalesce(failure, :failure)
         WHERE endpoint_id = :id AND state = 'pending'
        """,
        {"id": endpoint_id, "failure": DeliveryFailure.DISABLED},
    )
    await db.run(session, "DELETE FROM due_deliveries WHERE endpoint_id = :id", {"id": endpoint_id})
    await db.run(
        session,
        "UPDATE lanes SET due_at = NULL, failures = 0 WHERE endpoint_id = :id",
        {"id": endpoint_id},
    )
