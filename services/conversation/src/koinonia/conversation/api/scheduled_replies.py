"""``/api/conversations/{id}/scheduled-replies``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from koinonia.common.web import (
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
)
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.presence import presence
from koinonia.conversation.replies import (
    attachments,
    newer_lines,
    recipients,
    scheduled_replies,
)
from koinonia.conversation.replies.scheduled_replies import ScheduledReplyStatus
from koinonia.conversation.replies.schemas import (
    ScheduledReply,
    ScheduledReplyChange,
    ScheduledReplyIn,
)

router = APIRouter(
    prefix="/api/conversations/{conversation_id}/scheduled-replies",
    tags=["conversations"],
    route_class=CreatingRoute,
)

OfState = Annotated[
    ScheduledReplyStatus | None, Query(alias="status", description="only those of this status")
]

_SCHEDULED_REPLY = by_names(ScheduledReply)


@router.get(
    "",
    summary="The scheduled replies of a conversation, by their time",
    response_model=Page[ScheduledReply],
)
async def list_scheduled_replies(
    read: ReadDep,
    admin: CurrentAdmin,
    conversation_id: UUID,
    params: PageQuery,
    state: OfState = None,
) -> Response:
    page = await scheduled_replies.page(read, admin.church_id, conversation_id, params, state)
    return json_page(page, _SCHEDULED_REPLY)


@router.post("", status_code=201, summary="Answer at a later time")
async def schedule_reply(
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    body: ScheduledReplyIn,
    idempotency_key: IdempotencyKey,
) -> ScheduledReply:
    """It goes at its time, also at night, or up to a day late after a downtime. What cannot be
    sent then is refused, and who wrote it is told."""
    uploads = await attachments.addresses(session, running, admin.church_id, body.media_ids)
    target = await recipients.target(
        *(session, running.phones, admin.church_id, conversation_id, body.recipient),
        for_later=True,
    )
    await newer_lines.check(session, admin, body.seen(conversation_id), target.thread)
    reply = await scheduled_replies.create(
        session,
        admin,
        target.thread,
        body.content,
        [*body.media_urls, *(upload.url for upload in uploads)],
        body.media_ids,
        body.send_at,
    )
    await presence.end(running, session, admin, conversation_id)
    return ScheduledReply.model_validate(reply)


@router.patch(
    "/{scheduled_reply_id}",
    summary="Change the words or the time of a reply that waits",
)
async def change_scheduled_reply(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    scheduled_reply_id: UUID,
    body: ScheduledReplyChange,
) -> ScheduledReply:
    reply = await scheduled_replies.change(
        session,
        admin.church_id,
        conversation_id,
        scheduled_reply_id,
        content=body.content,
        send_at=body.send_at,
    )
    return ScheduledReply.model_validate(reply)


@router.delete("/{scheduled_reply_id}", status_code=204, summary="Cancel a reply that waits")
async def cancel_scheduled_reply(
    session: SessionDep, admin: StaffOrAbove, conversation_id: UUID, scheduled_reply_id: UUID
) -> Response:
    await scheduled_replies.cancel(session, admin.church_id, conversation_id, scheduled_reply_id)
    return Response(status_code=204)
