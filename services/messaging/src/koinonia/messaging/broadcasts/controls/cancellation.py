"""Cancelling a message: staff's word that nothing more of it is sent (``unsent_texts.py``)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import MessageCancelled, MessageKind
from koinonia.messaging.broadcasts.controls import unsent_texts
from koinonia.messaging.errors import NothingToCancel
from koinonia.messaging.messages import batches, counters, queries
from koinonia.messaging.vocabulary import MessageStatus

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
    cancelled = MessageStatus.CANCELLED
    changes = await unsent_texts.begin(session, church_id, message_id, unfinished, cancelled)
    kind = await _mark(session, message_id)
    event = MessageCancelled(church_id=church_id, message_id=message_id, kind=kind)
    await outbox.add(session, event)
    await counters.apply(session, church_id, changes)


async def _mark(session: AsyncSession, message_id: UUID) -> MessageKind:
    kind = await db.value(
        session,
        str,
        """
        UPDATE messages SET status = 'cancelled', cancelled_at = :now
         WHERE id = :id AND status IN ('pending', 'sending', 'paused') RETURNING kind
        """,
        {"id": message_id, "now": clock.now()},
    )
    if kind is None:  # its last text was settled in this moment
        raise NothingToCancel.now(MessageStatus.COMPLETED)
    return MessageKind(kind)
