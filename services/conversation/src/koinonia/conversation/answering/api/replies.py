"""Answers of staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form

from koinonia.common.web import IdempotencyKey, SessionDep, StaffOrAbove
from koinonia.conversation.answering import replies
from koinonia.conversation.answering.schemas.replies import (
    Content,
    MediaReply,
    Reply,
    TextReply,
)
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.media import attaching, form_api

router = APIRouter(prefix="/api/conversations", tags=["conversations"])
form_router = APIRouter(prefix="/api/conversations", route_class=form_api.FormRoute)


@router.post(
    "/{conversation_id}/reply", status_code=202, summary="Answer with a text or a canned reply"
)
async def reply_with_text(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    answer: TextReply,
    idempotency_key: IdempotencyKey = None,
) -> Reply:
    message = await replies.create(
        session,
        admin,
        conversation_id,
        answer.content or "",
        (),
        idempotency_key,
        shortcut=answer.shortcut,
    )
    return Reply.of(conversation_id, message)


@form_router.post("/{conversation_id}/reply-with-media", status_code=202, include_in_schema=False)
async def reply_with_files(
    media_ids: form_api.Uploaded,  # before the session: no transaction waits for files
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    content: Annotated[Content, Form()] = "",
    idempotency_key: IdempotencyKey = None,
) -> Reply:
    message = await attaching.reply(
        session, running, admin, conversation_id, content, (), media_ids, idempotency_key
    )
    return Reply.of(conversation_id, message)


@router.post(
    "/{conversation_id}/reply-with-media",
    status_code=202,
    summary="Answer with pictures or files: uploads, public addresses, or a form",
    openapi_extra=form_api.OPENAPI,
)
async def reply_with_media(
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    answer: MediaReply,
    idempotency_key: IdempotencyKey = None,
) -> Reply:
    message = await attaching.reply(
        session,
        running,
        admin,
        conversation_id,
        answer.content,
        answer.media_urls,
        answer.media_ids,
        idempotency_key,
    )
    return Reply.of(conversation_id, message)
