"""The sessions of one person, as they see and end them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import sessions
from koinonia.auth.errors import NoSuchSession
from koinonia.auth.sessions import Ending
from koinonia.common import clock, db
from koinonia.common.identity import Identity
from koinonia.common.pagination import Page, PageParams

NEWEST_FIRST = db.Order({"renewed_at": datetime, "id": UUID}, descending=True)


class OwnSession(NamedTuple):
    id: UUID
    user_agent: str | None
    network: str | None
    created_at: datetime
    renewed_at: datetime
    expires_at: datetime
    is_current: bool


async def page(session: db.Session, admin: Identity, params: PageParams) -> Page[OwnSession]:
    """One page of those that may act, the one used last first. A person has few
    (ix_sessions_church_id_admin_id), so they are sorted as they are found."""
    return await db.page(
        session,
        OwnSession,
        """
        SELECT id, user_agent, network, created_at, renewed_at, expires_at,
               id = CAST(:current AS uuid) AS is_current
          FROM sessions
         WHERE church_id = :church AND admin_id = :admin AND ended_at IS NULL AND expires_at > :now
        """,
        {
            "church": admin.church_id,
            "admin": admin.admin_id,
            "current": admin.session_id,
            "now": clock.now(),
        },
        params,
        NEWEST_FIRST,
        counted="""
        SELECT count(*) FROM sessions
         WHERE church_id = :church AND admin_id = :admin AND ended_at IS NULL AND expires_at > :now
        """,
    )


async def end(session: AsyncSession, admin: Identity, session_id: UUID) -> None:
    """End one of one's own. Raises ``NoSuchSession``, for one that ended before too."""
    is_own = await db.exists(
        session,
        "SELECT 1 FROM sessions WHERE id = :id AND admin_id = :admin AND expires_at > :now",
        {"id": session_id, "admin": admin.admin_id, "now": clock.now()},
    )
    if not is_own or await sessions.end(session, session_id, Ending.CHOSEN) is None:
        raise NoSuchSession


async def end_others(session: AsyncSession, admin: Identity) -> list[UUID]:
    """End all of one's own but the one that asks; returns those that ended."""
    return await sessions.end_all(session, admin.admin_id, Ending.CHOSEN, admin.session_id)
