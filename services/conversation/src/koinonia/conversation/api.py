"""The routes of the shared inbox."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request

from koinonia.common.web import (
    CurrentAdmin,
    Page,
    PageParams,
    PageQuery,
    RunningDep,
    SessionDep,
    StaffOrAbove,
    paginate,
)
from koinonia.conversation import reading, replies, threads
from koinonia.conversation.errors import FilesNotTaken
from koinonia.conversation.models import Status
from koinonia.conversation.schemas import (
    Conversation,
    MediaReply,
    Message,
    Read,
    Reply,
    StatusChange,
    TextReply,
    Thread,
)

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="the same key with the same reply sends it once"),
]


async def json_only(request: Request, admin: StaffOrAbove) -> None:
    """Ahead of the body's own check, to say what to do with a file."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise FilesNotTaken


@router.get("", summary="Conversations, the newest message first")
async def conversations(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    params: PageQuery,
    status: Status | None = None,
    unread: Annotated[bool, Query(description="only those with unread messages")] = False,
) -> Page[Conversation]:
    rows = await reading.page(
        session,
        admin.church_id,
        status=status,
        unread=unread,
        after=params.after(datetime, UUID),
        offset=params.offset,
        take=params.take,
    )
    counted = (
        await reading.total(session, admin.church_id, status=status, unread=unread)
        if params.page
        else None
    )
    return paginate(
        rows,
        params,
        key=lambda row: (row.last_message_at, row.id),
        show=lambda row: Conversation.listed(row, running.phones),
        total=counted,
    )


@router.get("/{conversation_id}", summary="One conversation with its newest messages")
async def conversation(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    conversation_id: UUID,
    messages_cursor: Annotated[
        str | None,
        Query(alias="messagesCursor", max_length=1000, description="for the older messages"),
    ] = None,
    messages_limit: Annotated[int, Query(alias="messagesLimit", ge=1, le=100)] = 50,
) -> Thread:
    params = PageParams(limit=messages_limit, cursor=messages_cursor)
    row = await reading.thread(session, admin.church_id, conversation_id)
    rows = await reading.messages(
        session,
        admin.church_id,
        conversation_id,
        before=params.after(datetime, UUID),
        take=params.take,
    )
    page = paginate(
        rows, params, key=lambda message: (message.occurred_at, message.id), show=Message.of
    )
    return Thread.shown(row, running.phones, page.data[::-1], page.next_cursor)


@router.post("/{conversation_id}/reply", status_code=202, summary="Answer with a text")
async def reply_with_text(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    answer: TextReply,
    idempotency_key: IdempotencyKey = None,
) -> Reply:
    message = await replies.create(
        session, admin, conversation_id, answer.content, (), idempotency_key
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


@router.patch("/{conversation_id}/read", summary="Mark everything in it as read")
async def mark_read(session: SessionDep, admin: StaffOrAbove, conversation_id: UUID) -> Read:
    await threads.mark_read(session, admin.church_id, conversation_id)
    return Read(id=conversation_id)


@router.patch("/{conversation_id}/status", summary="Open, close or archive it")
async def change_status(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    change: StatusChange,
) -> Conversation:
    await threads.change_status(session, admin.church_id, conversation_id, change.status)
    row = await reading.thread(session, admin.church_id, conversation_id)
    return Conversation.alone(row, running.phones)
