"""``/api/members/bulk/…``: groups, branches and removal of up to 5,000 members at once."""

from fastapi import APIRouter, Depends

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import ActionDep, CurrentAdmin, OwnerOrAdmin
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people import directory, many_members
from koinonia.messaging.people.filters import preparation
from koinonia.messaging.people.many_schemas import (
    MOST_MEMBERS,
    FilteredOut,
    GroupsOfFilter,
    GroupsOfMany,
    ManyMembers,
    ManyOut,
    MoveOfMany,
)

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


@router.post("/groups/by-filter", dependencies=STAFF)
async def change_groups_of_filter(
    running: RunningDep, admin: CurrentAdmin, action: ActionDep, body: GroupsOfFilter
) -> FilteredOut:
    """Put everybody of a filter into groups, take them out of groups, or both: 5,000 at once. Ask
    again with ``nextCursor`` until there is none."""
    church_id = admin.church_id
    async with running.database.transaction(church_id, bulk=True) as session:
        wanted = await preparation.prepared(session, church_id, body.filter, running.phones)
        ids = await directory.ids(session, wanted, body.cursor, MOST_MEMBERS)
        done = await many_members.change_groups(session, church_id, ids, body.join, body.leave)
        action.details["people"] = done.changed
        await action.record(session)
    following = ids[-1] if len(ids) == MOST_MEMBERS else None
    return FilteredOut(changed=done.changed, unchanged=done.unchanged, next_cursor=following)


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
