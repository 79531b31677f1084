"""The inbox: it remembers each applied event, so that a repetition has no effect.

RabbitMQ delivers at least once, carriers repeat themselves, and the outbox relay may publish a
row twice when it dies between the confirm and the delete. All of them end here: the event's id is
inserted in the transaction of its effects, and the second insert finds it taken.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db

KEEP_DAYS = 14
"""Longer than any redelivery: the retry ladder ends within the hour, a spooled call within days."""


async def record(session: AsyncSession, event_ids: Sequence[UUID]) -> set[UUID]:
    """Remember these events; returns the ones that were not known before.

    Two transactions with the same id wait for each other here, so the loser sees the winner's row.
    """
    known = await db.values(
        session,
        UUID,
        """
        INSERT INTO inbox (event_id)
        SELECT id FROM unnest(CAST(:ids AS uuid[])) AS given (id) ORDER BY id
        ON CONFLICT DO NOTHING
        RETURNING event_id
        """,
        {"ids": list(set(event_ids))},
    )
    return set(known)


async def entered(session: AsyncSession, event_id: UUID, church_id: UUID | None) -> bool:
    """Remember one event and enter its church, if it has one; False when it was applied before.

    In one statement, because a reaction has few and each is an eighth of what it costs.
    """
    return await db.exists(
        session,
        """
        INSERT INTO inbox (event_id)
        SELECT CAST(:id AS uuid) FROM set_config('koinonia.church_id', :church, true)
        ON CONFLICT DO NOTHING
        RETURNING event_id
        """,
        {"id": event_id, "church": str(church_id) if church_id else ""},
    )


async def prune(session: AsyncSession) -> int:
    """Forget what is older than :data:`KEEP_DAYS`; returns how many."""
    return await db.run(
        session,
        "DELETE FROM inbox WHERE received_at < now() - make_interval(days => :days)",
        {"days": KEEP_DAYS},
    )
