"""Scheduled replies."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from koinonia.common.web import (
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    SessionDep,
    StaffOrAbove,
    paginate,
)
from koinonia.conversation.answering import scheduled
from koinonia.conversation.answering.scheduled import State
from koinonia.conversation.answering.schemas.scheduled import (
    ScheduledReply,
    ScheduledReplyChange,
    ScheduledReplyIn,
)

router = APIRouter(
    prefix="/api/conversations/{conversation_id}/scheduled-replies", tags=["conversations"]
)

OfState = Annotated[State | None, Query(alias="status", description="only those of this status")]


@router.get("", summary="The scheduled replies of a conversation, by their time")
async def list_scheduled_replies(
    session: SessionDep,
    admin: CurrentAdmin,
    conversation_id: UUID,
    params: PageQuery,
    state: OfState = None,
) -> Page[ScheduledReply]:
    rows = await scheduled.listed(session, admin.church_id, conversation_id, params, state)
    return paginate(
        rows, params, lambda row: (row.send_at, row.id), show=ScheduledReply.model_validate
    )


@router.post("", status_code=201, response_model=ScheduledReply, summary="Answer at a later time")
async def schedule_reply(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    body: ScheduledReplyIn,
    idempotency_key: IdempotencyKey = None,
) -> Any:
    """It goes at its time, also at night, or up to a day late after a downtime. What cannot be
    sent then is refused, and who wrote it is told."""
    return await scheduled.create(
        session,
        admin,
        conversation_id,
        body.content,
        body.media_urls,
        body.send_at,
        idempotency_key,
    )


@router.patch(
    "/{scheduled_reply_id}",
    response_model=ScheduledReply,
    summary="Change the words or the time of a reply that waits",
)
async def change_scheduled_reply(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    scheduled_reply_id: UUID,
    body: ScheduledReplyChange,
) -> Any:
    return await scheduled.change(
        session,
        admin.church_id,
        conversation_id,
        scheduled_reply_id,
        content=body.content,
        send_at=body.send_at,
    )


@router.delete("/{scheduled_reply_id}", status_code=204, summary="Cancel a reply that waits")
async def cancel_scheduled_reply(
    session: SessionDep, admin: StaffOrAbove, conversation_id: UUID, scheduled_reply_id: UUID
) -> Response:
    await scheduled.cancel(session, admin.church_id, conversation_id, scheduled_reply_id)
    return Response(status_code=204)
