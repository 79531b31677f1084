"""``/api/auth/church``: the church's name, time zone and language."""

from fastapi import APIRouter, Depends

from koinonia.auth import audit, churches
from koinonia.auth.audit import Action
from koinonia.auth.dependencies import ClientDep
from koinonia.auth.schemas import ChurchChange, ChurchOut
from koinonia.auth.team import permissions
from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import TAGGED, CurrentAdmin, ReadDep, SessionDep

router = APIRouter(prefix="/api/auth/church", tags=["church"])


@router.get("", summary="One's own church", dependencies=TAGGED)
async def read_church(read: ReadDep) -> ChurchOut:
    return ChurchOut.model_validate(await churches.own(read))


@router.patch(
    "",
    dependencies=[Depends(web.require(Role.ADMIN))],
    summary="Change the church's name, time zone or language",
)
async def change_church(
    session: SessionDep, admin: CurrentAdmin, client: ClientDep, body: ChurchChange
) -> ChurchOut:
    await permissions.lock_actor(session, admin)
    church, changed = await churches.change(session, admin.church_id, body.given())
    if changed:
        await audit.record(
            session,
            Action.CHURCH_UPDATED,
            admin.church_id,
            admin.admin_id,
            client.address,
            changed=changed,
        )
    return ChurchOut.model_validate(church)
