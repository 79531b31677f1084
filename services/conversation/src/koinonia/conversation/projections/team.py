"""Who works for a church, and their names (events of auth about admins)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.auth import AdminJoined, AdminRemoved, AdminUpdated
from koinonia.conversation.errors import NoSuchAdmin


async def record(session: AsyncSession, event: AdminJoined | AdminUpdated) -> None:
    """The newest event wins; an older one still adds a name where none is known."""
    await db.run(
        session,
        """
        INSERT INTO team (church_id, admin_id, first_name, last_name, role, changed_at)
        VALUES (:church, :admin, :first_name, :last_name, :role, :at)
        ON CONFLICT (church_id, admin_id) DO UPDATE
           SET (first_name, last_name, role) = (SELECT newest.first_name, newest.last_name,
                                                       newest.role
                  FROM (VALUES (excluded.first_name, excluded.last_name, excluded.role,
                                excluded.changed_at),
                               (team.first_name, team.last_name, team.role, team.changed_at))
                       AS newest (first_name, last_name, role, changed_at)
                 ORDER BY first_name IS NULL, changed_at DESC LIMIT 1),
               is_removed = team.is_removed AND excluded.changed_at <= team.changed_at,
               changed_at = greatest(team.changed_at, excluded.changed_at)
        """,
        {
            "church": event.church_id,
            "admin": event.admin_id,
            "first_name": event.first_name,
            "last_name": event.last_name,
            "role": event.role,
            "at": event.occurred_at,
        },
    )


async def remove(session: AsyncSession, event: AdminRemoved) -> None:
    """Nothing can be assigned to them any more; what they wrote keeps their name."""
    await db.run(
        session,
        """
        INSERT INTO team (church_id, admin_id, is_removed, changed_at)
        VALUES (:church, :admin, true, :at)
        ON CONFLICT (church_id, admin_id) DO UPDATE
           SET is_removed = true, changed_at = excluded.changed_at
         WHERE team.changed_at <= excluded.changed_at
        """,
        {"church": event.church_id, "admin": event.admin_id, "at": event.occurred_at},
    )


async def check(session: AsyncSession, church_id: UUID, admin_ids: Collection[UUID]) -> None:
    """Raises ``NoSuchAdmin`` unless all of them are of the team."""
    if not admin_ids:
        return
    found = await db.values(
        session,
        UUID,
        """
        SELECT admin_id FROM team
         WHERE church_id = :church AND admin_id = ANY(CAST(:ids AS uuid[])) AND NOT is_removed
        """,
        {"church": church_id, "ids": list(admin_ids)},
    )
    if missing := set(admin_ids) - set(found):
        raise NoSuchAdmin(details={"ids": sorted(map(str, missing))})
