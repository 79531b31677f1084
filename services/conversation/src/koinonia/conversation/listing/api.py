"""The list of threads."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from koinonia.common.web import (
    CurrentAdmin,
    Page,
    PageQuery,
    RunningDep,
    SessionDep,
    paginate,
)
from koinonia.conversation.listing import page
from koinonia.conversation.listing.schemas import Conversation
from koinonia.conversation.models import Status

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
    rows = await page.threads(
        session,
        admin.church_id,
        status=status,
        unread=unread,
        after=params.after(datetime, UUID),
        offset=params.offset,
        take=params.take,
    )
    counted = (
        await page.total(session, admin.church_id, status=status, unread=unread)
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
