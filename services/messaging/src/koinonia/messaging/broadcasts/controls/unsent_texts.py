"""The texts that are never sent of a message that was cancelled or declined, and their closing.

Nobody waits for all of a large message: from the moment it is over nothing of it is claimed any
more, the first batches are closed at once and the others by workers, batch by batch. A text that a
worker is calling for right now goes out and is recorded.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure
from koinonia.common import clock, db
from koinonia.common.events.messaging import OwnFailure
from koinonia.messaging.messages import batches, counters, record_requests
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.messages.counters import Change
from koinonia.messaging.vocabulary import MessageStatus

AT_ONCE = 20  # batches
FAILURES = {
    MessageStatus.CANCELLED: OwnFailure.CANCELLED,
    MessageStatus.DECLINED: OwnFailure.DECLINED,
}


async def begin(
    session: AsyncSession,
    church_id: UUID,
    message_id: UUID,
    numbers: Sequence[int],
    status: MessageStatus,
) -> list[Change]:
    """Close the first of a message's batches, which are locked, and leave the others to workers;
    what has changed, for the caller to count once the message has its ``status``."""
    changes = await _close(
        session,
        church_id,
        message_id,
        status,
        "claimed_by IS NULL AND batch = ANY(CAST(:batches AS integer[]))",
        {"batches": list(numbers[:AT_ONCE])},
    )
    await batches.drop_finished(session, message_id)
    return changes


async def close(session: AsyncSession, batch: Batch, status: MessageStatus) -> None:
    """End a claimed batch: nobody is calling for its texts any more, and those of which nobody
    knows whether they left are not tried again to find out."""
    own = {"batch": batch.number}
    changes = await _close(
        session, batch.church_id, batch.message_id, status, "batch = :batch", own
    )
    await counters.apply(session, batch.church_id, changes)
    await batches.finish(session, batch)


async def _close(
    session: AsyncSession,
    church_id: UUID,
    message_id: UUID,
    status: MessageStatus,
    which: str,
    parameters: Mapping[str, object],
) -> list[Change]:
    changes = await db.rows(
        session,
        Change,
        f"""
        WITH held AS (
            SELECT id, status AS previous, claimed_by IS NOT NULL AS may_be_sent
              FROM message_recipients
             WHERE message_id = :message AND {which}
               AND status IN ('pending', 'sending') AND carrier_message_id IS NULL
             ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE message_recipients r
           SET status = CASE WHEN may_be_sent THEN 'unconfirmed' ELSE 'skipped' END,
               failure = CASE WHEN may_be_sent THEN :unknown ELSE :failure END,
               claimed_by = NULL, lease_until = NULL, settled_at = :now, updated_at = now()
          FROM held WHERE r.id = held.id
        RETURNING r.message_id, r.id AS recipient_id, held.previous, r.status, r.failure,
                  0 AS parts, CAST(0 AS numeric) AS cost,
                  {record_requests.INCOMPLETE} AS is_incomplete
        """,
        {
            "message": message_id,
            "unknown": Failure.NO_ANSWER,
            "failure": FAILURES[status],
            "now": clock.now(),
            **parameters,
        },
    )
    incomplete = [change.recipient_id for change in changes if change.is_incomplete]
    await record_requests.want(session, church_id, incomplete)
    return changes
