"""``/api/drafts``: broadcasts that are being written."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import (
    TAGGED,
    ActionDep,
    CreatingRoute,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
    StaffOrAbove,
)
from koinonia.messaging import audited
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.messages.schemas import Accepted
from koinonia.messaging.saved_drafts import saved_drafts
from koinonia.messaging.saved_drafts.draft_schemas import (
    DraftIn,
    DraftOut,
    DraftReplacement,
    DraftVersionIn,
)
from koinonia.messaging.saved_drafts.saved_drafts import SavedDraft
from koinonia.messaging.schedules import sending

router = APIRouter(prefix="/api/drafts", tags=["messages"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]

AsRead = Annotated[
    int | None, Query(ge=1, description="The version as it was read; another one is not removed.")
]

_DRAFT = web.by_names(DraftOut)


@router.get("", dependencies=TAGGED, response_model=Page[DraftOut])
async def list_drafts(read: ReadDep, admin: StaffOrAbove, params: PageQuery) -> Response:
    """The church's drafts, the one that was changed last first."""
    page = await saved_drafts.page(read, admin.church_id, params)
    return web.json_page(page, _DRAFT)


@router.post("", status_code=201, response_model=DraftOut)
async def create_draft(
    session: SessionDep, admin: StaffOrAbove, body: DraftIn, idempotency_key: IdempotencyKey
) -> SavedDraft:
    """Keep a broadcast that is not finished yet. Uploads that it names are kept as long as it."""
    return await saved_drafts.create(session, admin, body)


@router.get("/{draft_id}", dependencies=[*STAFF, *TAGGED], response_model=DraftOut)
async def read_draft(read: ReadDep, draft_id: UUID) -> SavedDraft:
    return await saved_drafts.get(read, draft_id)


@router.put("/{draft_id}", response_model=DraftOut)
async def replace_draft(
    session: SessionDep, admin: StaffOrAbove, draft_id: UUID, body: DraftReplacement
) -> SavedDraft:
    """Write on: what is sent takes the place of what is there. Refused when a colleague wrote
    meanwhile."""
    return await saved_drafts.replace(session, admin, draft_id, body)


@router.delete("/{draft_id}", status_code=204)
async def remove_draft(
    session: SessionDep, admin: StaffOrAbove, draft_id: UUID, version: AsRead = None
) -> Response:
    await saved_drafts.remove(session, admin.church_id, draft_id, version)
    return Response(status_code=204)


@router.post("/{draft_id}/send", status_code=202, response_model_exclude_none=True)
async def send_draft(
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    draft_id: UUID,
    body: DraftVersionIn,
    action: ActionDep,
    idempotency_key: IdempotencyKey,
) -> Accepted:
    """Send a draft as ``POST /api/messages/send`` would; it is a draft no more. Whoever sends it
    second is told that it is gone."""
    request = await saved_drafts.finished(session, draft_id, body.version)
    accepted = await sending.accept(session, admin, request, running.phones)
    await saved_drafts.remove(session, admin.church_id, draft_id)
    audited.describe_sending(action, accepted)
    return accepted
