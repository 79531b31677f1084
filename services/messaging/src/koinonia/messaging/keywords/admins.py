"""Who may be notified: a copy of auth's admins."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.auth import AdminJoined, AdminRemoved
from koinonia.messaging.keywords.errors import NoSuchAdmin


async def record(session: AsyncSession, event: AdminJoined | AdminRemoved) -> None:
    """Keep who works for the church. The newest event wins, in whatever order they come."""
    await db.run(
        session,
        """
        INSERT INTO admins (church_id, admin_id, is_removed, changed_at)
        VALUES (:church, :admin, :removed, :at)
        ON CONFLICT (church_id, admin_id) DO UPDATE
           SET is_removed = excluded.is_removed, changed_at = excluded.changed_at
         WHERE admins.changed_at <= excluded.changed_at
        """,
        {
            "church": event.church_id,
            "admin": event.admin_id,
            "removed": isinstance(event, AdminRemoved),
            "at": event.occurred_at,
        },
    )


async def check(session: AsyncSession, church_id: UUID, admin_ids: Collection[UUID]) -> None:
    """Raises ``NoSuchAdmin`` unless each of them works for the church."""
    if missing := set(admin_ids) - set(await present(session, church_id, admin_ids)):
        raise NoSuchAdmin(details={"ids": sorted(map(str, missing))})


async def present(
    session: AsyncSession, church_id: UUID, admin_ids: Collection[UUID]
) -> tuple[UUID, ...]:
    """Those who work for the church."""
    if not admin_ids:
        return ()
    found = await db.values(
        session,
        UUID,
        """
        SELECT admin_id FROM admins
         WHERE church_id = :church AND NOT is_removed
           AND admin_id = ANY(CAST(:ids AS uuid[]))
         ORDER BY admin_id
        """,
        {"church": church_id, "ids": list(admin_ids)},
    )
    return tuple(found)
