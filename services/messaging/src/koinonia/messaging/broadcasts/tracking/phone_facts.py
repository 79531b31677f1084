"""What our texts tell about phones: that one takes none, or that it had our first one.

Each is about (church, phone). That a phone takes no texts holds for half a year (``audience``),
because a number may be given to somebody else; a text that arrives after all takes it back.
"""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure
from koinonia.common import clock, db
from koinonia.common.events import by_church
from koinonia.common.events.messaging import DeliveryStatus, MessageCompleted, MessageKind
from koinonia.messaging.messages.counters import Change
from koinonia.messaging.people import audience

Unreachable = Literal["landline", "invalid"]
TEACHES = {Failure.INVALID_NUMBER: "invalid", Failure.NOT_TEXTABLE: "landline"}


async def learn(session: AsyncSession, church_id: UUID, changes: Sequence[Change]) -> None:
    """Record which phones these texts failed at for good, and which took one after all."""
    known: Mapping[str | None, str] = {str(f): fact for f, fact in TEACHES.items()}
    taught = {
        change.recipient_id: known[change.failure]
        for change in changes
        if change.status == DeliveryStatus.FAILED and change.failure in known
    }
    refuted = [
        change.recipient_id
        for change in changes
        if change.status == DeliveryStatus.DELIVERED and change.previous == DeliveryStatus.FAILED
    ]
    if taught:
        await _record(session, church_id, taught)
    if refuted:
        await _forget(session, church_id, refuted)


async def unreachable(session: db.Session, church_id: UUID, phone_index: str) -> Unreachable | None:
    """Why broadcasts leave this phone out, as long as they do."""
    found = await db.value(
        session,
        str,
        f"""
        SELECT min(fact) FROM phone_facts
         WHERE church_id = :church AND phone_index = :index AND fact <> 'greeted'
           AND learned_at > CAST(:now AS timestamptz) - {audience.FACTS_HOLD}
        """,
        {"church": church_id, "index": phone_index, "now": clock.now()},
    )
    return None if found is None else "landline" if found == "landline" else "invalid"


async def greet(session: AsyncSession, events: Sequence[MessageCompleted]) -> None:
    """Remember who had a broadcast of this church, so that the next is not their first."""
    broadcasts = [event for event in events if event.kind is MessageKind.BROADCAST]
    for church_id, own in by_church(broadcasts):
        await db.enter_church(session, church_id)
        await _greet(session, [event.message_id for event in own])


async def _greet(session: AsyncSession, message_ids: Sequence[UUID]) -> None:
    await db.run(
        session,
        """
        INSERT INTO phone_facts (church_id, phone_index, fact, learned_at)
        SELECT r.church_id, r.phone_index, 'greeted', :now
          FROM message_recipients r
          LEFT JOIN phone_facts f ON f.church_id = r.church_id AND f.phone_index = r.phone_index
                                 AND f.fact = 'greeted'
         WHERE r.message_id = ANY(CAST(:messages AS uuid[]))
           AND r.sent_at IS NOT NULL AND r.status <> 'failed'
           AND f.phone_index IS NULL
         ORDER BY r.phone_index
        ON CONFLICT DO NOTHING
        """,
        {"messages": message_ids, "now": clock.now()},
    )


async def _record(session: AsyncSession, church_id: UUID, taught: Mapping[UUID, str]) -> None:
    await db.run(
        session,
        """
        INSERT INTO phone_facts (church_id, phone_index, fact, learned_at)
        SELECT DISTINCT r.church_id, r.phone_index, taught.fact, CAST(:now AS timestamptz)
          FROM unnest(CAST(:ids AS uuid[]), CAST(:facts AS text[])) AS taught (id, fact)
          JOIN message_recipients r ON r.id = taught.id AND r.church_id = :church
         ORDER BY 2, 3
        ON CONFLICT (church_id, phone_index, fact) DO UPDATE SET learned_at = excluded.learned_at
        """,
        {
            "church": church_id,
            "ids": list(taught),
            "facts": list(taught.values()),
            "now": clock.now(),
        },
    )


async def _forget(session: AsyncSession, church_id: UUID, recipient_ids: Sequence[UUID]) -> None:
    await db.run(
        session,
        """
        DELETE FROM phone_facts f USING message_recipients r
         WHERE r.id = ANY(CAST(:ids AS uuid[])) AND f.church_id = :church
           AND f.phone_index = r.phone_index AND f.fact <> 'greeted'
        """,
        {"church": church_id, "ids": list(recipient_ids)},
    )
