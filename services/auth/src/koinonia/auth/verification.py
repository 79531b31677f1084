"""Which churches are verified: a mail address of an owner is known to be theirs.

A church that registers has proved nothing yet, so it waits: it can be prepared in every way, but it
gets no number and sends no broadcast. Once verified it stays so.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.auth import ChurchVerified


class Waiting(NamedTuple):
    """A church that waits to be verified, and the addresses of its owners."""

    church_id: UUID
    name: str
    owners: Sequence[str]
    registered_at: datetime


async def begin(session: AsyncSession, church_id: UUID) -> None:
    """The church waits from now on."""
    await db.run(
        session,
        "INSERT INTO unverified_churches (church_id, registered_at) VALUES (:church, :now)",
        {"church": church_id, "now": clock.now()},
    )


async def record(session: AsyncSession, church_id: UUID, admin_id: UUID) -> bool:
    """The address of this owner is theirs; False when the church was verified before. The session
    is in the church."""
    verified = await db.run(
        session,
        "UPDATE churches SET verified_at = :now WHERE id = :church AND verified_at IS NULL",
        {"church": church_id, "now": clock.now()},
    )
    if not verified:
        return False
    await db.run(
        session,
        "DELETE FROM unverified_churches WHERE church_id = :church",
        {"church": church_id},
    )
    await outbox.add(session, ChurchVerified(church_id=church_id, admin_id=admin_id))
    return True


async def waiting(session: AsyncSession, most: int) -> list[Waiting]:
    """The churches that wait, the latest first (ix_unverified_churches_registered_at). Leaves the
    session inside the last of them."""
    church_ids = await db.values(
        session,
        UUID,
        "SELECT church_id FROM unverified_churches ORDER BY registered_at DESC LIMIT :most",
        {"most": most},
    )
    found: list[Waiting] = []
    for church_id in church_ids:
        await db.enter_church(session, church_id)
        found += await db.rows(session, Waiting, _WAITING, {"church": church_id})
    return found


_WAITING = """
    SELECT churches.id AS church_id, name,
           array(SELECT email FROM admins
                  WHERE church_id = :church AND role = 'owner' AND disabled_at IS NULL
                  ORDER BY created_at, id) AS owners,
           churches.created_at AS registered_at
      FROM churches WHERE churches.id = :church AND verified_at IS NULL
"""
