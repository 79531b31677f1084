"""Counters move in the transaction of the rows that they count, and each move is published.

Whatever changes the status of a text ends in :func:`apply`. Locks are taken in one order
everywhere: a batch, then recipients by id, then messages by id.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import (
    DeliveryChange,
    DeliveryStatus,
    DeliveryUpdated,
    MessageCompleted,
    MessageKind,
)
from koinonia.messaging.messages import batches, open_messages, statuses

CHANGES_PER_EVENT = 500
_NOTHING = Decimal(0)


class Change(NamedTuple):
    """What a statement did to one text: the row that it answers.

    ``parts`` and ``cost`` (USD) are added to what was billed. ``is_incomplete``: the text is over,
    and its carrier's record may tell more of it (``record_requests``).
    """

    message_id: UUID
    recipient_id: UUID
    previous: str
    status: str
    failure: str | None = None
    parts: int = 0
    cost: Decimal = _NOTHING
    is_incomplete: bool = False


class _Counted(NamedTuple):
    id: UUID
    kind: str
    created_by: UUID | None
    parts_billed: int
    counts: list[int]
    is_over: bool


async def apply(session: AsyncSession, church_id: UUID, changes: Sequence[Change]) -> None:
    """Count the changes, publish them, and complete each message that has nothing open left."""
    by_message: dict[UUID, list[Change]] = defaultdict(list)
    for change in changes:
        if change.status != change.previous or change.parts or change.cost:
            by_message[change.message_id].append(change)
    if not by_message:
        return
    counted = await _count(session, by_message)
    if over := [message.id for message in counted if message.is_over]:
        await open_messages.end(session, over)
        await batches.discard(session, over)
    for message in counted:
        await outbox.add(session, *_updates(church_id, message, by_message[message.id]))
        if message.is_over:
            await outbox.add(session, _completed(church_id, message))


async def _count(
    session: AsyncSession, by_message: Mapping[UUID, Sequence[Change]]
) -> list[_Counted]:
    """Move the counters of all messages at once; the rows as they are now."""
    deltas = {message_id: _delta(changes) for message_id, changes in by_message.items()}
    moved = {str(s): [delta[s] for delta in deltas.values()] for s in DeliveryStatus}
    billed = {
        "parts": [sum(change.parts for change in own) for own in by_message.values()],
        "costs": [sum((change.cost for change in own), _NOTHING) for own in by_message.values()],
    }
    return await db.rows(
        session, _Counted, _COUNT, {**moved, **billed, "ids": list(deltas), "now": clock.now()}
    )


# A message is over when its last open text closes, which happens once: nothing opens again.
_COUNT = f"""
    WITH given AS (
        SELECT * FROM unnest(
            CAST(:ids AS uuid[]), CAST(:parts AS integer[]), CAST(:costs AS numeric[]),
            {", ".join(f"CAST(:{status} AS integer[])" for status in DeliveryStatus)}
        ) AS given (id, parts, cost, {", ".join(DeliveryStatus)})
    ), held AS (
        SELECT m.id, given.parts, given.cost, {", ".join(f"given.{s}" for s in DeliveryStatus)},
               m.pending_count + m.sending_count + m.sent_count AS open,
               given.pending + given.sending + given.sent AS opened
          FROM messages m JOIN given USING (id)
         ORDER BY m.id FOR NO KEY UPDATE OF m
    )
    UPDATE messages m
       SET {", ".join(f"{s}_count = m.{s}_count + held.{s}" for s in DeliveryStatus)},
           parts_billed = m.parts_billed + held.parts,
           cost = m.cost + held.cost,
           status = CASE WHEN held.open + held.opened = 0
                          AND m.status IN ('pending', 'sending', 'paused')
                         THEN 'completed' ELSE m.status END,
           completed_at = CASE WHEN held.open + held.opened = 0 AND held.open > 0
                               THEN :now ELSE m.completed_at END
      FROM held WHERE m.id = held.id
    RETURNING m.id, m.kind, m.created_by, m.parts_billed, {statuses.COUNTS},
              held.open > 0 AND held.open + held.opened = 0 AS is_over
"""


def _delta(changes: Sequence[Change]) -> dict[str, int]:
    delta: dict[str, int] = dict.fromkeys(DeliveryStatus, 0)
    for change in changes:
        delta[change.previous] -= 1
        delta[change.status] += 1
    return delta


def _updates(
    church_id: UUID, message: _Counted, changes: Sequence[Change]
) -> Iterator[DeliveryUpdated]:
    parts = sum(change.parts for change in changes)
    cost = sum((change.cost for change in changes), _NOTHING)
    moved = [change for change in changes if change.status != change.previous]
    for start in range(0, max(len(moved), 1), CHANGES_PER_EVENT):
        yield DeliveryUpdated(
            church_id=church_id,
            message_id=message.id,
            kind=MessageKind(message.kind),
            changes=[_published(change) for change in moved[start : start + CHANGES_PER_EVENT]],
            parts=parts if start == 0 else 0,
            cost=cost if start == 0 else _NOTHING,
        )


def _published(change: Change) -> DeliveryChange:
    return DeliveryChange(
        recipient_id=change.recipient_id,
        previous=DeliveryStatus(change.previous),
        status=DeliveryStatus(change.status),
        failure=change.failure,
    )


def _completed(church_id: UUID, message: _Counted) -> MessageCompleted:
    return MessageCompleted(
        church_id=church_id,
        message_id=message.id,
        kind=MessageKind(message.kind),
        counts=statuses.by_status(message.counts),
        parts=message.parts_billed,
        admin_id=message.created_by,
    )
