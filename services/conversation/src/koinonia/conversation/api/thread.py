"""``/api/conversations/{id}``: one conversation with a page of its messages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from koinonia.common.web import CurrentAdmin, PageParams, SessionDep, paginate
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.viewing import thread_queries
from koinonia.conversation.viewing.schemas import Message, Thread

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


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
    """One that was merged into another is answered by that one; its `id` tells."""
    params = PageParams(limit=messages_limit, cursor=messages_cursor)
    view = await thread_queries.thread(session, admin.church_id, conversation_id)
    rows = await thread_queries.messages(
        session,
        admin.church_id,
        view.id,
        before=params.after(datetime, UUID),
        take=params.take,
    )
    page = paginate(
        rows,
        params,
        key=lambda line: (line.occurred_at, line.id),
        show=lambda line: Message.from_line(line, running, admin.church_id),
    )
    return Thread.with_lines(view, running.phones, page.data[::-1], page.next_cursor)
