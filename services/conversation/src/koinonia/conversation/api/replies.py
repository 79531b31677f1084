"""Replies to a conversation: a text, a canned reply, or with files."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form

from koinonia.common.web import CreatingRoute, IdempotencyKey, SessionDep, StaffOrAbove
from koinonia.conversation.api import form_uploads
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.presence import presence
from koinonia.conversation.replies import attachments, newer_lines, recipients, staff_replies
from koinonia.conversation.replies.newer_lines import LastSeen
from koinonia.conversation.replies.schemas import Content, MediaReply, Reply, TextReply
from koinonia.conversation.threads import read_marks

router = APIRouter(prefix="/api/conversations", tags=["conversations"], route_class=CreatingRoute)
form_router = APIRouter(prefix="/api/conversations", route_class=form_uploads.FormRoute)


@router.post(
    "/{conversation_id}/reply", status_code=202, summary="Answer with a text or a canned reply"
)
async def reply_with_text(
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    answer: TextReply,
    idempotency_key: IdempotencyKey,
) -> Reply:
    """It goes to one phone: after a group text `recipient` says to whose (409
    `RECIPIENT_NOT_CHOSEN` without it), and the answer says in whose conversation it is. With
    `lastSeenLineId` it goes only if nobody else said anything since (409 `THREAD_MOVED_ON`)."""
    phones = running.phones
    target = await recipients.target(
        session, phones, admin.church_id, conversation_id, answer.recipient
    )
    await newer_lines.check(session, admin, answer.seen(conversation_id), target.thread)
    message = await staff_replies.create(
        session, admin, target, answer.content or "", (), shortcut=answer.shortcut
    )
    await read_marks.record(session, admin, [conversation_id])
    await presence.end(running, session, admin, conversation_id)
    return Reply.accepted(target, message, phones)


@form_router.post("/{conversation_id}/reply-with-media", status_code=202, include_in_schema=False)
async def reply_with_files(
    media_ids: form_uploads.Uploaded,  # before the session: no transaction waits for files
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    idempotency_key: IdempotencyKey,
    content: Annotated[Content, Form()] = "",
    recipient: Annotated[str, Form(max_length=40)] = "",
    last_seen_line_id: Annotated[UUID | None, Form(alias="lastSeenLineId")] = None,
    force: Annotated[bool, Form()] = False,
) -> Reply:
    phones = running.phones
    target = await recipients.target(
        session, phones, admin.church_id, conversation_id, recipient or None
    )
    seen = LastSeen(conversation_id, last_seen_line_id, force)
    await newer_lines.check(session, admin, seen, target.thread)
    message = await attachments.reply(session, running, admin, target, content, (), media_ids)
    await read_marks.record(session, admin, [conversation_id])
    await presence.end(running, session, admin, conversation_id)
    return Reply.accepted(target, message, phones)


@router.post(
    "/{conversation_id}/reply-with-media",
    status_code=202,
    summary="Answer with pictures or files: uploads, public addresses, or a form",
    openapi_extra=form_uploads.OPENAPI,
)
async def reply_with_media(
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    answer: MediaReply,
    idempotency_key: IdempotencyKey,
) -> Reply:
    phones = running.phones
    target = await recipients.target(
        session, phones, admin.church_id, conversation_id, answer.recipient
    )
    await newer_lines.check(session, admin, answer.seen(conversation_id), target.thread)
    message = await attachments.reply(
        session, running, admin, target, answer.content, answer.media_urls, answer.media_ids
    )
    await read_marks.record(session, admin, [conversation_id])
    await presence.end(running, session, admin, conversation_id)
    return Reply.accepted(target, message, phones)
