"""``/api/conversations/{id}/scheduled-replies``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from koinonia.common.web import (
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    SessionDep,
    StaffOrAbove,
)
from koinonia.conversation.replies import scheduled_replies
from koinonia.conversation.replies.scheduled_replies import ScheduledReplyRow, State
from koinonia.conversation.replies.schemas import ScheduledReply, ScheduledReplyChange, ScheduledReplyIn

router = APIRouter(
    prefix="/api/conversations/{conversation_id}/scheduled-replies", tags=["conversations"]
)

OfState = Annotated[State | None, Query(alias="status", description="only those of this status")]


@router.get(
    "",
    response_model=Page[ScheduledReply],
    summary="The scheduled replies of a conversation, by their time",
)
async def list_scheduled_replies(
    session: SessionDep,
    admin: CurrentAdmin,
    conversation_id: UUID,
    params: PageQuery,
    state: OfState = None,
) -> Page[ScheduledReplyRow]:
    return await scheduled_replies.page(session, admin.church_id, conversation_id, params, state)


@router.post("", status_code=201, response_model=ScheduledReply, summary="Answer at a later time")
async def schedule_reply(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    body: ScheduledReplyIn,
    idempotency_key: IdempotencyKey = None,
) -> ScheduledReplyRow:
    """It goes at its time, also at night, or up to a day late after a downtime. What cannot be
    sent then is refused, and who wrote it is told."""
    return await scheduled_replies.create(
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
) -> ScheduledReplyRow:
    return await scheduled_replies.change(
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
    await scheduled_replies.cancel(session, admin.church_id, conversation_id, scheduled_reply_id)
    return Response(status_code=204)
