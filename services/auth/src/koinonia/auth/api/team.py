"""``/api/auth/team``: the admins of the church and their roles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from koinonia.auth import audit, sessions
from koinonia.auth.audit import Action
from koinonia.auth.dependencies import ClientDep, RunningDep
from koinonia.auth.team import colleagues, permissions
from koinonia.auth.team.schemas import ColleagueChange, ColleagueOut
from koinonia.common import db, web
from koinonia.common.identity import Role
from koinonia.common.web import TAGGED, CurrentAdmin, Page, PageQuery, ReadDep, SessionDep

router = APIRouter(prefix="/api/auth/team", tags=["team"])
ADMIN = [Depends(web.require(Role.ADMIN))]
Removed = Annotated[bool, Query(description="those who were removed, not those who are here")]

_COLLEAGUE = web.by_names(ColleagueOut)


@router.get(
    "",
    summary="Who works for the church, by name",
    dependencies=TAGGED,
    response_model=Page[ColleagueOut],
)
async def list_team(read: ReadDep, params: PageQuery, removed: Removed = False) -> Response:
    found = await colleagues.page(read, params, removed)
    return web.json_page(found, _COLLEAGUE)


@router.patch("/{admin_id}", dependencies=ADMIN, summary="Change a colleague's role or name")
async def change_colleague(
    session: SessionDep,
    running: RunningDep,
    admin: CurrentAdmin,
    client: ClientDep,
    admin_id: UUID,
    body: ColleagueChange,
) -> ColleagueOut:
    """A lower role counts at once: access tokens of the higher one are answered with
    `TOKEN_EXPIRED`, and renewing gives one of the new role."""
    actor = await permissions.lock_actor(session, admin)
    account = await colleagues.present(session, admin_id)
    changed = await colleagues.change(session, actor, account, body.given())
    after = await colleagues.colleague(session, admin_id)
    if changed:
        await audit.record(
            session,
            Action.ADMIN_UPDATED,
            admin.church_id,
            admin.admin_id,
            client.address,
            thing_id=admin_id,
            changed=changed,
            role=after.role,
        )
    if "role" in changed:
        role = Role(after.role)
        db.after_commit(session, lambda: sessions.limit_role(running.revocations, admin_id, role))
    return ColleagueOut.model_validate(after)


@router.delete(
    "/{admin_id}", status_code=204, dependencies=ADMIN, summary="Remove somebody from the team"
)
async def remove_colleague(
    session: SessionDep, running: RunningDep, admin: CurrentAdmin, client: ClientDep, admin_id: UUID
) -> Response:
    """Ends all their sessions at once; their address is free for a new invitation."""
    actor = await permissions.lock_actor(session, admin)
    account = await colleagues.present(session, admin_id)
    ended = await colleagues.remove(session, actor, account)
    await audit.record(
        session,
        Action.ADMIN_REMOVED,
        admin.church_id,
        admin.admin_id,
        client.address,
        thing_id=admin_id,
        role=account.role,
    )
    db.after_commit(session, lambda: sessions.revoke(running.revocations, ended))
    return Response(status_code=204)
