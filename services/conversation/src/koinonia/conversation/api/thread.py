"""``/api/conversations/{id}``: one conversation with a page of its messages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from koinonia.common import errors
from koinonia.common.pagination import MAX_LIMIT, MAX_PAGE
from koinonia.common.web import TAGGED, CurrentAdmin, PageParams, ReadDep, paginate
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.presence import presence
from koinonia.conversation.viewing import thread_queries
from koinonia.conversation.viewing.schemas import Message, Thread

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


LINES_AT_ONCE = 50


async def lines_wanted(
    messages_cursor: Annotated[
        str | None,
        Query(alias="messagesCursor", max_length=1000, description="for the older messages"),
    ] = None,
    messages_limit: Annotated[
        int | None,
        Query(alias="messagesLimit", ge=1, le=MAX_LIMIT, description=f"{LINES_AT_ONCE} unless set"),
    ] = None,
    page: Annotated[
        int | None,
        Query(ge=1, le=MAX_PAGE, description="in the place of the cursor; 1 has the newest"),
    ] = None,
    limit: Annotated[
        int | None, Query(ge=1, le=MAX_LIMIT, description="the same as messagesLimit")
    ] = None,
) -> PageParams:
    """``page`` and ``limit`` are what the earlier frontend sends."""
    if page and messages_cursor:
        raise errors.Invalid("Give either messagesCursor or page, not both.")
    if limit and messages_limit:
        raise errors.Invalid("Give either messagesLimit or limit, not both.")
    return PageParams(
        limit=limit or messages_limit or LINES_AT_ONCE, cursor=messages_cursor, page=page
    )


@router.get(
    "/{conversation_id}", summary="One conversation with its newest messages", dependencies=TAGGED
)
async def read_conversation(
    read: ReadDep,
    admin: CurrentAdmin,
    running: RunningDep,
    conversation_id: UUID,
    params: Annotated[PageParams, Depends(lines_wanted)],
) -> Thread:
    """One that was merged into another is answered by that one; its `id` tells."""
    view = await thread_queries.thread(read, admin, conversation_id)
    rows = await thread_queries.messages(
        read,
        admin.church_id,
        view.id,
        before=params.after(datetime, UUID),
        take=params.take,
        skip=params.offset,
    )
    page = paginate(
        rows,
        params,
        key=lambda line: (line.occurred_at, line.id),
        show=lambda line: Message.from_line(line, running, admin.church_id),
    )
    present = await presence.present(running, read, admin.church_id, view.id)
    return Thread.with_lines(
        view, admin, running.phones, page.data[::-1], page.next_cursor, present
    )
