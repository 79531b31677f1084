"""``/api/labels``, and the labels of a thread."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from koinonia.common.web import CurrentAdmin, Page, PageQuery, SessionDep, StaffOrAbove, paginate
from koinonia.conversation.threads import threads
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.viewing.schemas import Overview
from koinonia.conversation.actions import thread_labels, labels
from koinonia.conversation.api.actions import overview
from koinonia.conversation.actions.schemas import Label, LabelChange, LabelIn, Labels

router = APIRouter(tags=["labels"])
of_threads = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.get("/api/labels", summary="Labels, by name")
async def list_labels(session: SessionDep, admin: CurrentAdmin, params: PageQuery) -> Page[Label]:
    rows = await labels.page(
        session, admin.church_id, params.after(str), params.offset, params.take
    )
    counted = await labels.total(session, admin.church_id) if params.page else None
    return paginate(
        rows, params, lambda row: (row.name_key,), show=Label.model_validate, total=counted
    )


@router.post(
    "/api/labels", status_code=201, response_model=Label, summary="Make a label for conversations"
)
async def create_label(session: SessionDep, admin: StaffOrAbove, given: LabelIn) -> Any:
    return await labels.create(session, admin.church_id, given.name, given.colour)


@router.get("/api/labels/{label_id}", response_model=Label, summary="One label")
async def read_label(session: SessionDep, admin: CurrentAdmin, label_id: UUID) -> Any:
    return await labels.one(session, admin.church_id, label_id)


@router.patch(
    "/api/labels/{label_id}", response_model=Label, summary="Give it another name or colour"
)
async def change_label(
    session: SessionDep, admin: StaffOrAbove, label_id: UUID, given: LabelChange
) -> Any:
    return await labels.change(session, admin.church_id, label_id, given.name, given.colour)


@router.delete(
    "/api/labels/{label_id}", status_code=204, summary="Take it off every conversation, and away"
)
async def remove_label(session: SessionDep, admin: StaffOrAbove, label_id: UUID) -> Response:
    await labels.remove(session, admin.church_id, label_id)
    return Response(status_code=204)


@of_threads.put("/{conversation_id}/labels", summary="Give it these labels and no others")
async def label(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    given: Labels,
) -> Overview:
    await labels.check(session, admin.church_id, given.label_ids)
    thread = await threads.locked(session, admin.church_id, conversation_id)
    await thread_labels.replace(session, thread, given.label_ids)
    return await overview.conversation(session, running, admin, conversation_id)
