"""Delivery statuses of replies (events of messaging)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events import by_church
from koinonia.common.events.messaging import (
    RANK,
    DeliveryChange,
    DeliveryUpdated,
    MessageKind,
)
from koinonia.conversation.threads import threads, updates
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Reason

RANKED = sorted(RANK, key=RANK.__getitem__)


async def apply(session: AsyncSession, events: Sequence[DeliveryUpdated]) -> None:
    """Move replies forward and publish that; reports about broadcasts are passed over."""
    for church_id, own in by_church([e for e in events if e.kind is MessageKind.REPLY]):
        await db.enter_church(session, church_id)
        await _move(session, church_id, _furthest(own))


def _furthest(events: Iterable[DeliveryUpdated]) -> dict[UUID, DeliveryChange]:
    """The highest status of each reply. A reply is one message to one phone."""
    found: dict[UUID, DeliveryChange] = {}
    for event in events:
        for change in event.changes:
            known = found.get(event.message_id)
            if known is None or change.status.rank > known.status.rank:
                found[event.message_id] = change
    return found


async def _move(
    session: AsyncSession, church_id: UUID, changes: dict[UUID, DeliveryChange]
) -> None:
    """Threads are locked first and in order, as by everyone who changes them."""
    given = {
        "church": church_id,
        "ids": list(changes),
        "statuses": [change.status for change in changes.values()],
        "failures": [change.failure for change in changes.values()],
        "ranked": RANKED,
    }
    locked = {each.id: each for each in await db.rows(session, Thread, _LOCK, given)}
    moved = set(await db.values(session, UUID, _MOVE, given))
    # A thread that is merged in this moment is missing: then the batch is applied again.
    events = [updates.update(locked[each], Reason.DELIVERY) for each in sorted(moved)]
    await updates.publish_all(session, church_id, events)


_LOCK = f"""
    SELECT {threads.COLUMNS} FROM conversations
     WHERE church_id = :church AND id IN (
           SELECT conversation_id FROM conversation_messages
            WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[])))
     ORDER BY id FOR UPDATE
"""

_MOVE = """
    WITH moved AS (
        UPDATE conversation_messages AS m SET status = given.status, failure = given.failure
          FROM unnest(CAST(:ids AS uuid[]), CAST(:statuses AS text[]),
                      CAST(:failures AS text[])) AS given (id, status, failure)
         WHERE m.church_id = :church AND m.id = given.id AND m.direction = 'outbound'
           AND array_position(CAST(:ranked AS text[]), given.status)
             > array_position(CAST(:ranked AS text[]), m.status)
        RETURNING m.id, m.conversation_id, m.status
    ), shown AS (
        UPDATE conversations AS c SET last_message_status = moved.status
          FROM moved WHERE c.id = moved.conversation_id AND c.last_message_id = moved.id
    )
    SELECT conversation_id FROM moved
"""
