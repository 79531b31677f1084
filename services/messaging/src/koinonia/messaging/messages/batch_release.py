"""How few batches of a message are in flight at one time, and when the next ones are released.

Whoever frees a place in the window, or makes a batch wait, calls :func:`release` in the same
transaction. That locks the message first, so those who do it at one time come one after another:
each sees what the one before it left behind, no batch is forgotten and no place given away twice.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import BatchReleased, ReplyReleased
from koinonia.messaging.lanes import Lane
from koinonia.messaging.messages import batches
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.vocabulary import MessageStatus

UNTOUCHED_SECONDS = 60.0  # released, yet nobody came: the event may be lost
RECOVERED_AT_ONCE = 100


class _Released(NamedTuple):
    church_id: UUID
    message_id: UUID
    number: int
    lane: str


class _Readmitted(NamedTuple):
    church_id: UUID
    message_id: UUID


async def release(session: AsyncSession, message_id: UUID) -> None:
    """Release as many waiting batches as there is room for; again and again has no effect.

    MATERIALIZED is what keeps the limit: a plan may run a subquery once per row that it joins,
    and each run would lock, and release, the next ones.
    """
    status = await db.value(
        session,
        str,
        "SELECT status FROM messages WHERE id = :id FOR NO KEY UPDATE",
        {"id": message_id},
    )
    if status != MessageStatus.SENDING:
        if status and status not in (MessageStatus.PENDING, MessageStatus.PAUSED):
            await _let_go(session, message_id)
        return
    released = await db.rows(
        session,
        _Released,
        """
        WITH next AS MATERIALIZED (
            SELECT message_id, number FROM dispatch_batches
             WHERE message_id = :message AND state = 'waiting'
             ORDER BY number
             LIMIT greatest(0, :window - (SELECT count(*) FROM dispatch_batches
                                           WHERE message_id = :message
                                             AND state IN ('released', 'claimed')))
               FOR UPDATE SKIP LOCKED)
        UPDATE dispatch_batches b
           SET state = 'released', changed_at = now(),
               due_at = now() + make_interval(secs => :untouched)
          FROM next
         WHERE b.message_id = next.message_id AND b.number = next.number
        RETURNING b.church_id, b.message_id, b.number, b.lane
        """,
        {"message": message_id, "untouched": UNTOUCHED_SECONDS, "window": batches.WINDOW},
    )
    await _announce(session, released)


async def _let_go(session: AsyncSession, message_id: UUID) -> None:
    """Release all that waits of a message that is over, due at once: whoever claims a batch closes
    its texts."""
    await db.run(
        session,
        """
        UPDATE dispatch_batches b SET state = 'released', changed_at = now(), due_at = now()
          FROM (SELECT message_id, number FROM dispatch_batches
                 WHERE message_id = :message AND state = 'waiting'
                   FOR UPDATE SKIP LOCKED) AS idle
         WHERE b.message_id = idle.message_id AND b.number = idle.number
        """,
        {"message": message_id},
    )


async def put_back(session: AsyncSession, batch: Batch) -> None:
    """The message did not send when we looked; if it does by now, the batch goes on at once, else
    whoever resumes it releases it."""
    await batches.wait(session, batch)
    await release(session, batch.message_id)


async def recover(session: AsyncSession) -> int:
    """Release again what is overdue, of any church; returns how many batches. Being released twice
    is harmless: one claim wins."""
    released = await db.rows(
        session,
        _Released,
        """
        WITH late AS MATERIALIZED (
            SELECT message_id, number FROM dispatch_batches
             WHERE state IN ('released', 'claimed') AND due_at < now()
             ORDER BY due_at LIMIT :at_once FOR UPDATE SKIP LOCKED)
        UPDATE dispatch_batches b
           SET state = 'released', worker = NULL, changed_at = now(),
               due_at = now() + make_interval(secs => :untouched)
          FROM late
         WHERE b.message_id = late.message_id AND b.number = late.number
        RETURNING b.church_id, b.message_id, b.number, b.lane
        """,
        {"untouched": UNTOUCHED_SECONDS, "at_once": RECOVERED_AT_ONCE},
    )
    await _announce(session, released)
    return len(released)


async def readmit(session: AsyncSession) -> int:
    """Let the batches of one message go on whose pause or quiet hours are over; returns how many.
    They wait for the window like all others, or one message would fill the queue at once."""
    due = await db.rows(session, _Readmitted, _READMIT, {"now": clock.now()})
    if due:
        await db.enter_church(session, due[0].church_id)
        await release(session, due[0].message_id)
    return len(due)


_IS_DUE = "(state = 'held' AND due_at <= :now) OR (state = 'deferred' AND due_at < now())"
_READMIT = f"""
    WITH first AS MATERIALIZED (
        SELECT message_id FROM dispatch_batches
         WHERE state <> 'waiting' AND ({_IS_DUE})
         ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ), due AS MATERIALIZED (
        SELECT b.message_id, b.number FROM dispatch_batches b JOIN first USING (message_id)
         WHERE {_IS_DUE} FOR UPDATE OF b SKIP LOCKED)
    UPDATE dispatch_batches b
       SET state = 'waiting', held = 0, due_at = NULL, changed_at = now()
      FROM due
     WHERE b.message_id = due.message_id AND b.number = due.number
    RETURNING b.church_id, b.message_id
"""


async def _announce(session: AsyncSession, released: Sequence[_Released]) -> None:
    in_order = sorted(released, key=lambda batch: (batch.message_id, batch.number))
    await outbox.add(session, *(_event(batch) for batch in in_order))


def _event(batch: _Released) -> BatchReleased | ReplyReleased:
    event = ReplyReleased if batch.lane == Lane.REPLY else BatchReleased
    return event(church_id=batch.church_id, message_id=batch.message_id, batch=batch.number)
