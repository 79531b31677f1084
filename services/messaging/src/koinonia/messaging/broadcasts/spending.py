"""Billing's answer: the message starts, or it is over before it began."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.billing import SpendApproved, SpendDeclined
from koinonia.common.events.messaging import DeliveryStatus, MessageKind, MessageStarted
from koinonia.messaging.broadcasts import batches, counting, releasing
from koinonia.messaging.broadcasts.counting import Change

DECLINED = "declined"


async def start(session: AsyncSession, event: SpendApproved) -> None:
    """Release the first batches of a message that still waits for approval."""
    row = await db.first(
        session,
        """
        UPDATE messages SET status = 'sending', started_at = :now
         WHERE id = :id AND status = 'pending' RETURNING kind
        """,
        {"id": event.message_id, "now": clock.now()},
    )
    if row is None:
        return
    started = MessageStarted(
        church_id=event.church_id, message_id=event.message_id, kind=MessageKind(row.kind)
    )
    await outbox.add(session, started)
    await releasing.release(session, event.message_id)


async def decline(session: AsyncSession, event: SpendDeclined) -> None:
    """Skip every recipient of a message that still waits for approval, and say why."""
    waiting = await db.first(
        session,
        "SELECT 1 FROM messages WHERE id = :id AND status = 'pending'",
        {"id": event.message_id},
    )
    if waiting is None:
        return
    await batches.drop(session, event.message_id)
    skipped = await db.rows(
        session,
        """
        UPDATE message_recipients r
           SET status = 'skipped', failure = :failure, settled_at = :now, updated_at = now()
          FROM (SELECT id FROM message_recipients
                 WHERE message_id = :id AND status = 'pending'
                 ORDER BY id FOR NO KEY UPDATE) AS held
         WHERE r.id = held.id
        RETURNING r.id
        """,
        {"id": event.message_id, "failure": DECLINED, "now": clock.now()},
    )
    await db.run(
        session,
        """
        UPDATE messages SET status = 'declined', decline_code = :code, decline_reason = :reason
         WHERE id = :id AND status = 'pending'
        """,
        {"id": event.message_id, "code": event.code, "reason": event.reason},
    )
    pending, now_skipped = DeliveryStatus.PENDING, DeliveryStatus.SKIPPED
    changes = [Change(event.message_id, row.id, pending, now_skipped, DECLINED) for row in skipped]
    await counting.apply(session, event.church_id, changes)
