"""Send again: one delivery, all that failed, or a test event. A replay keeps the webhook's id, so a
receiver knows what it has already, and begins the ladder anew.
"""

from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.integrations.endpoints import endpoints
from koinonia.integrations.errors import EndpointOff, NoSuchDelivery
from koinonia.integrations.running import Running
from koinonia.integrations.vocabulary import TEST, EndpointState
from koinonia.integrations.webhooks import intake
from koinonia.integrations.webhooks.intake import Webhook

_AGAIN = """
    WITH again AS (
        UPDATE deliveries SET state = 'pending' WHERE {which}
        RETURNING id, endpoint_id, church_id
    )
    INSERT INTO due_deliveries (delivery_id, endpoint_id, church_id, due_at)
    SELECT id, endpoint_id, church_id, :now FROM again
    ON CONFLICT (delivery_id) DO UPDATE SET due_at = excluded.due_at, rung = 0
    RETURNING delivery_id
"""
_ONE = _AGAIN.format(which="id = :id AND endpoint_id = :endpoint")
_FAILED = _AGAIN.format(
    which="endpoint_id = :endpoint AND state = 'failed' AND created_at >= :since"
)


async def replay(
    running: Running, session: AsyncSession, endpoint_id: UUID, delivery_id: UUID
) -> None:
    """Raises ``NoSuchEndpoint``, ``EndpointOff`` and ``NoSuchDelivery``."""
    await _active(session, endpoint_id)
    if not await _again(running, session, _ONE, {"endpoint": endpoint_id, "id": delivery_id}):
        raise NoSuchDelivery


async def replay_failed(
    running: Running, session: AsyncSession, endpoint_id: UUID, since: datetime
) -> int:
    """All that failed and were made ``since``; returns how many. Raises ``NoSuchEndpoint`` and
    ``EndpointOff``."""
    await _active(session, endpoint_id)
    return await _again(running, session, _FAILED, {"endpoint": endpoint_id, "since": since})


async def send_test(
    running: Running, session: AsyncSession, church_id: UUID, endpoint_id: UUID
) -> UUID:
    """Queue a webhook that says nothing; returns the id of its delivery. Raises ``NoSuchEndpoint``
    and ``EndpointOff``."""
    await _active(session, endpoint_id)
    data = orjson.dumps({"endpointId": endpoint_id}).decode()
    now = clock.now().isoformat()
    webhook = Webhook(db.uuid7(), church_id, TEST, now, data, None)
    await intake.store(session, [webhook])
    [delivery_id] = await intake.queue(session, [(webhook, endpoint_id)])
    db.after_commit(session, running.wake_deliveries)
    return delivery_id


async def _active(session: AsyncSession, endpoint_id: UUID) -> None:
    endpoint = await endpoints.get(session, endpoint_id, locked=True)
    if endpoint.state != EndpointState.ACTIVE:
        raise EndpointOff


async def _again(
    running: Running, session: AsyncSession, sql: str, parameters: dict[str, object]
) -> int:
    queued = await db.values(session, UUID, sql, parameters | {"now": clock.now()})
    await intake.touch_lanes(session, queued)
    db.after_commit(session, running.wake_deliveries)
    return len(queued)
