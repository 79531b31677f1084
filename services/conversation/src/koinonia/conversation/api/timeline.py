"""``/api/conversations/{id}/timeline``: all that happened with the phone of a conversation."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from koinonia.common import identity
from koinonia.common.pagination import Page, PageParams, paginate
from koinonia.common.web import TAGGED, CurrentAdmin
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.viewing import timeline
from koinonia.conversation.viewing.timeline import Wanted
from koinonia.conversation.viewing.timeline_schemas import TimelineEntry, TimelineKind, TimelinePage

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

MOST_AT_ONCE = 50


async def page_wanted(
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = 30,
    cursor: Annotated[str | None, Query(max_length=1000, description="for the older ones")] = None,
) -> PageParams:
    return PageParams(limit=limit, cursor=cursor)


@router.get(
    "/{conversation_id}/timeline",
    response_model=TimelinePage,
    summary="All that happened with the phone",
    dependencies=TAGGED,
)
async def read_timeline(
    request: Request,
    admin: CurrentAdmin,
    running: RunningDep,
    conversation_id: UUID,
    params: Annotated[PageParams, Depends(page_wanted)],
    kinds: Annotated[
        list[TimelineKind],
        Query(
            max_length=len(TimelineKind), default_factory=list, description="all of them unless set"
        ),
    ],
) -> Page[TimelineEntry]:
    """The newest first: texts, notes, the broadcasts that the phone was sent with their status as
    it is now, what was said of its consent, and its people's groups."""
    wanted = Wanted(kinds or list(TimelineKind), params.after(datetime, UUID), params.take)
    token = identity.bearer(request.headers.get("authorization"))
    found = await timeline.entries(running, admin.church_id, token, conversation_id, wanted)
    return paginate(found, params, key=timeline.place)
