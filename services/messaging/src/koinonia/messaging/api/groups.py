"""``/api/groups`` and who is in them."""

from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import (
    TAGGED,
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
    kept,
)
from koinonia.messaging import kept_tables
from koinonia.messaging.numbers import senders
from koinonia.messaging.people import branches, groups
from koinonia.messaging.people.groups import Group
from koinonia.messaging.people.schemas import Added, GroupChange, GroupIn, GroupOut, MemberIds

router = APIRouter(prefix="/api/groups", tags=["people"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]
_GROUP = web.by_names(GroupOut)


@router.get("", dependencies=kept(tables=kept_tables.GROUPS), response_model=Page[GroupOut])
async def list_groups(
    read: ReadDep, params: PageQuery, branch_id: UUID | None = Query(None, alias="branchId")
) -> Response:
    if branch_id:
        await branches.get(read, branch_id)
    return web.json_page(await groups.page(read, params, branch_id), _GROUP)


@router.post("", status_code=201, dependencies=STAFF, response_model=GroupOut)
async def create_group(
    session: SessionDep, admin: CurrentAdmin, body: GroupIn, idempotency_key: IdempotencyKey
) -> Group:
    if body.number_id:
        await senders.check(session, body.number_id)
    return await groups.create(
        session, admin.church_id, body.branch_id, body.name, body.keyword, body.number_id
    )


@router.get("/{group_id}", response_model=GroupOut, dependencies=TAGGED)
async def read_group(read: ReadDep, group_id: UUID) -> Group:
    return await groups.get(read, group_id)


@router.patch("/{group_id}", dependencies=STAFF, response_model=GroupOut)
async def change_group(
    session: SessionDep, admin: CurrentAdmin, group_id: UUID, body: GroupChange
) -> Group:
    if body.number_id:
        await senders.check(session, body.number_id)
    return await groups.change(session, admin.church_id, group_id, body.given())


@router.delete("/{group_id}", status_code=204, dependencies=STAFF)
async def remove_group(session: SessionDep, admin: CurrentAdmin, group_id: UUID) -> Response:
    await groups.remove(session, admin.church_id, group_id)
    return Response(status_code=204)


@router.post("/{group_id}/members", dependencies=STAFF)
async def add_group_members(
    session: SessionDep, admin: CurrentAdmin, group_id: UUID, body: MemberIds
) -> Added:
    added = await groups.add_members(session, admin.church_id, group_id, body.member_ids)
    return Added(added=added)


@router.delete("/{group_id}/members/{member_id}", status_code=204, dependencies=STAFF)
async def remove_group_member(
    session: SessionDep, admin: CurrentAdmin, group_id: UUID, member_id: UUID
) -> Response:
    await groups.remove_member(session, admin.church_id, group_id, member_id)
    return Response(status_code=204)
