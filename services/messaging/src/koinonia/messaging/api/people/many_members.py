"""``/api/members/bulk/…``: groups, branches and removal of up to 5,000 members at once."""

from fastapi import APIRouter, Depends

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import ActionDep, CurrentAdmin, OwnerOrAdmin
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people import many_members
from koinonia.messaging.people.many_schemas import GroupsOfMany, ManyMembers, ManyOut, MoveOfMany

router = APIRouter(prefix="/api/members/bulk", tags=["people"])
STAFF = [Depends(web.require(Role.STAFF))]


@router.post("/groups", dependencies=STAFF)
async def change_groups_of_many(
    running: RunningDep, admin: CurrentAdmin, action: ActionDep, body: GroupsOfMany
) -> ManyOut:
    """Put many into groups, take them out of groups, or both."""
    async with running.database.transaction(admin.church_id, bulk=True) as session:
        done = await many_members.change_groups(
            session, admin.church_id, body.member_ids, body.join, body.leave
        )
        action.details["people"] = done.changed
        await action.record(session)
    return ManyOut.model_validate(done)


@router.post("/move", dependencies=STAFF)
async def move_many(
    running: RunningDep, admin: CurrentAdmin, action: ActionDep, body: MoveOfMany
) -> ManyOut:
    """Move many to another branch: out of all their groups of the first one, and into the groups of
    the same names of the other. Who is in no group of the first branch is unchanged."""
    async with running.database.transaction(admin.church_id, bulk=True) as session:
        done = await many_members.move(
            session,
            admin.church_id,
            body.member_ids,
            body.from_branch_id,
            body.to_branch_id,
            body.group_id,
        )
        action.details["people"] = done.changed
        await action.record(session)
    return ManyOut.model_validate(done)


@router.post("/remove")
async def remove_many(
    running: RunningDep, admin: OwnerOrAdmin, action: ActionDep, body: ManyMembers
) -> ManyOut:
    """Remove many. Their opt-outs and their conversations stay."""
    async with running.database.transaction(admin.church_id, bulk=True) as session:
        done = await many_members.remove(session, admin.church_id, body.member_ids)
        action.details["people"] = done.changed
        await action.record(session)
    return ManyOut.model_validate(done)
