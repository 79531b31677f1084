"""``/api/branches``."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

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
from koinonia.messaging.people import branches
from koinonia.messaging.people.branches import Branch
from koinonia.messaging.people.schemas import BranchIn, BranchOut

router = APIRouter(prefix="/api/branches", tags=["people"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]
ADMIN = [Depends(web.require(Role.ADMIN))]
_BRANCH = web.by_names(BranchOut)


@router.get("", dependencies=kept(tables=kept_tables.GROUPS), response_model=Page[BranchOut])
async def list_branches(read: ReadDep, params: PageQuery) -> Response:
    return web.json_page(await branches.page(read, params), _BRANCH)


@router.post("", status_code=201, dependencies=STAFF, response_model=BranchOut)
async def create_branch(
    session: SessionDep, admin: CurrentAdmin, body: BranchIn, idempotency_key: IdempotencyKey
) -> Branch:
    return await branches.create(session, admin.church_id, body.name)


@router.get("/{branch_id}", response_model=BranchOut, dependencies=TAGGED)
async def read_branch(read: ReadDep, branch_id: UUID) -> Branch:
    return await branches.get(read, branch_id)


@router.patch("/{branch_id}", dependencies=STAFF, response_model=BranchOut)
async def change_branch(session: SessionDep, branch_id: UUID, body: BranchIn) -> Branch:
    return await branches.rename(session, branch_id, body.name)


@router.delete("/{branch_id}", status_code=204, dependencies=ADMIN)
async def remove_branch(session: SessionDep, branch_id: UUID) -> Response:
    await branches.remove(session, branch_id)
    return Response(status_code=204)
