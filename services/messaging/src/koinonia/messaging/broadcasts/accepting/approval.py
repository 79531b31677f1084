"""Billing's answer: the message starts, or it is over before it began."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.billing import SpendApproved, SpendDeclined
from koinonia.common.events.messaging import MessageKind, MessageStarted
from koinonia.messaging.broadcasts.controls import unsent_texts
from koinonia.messaging.messages import batch_release, batches, counters
from koinonia.messaging.vocabulary import MessageStatus


class _Started(NamedTuple):
    kind: str


async def start(session: AsyncSession, event: SpendApproved) -> None:
    """Release the first batches of a message that still waits for approval."""
    row = await db.first(
        session,
        _Started,
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
    await batch_release.release(session, event.message_id)


async def decline(session: AsyncSession, event: SpendDeclined) -> None:
    """Skip every recipient of a message that still waits for approval, and say why."""
    church_id, message_id = event.church_id, event.message_id
    numbers = await batches.lock(session, message_id)
    if not await db.exists(
        session, "SELECT 1 FROM messages WHERE id = :id AND status = 'pending'", {"id": message_id}
    ):
        return
    declined = MessageStatus.DECLINED
    changes = await unsent_texts.begin(session, church_id, message_id, numbers, declined)
    await db.run(
        session,
        """
        UPDATE messages SET status = 'declined', decline_code = :code, decline_reason = :reason
         WHERE id = :id AND status = 'pending'
        """,
        {"id": message_id, "code": event.code, "reason": event.reason},
    )
    await counters.apply(session, church_id, changes)
