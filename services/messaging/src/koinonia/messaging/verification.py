"""Which churches are verified: a copy of what auth says, a moment behind.

The one place that lets a church have a number and send broadcasts. Answers to what people text are
for every church: STOP and HELP must be confirmed whoever the church is.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.auth import ChurchVerified
from koinonia.messaging.errors import AddressNotVerified


async def record(session: AsyncSession, event: ChurchVerified) -> None:
    """Keep that the church is verified; it stays so."""
    await db.run(
        session,
        """
        INSERT INTO verified_churches (church_id, verified_at) VALUES (:church, :at)
        ON CONFLICT (church_id) DO NOTHING
        """,
        {"church": event.church_id, "at": event.occurred_at},
    )


async def is_verified(session: AsyncSession, church_id: UUID) -> bool:
    return await db.exists(
        session,
        "SELECT 1 FROM verified_churches WHERE church_id = :church",
        {"church": church_id},
    )


async def lock(session: AsyncSession, church_id: UUID) -> None:
    """Of a verified church, until the transaction ends: its orders come one after the other."""
    await db.run(
        session,
        "SELECT FROM verified_churches WHERE church_id = :church FOR UPDATE",
        {"church": church_id},
    )


async def check(session: AsyncSession, church_id: UUID) -> None:
    """Raises ``AddressNotVerified``."""
    if not await is_verified(session, church_id):
        raise AddressNotVerified
