"""``/api/auth/sessions``: where one is signed in."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import audit, sessions
from koinonia.auth.audit import Action
from koinonia.auth.dependencies import ClientDep, RunningDep
from koinonia.auth.places import own_sessions
from koinonia.auth.schemas import SessionOut
from koinonia.common import db
from koinonia.common.identity import Identity
from koinonia.common.web import CurrentAdmin, Page, PageQuery, ReadDep, SessionDep

router = APIRouter(prefix="/api/auth/sessions", tags=["auth"])


@router.get("", summary="Where one is signed in, the session used last first")
async def list_sessions(read: ReadDep, admin: CurrentAdmin, params: PageQuery) -> Page[SessionOut]:
    found = await own_sessions.page(read, admin, params)
    return found.shown(SessionOut.from_row)


@router.delete("/{session_id}", status_code=204, summary="End one of one's own sessions")
async def end_session(
    session: SessionDep,
    running: RunningDep,
    admin: CurrentAdmin,
    client: ClientDep,
    session_id: UUID,
) -> Response:
    """It is out at once: its access token is refused from now on."""
    await own_sessions.end(session, admin, session_id)
    await _record(session, admin, client.address, [session_id])
    db.after_commit(session, lambda: sessions.revoke(running.revocations, [session_id]))
    return Response(status_code=204)


@router.delete("", status_code=204, summary="End all other sessions of one's own")
async def end_other_sessions(
    session: SessionDep, running: RunningDep, admin: CurrentAdmin, client: ClientDep
) -> Response:
    """The one that asks goes on."""
    ended = await own_sessions.end_others(session, admin)
    await _record(session, admin, client.address, ended)
    db.after_commit(session, lambda: sessions.revoke(running.revocations, ended))
    return Response(status_code=204)


async def _record(
    session: AsyncSession, admin: Identity, address: str | None, ended: list[UUID]
) -> None:
    for each in ended:
        await audit.record(
            session, Action.SESSION_ENDED, admin.church_id, admin.admin_id, address, each
        )
