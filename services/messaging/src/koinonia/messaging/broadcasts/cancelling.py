"""Cancelling a message: what is not with the carrier stays with us, what may be is found out.

A text that a worker is calling for right now goes out and is noted. Its batch remains, and whoever
takes it next closes what is left of it.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure
from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import DeliveryStatus, MessageCancelled, MessageKind
from koinonia.messaging.broadcasts import batches, counting, queries, tracing
from koinonia.messaging.broadcasts.batches import Batch
from koinonia.messaging.broadcasts.counting import Change
from koinonia.messaging.broadcasts.statuses import MessageStatus
from koinonia.messaging.errors import NothingToCancel

CANCELLED = "cancelled"
CANCELLABLE = (MessageStatus.PENDING, MessageStatus.SENDING, MessageStatus.PAUSED)


async def cancel(session: AsyncSession, church_id: UUID, message_id: UUID) -> None:
    """Send nothing more of a message, and tell it once. What is cancelled already stays so."""
    await queries.message(session, message_id)  # before its batches, which know no church
    unfinished = await batches.lock(session, message_id)
    status = (await queries.message(session, message_id)).status
    if status == MessageStatus.CANCELLED:
        return
    if status not in CANCELLABLE or not unfinished:
        raise NothingToCancel.now(status)
    changes = await _close(session, church_id, message_id, "claimed_by IS NULL")
    await batches.drop_finished(session, message_id)
    kind = await _mark(session, message_id)
    cancelled = MessageCancelled(church_id=church_id, message_id=message_id, kind=kind)
    await outbox.add(session, cancelled)
    await counting.apply(session, church_id, changes)


async def close(session: AsyncSession, batch: Batch) -> None:
    """End a claimed batch of a cancelled message: nobody is calling for its texts any more, and
    those of which nobody knows whether they left are not tried again to find out."""
    changes = await _close(
        session, batch.church_id, batch.message_id, "batch = :batch", batch.number
    )
    await counting.apply(session, batch.church_id, changes)
    await batches.finish(session, batch)


async def _close(
    session: AsyncSession, church_id: UUID, message_id: UUID, which: str, batch: int | None = None
) -> list[Change]:
    closed = await db.rows(
        session,
        f"""
        WITH held AS (
            SELECT id, status, claimed_by IS NOT NULL AS may_be_sent FROM message_recipients
             WHERE message_id = :message AND {which}
               AND status IN ('pending', 'sending') AND carrier_message_id IS NULL
             ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE message_recipients r
           SET status = CASE WHEN may_be_sent THEN 'unconfirmed' ELSE 'skipped' END,
               failure = CASE WHEN may_be_sent THEN :unknown ELSE :cancelled END,
               claimed_by = NULL, lease_until = NULL, settled_at = :now, updated_at = now()
          FROM held WHERE r.id = held.id
        RETURNING r.id, held.status AS previous, r.status, r.failure
        """,
        {
            "message": message_id,
            "unknown": Failure.NO_ANSWER,
            "cancelled": CANCELLED,
            "now": clock.now(),
        }
        | ({} if batch is None else {"batch": batch}),
    )
    doubtful = [row.id for row in closed if row.status == DeliveryStatus.UNCONFIRMED]
    await tracing.want(session, church_id, doubtful)
    return [
        Change(
            message_id=message_id,
            recipient_id=row.id,
            previous=DeliveryStatus(row.previous),
            status=DeliveryStatus(row.status),
            failure=row.failure,
        )
        for row in closed
    ]


async def _mark(session: AsyncSession, message_id: UUID) -> MessageKind:
    row = await db.first(
        session,
        """
        UPDATE messages SET status = 'cancelled', cancelled_at = :now
         WHERE id = :id AND status IN ('pending', 'sending', 'paused') RETURNING kind
        """,
        {"id": message_id, "now": clock.now()},
    )
    if row is None:  # its last text was settled in this moment
        raise NothingToCancel.now(MessageStatus.COMPLETED)
    return MessageKind(row.kind)
