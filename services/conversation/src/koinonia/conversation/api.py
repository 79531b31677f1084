"""The routes of the shared inbox."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

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
from koinonia.conversation import reading, threads
from koinonia.conversation.models import Status
from koinonia.conversation.schemas import Conversation, Message, Read, StatusChange, Thread

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


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


@router.patch("/{conversation_id}/read", summary="Mark everything in it as read")
async def read(session: SessionDep, admin: StaffOrAbove, conversation_id: UUID) -> Read:
    await threads.mark_read(session, admin.church_id, conversation_id)
    return Read(id=conversation_id)


@router.patch("/{conversation_id}/status", summary="Open, close or archive it")
async def status(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    change: StatusChange,
) -> Conversation:
    await threads.change_status(session, admin.church_id, conversation_id, change.status)
    row = await reading.thread(session, admin.church_id, conversation_id)
    return Conversation.alone(row, running.phones)
