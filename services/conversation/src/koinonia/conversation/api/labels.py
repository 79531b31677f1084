"""``/api/labels``."""

from uuid import UUID

from fastapi import APIRouter, Response

from koinonia.common.web import (
    TAGGED,
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
    StaffOrAbove,
    by_names,
    json_page,
    kept,
)
from koinonia.conversation import kept_tables
from koinonia.conversation.actions import labels
from koinonia.conversation.actions.schemas import Label, LabelChange, LabelIn

router = APIRouter(tags=["labels"], route_class=CreatingRoute)

_LABEL = by_names(Label)


@router.get(
    "/api/labels",
    summary="Labels, by name",
    dependencies=kept(tables=kept_tables.LABELS),
    response_model=Page[Label],
)
async def list_labels(read: ReadDep, admin: CurrentAdmin, params: PageQuery) -> Response:
    page = await labels.page(read, admin.church_id, params)
    return json_page(page, _LABEL)


@router.post("/api/labels", status_code=201, summary="Make a label for conversations")
async def create_label(
    session: SessionDep, admin: StaffOrAbove, given: LabelIn, idempotency_key: IdempotencyKey
) -> Label:
    label = await labels.create(session, admin.church_id, given.name, given.colour)
    return Label.model_validate(label)


@router.get("/api/labels/{label_id}", summary="One label", dependencies=TAGGED)
async def read_label(read: ReadDep, admin: CurrentAdmin, label_id: UUID) -> Label:
    label = await labels.by_id(read, admin.church_id, label_id)
    return Label.model_validate(label)


@router.patch("/api/labels/{label_id}", summary="Give it another name or colour")
async def change_label(
    session: SessionDep, admin: StaffOrAbove, label_id: UUID, given: LabelChange
) -> Label:
    label = await labels.change(session, admin.church_id, label_id, given.name, given.colour)
    return Label.model_validate(label)


@router.delete(
    "/api/labels/{label_id}", status_code=204, summary="Take it off every conversation, and away"
)
async def remove_label(session: SessionDep, admin: StaffOrAbove, label_id: UUID) -> Response:
    await labels.remove(session, admin.church_id, label_id)
    return Response(status_code=204)
