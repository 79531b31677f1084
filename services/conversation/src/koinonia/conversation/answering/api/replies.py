"""Answers of staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation.answering import replies
from koinonia.conversation.answering.schemas.replies import MediaReply, Reply, TextReply
from koinonia.conversation.errors import FilesNotTaken

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="the same key with the same reply sends it once"),
]


async def json_only(request: Request, admin: StaffOrAbove) -> None:
    """Ahead of the body's own check, to say what to do with a file."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise FilesNotTaken


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


@router.post(
    "/{conversation_id}/reply-with-media",
    status_code=202,
    summary="Answer with pictures or files by their public addresses",
    dependencies=[Depends(json_only)],
)
async def reply_with_media(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    answer: MediaReply,
    idempotency_key: IdempotencyKey = None,
) -> Reply:
    message = await replies.create(
        session, admin, conversation_id, answer.content, answer.media_urls, idempotency_key
    )
    return Reply.of(conversation_id, message)
