"""``/api/conversations/search``."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from koinonia.common.pagination import Cursor
from koinonia.common.web import CurrentAdmin, PageParams, ReadDep, paginate
from koinonia.common.words import word_query
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.search import matches, search_query
from koinonia.conversation.search.schemas import TOO_COMMON, MatchKind, Result, Results
from koinonia.conversation.search.search_filters import SearchFilterQuery, SearchFilters
from koinonia.conversation.threads import read_marks

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


async def filters_wanted(
    wanted: Annotated[SearchFilterQuery, Query()], admin: CurrentAdmin
) -> SearchFilters:
    """A dependency of its own, like ``PageQuery`` and for the same reason."""
    return wanted.filters(admin)


@router.get("/search", summary="Messages, names and phone numbers, the newest first")
async def search_conversations(
    read: ReadDep,
    admin: CurrentAdmin,
    running: RunningDep,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=word_query.LONGEST,
            description=f"{word_query.DESCRIPTION}; or a name as it begins; or four digits or more "
            "of a phone number. The last word may be unfinished.",
            examples=["parking sun", '"youth choir" -cancelled', "0142"],
        ),
    ],
    filters: Annotated[SearchFilters, Depends(filters_wanted)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Results:
    """What was said to everybody is no line of a conversation: a search box also asks
    `GET /api/messages?search=`, which reads words alike, and shows the broadcasts beside these.

    Narrowed to lines of many conversations, a page may hold fewer than its limit and yet have a
    `nextCursor`: it looked at 5,000 lines with the words."""
    params = PageParams(limit=limit, cursor=cursor)
    query = await search_query.parse(read, admin.church_id, q)
    found = await matches.matches(
        read,
        admin.church_id,
        query,
        running.phones,
        after=params.after(datetime, UUID),
        take=params.take,
        filters=filters,
    )
    marks = await read_marks.marks(read, admin, {row.id for row in found.rows})
    page = paginate(
        found.rows,
        params,
        key=lambda row: (row.found_at, row.found_id),
        show=lambda row: Result.from_match(
            row,
            running.phones,
            query.digits,
            is_unread=read_marks.is_unread(admin, row, marks[str(row.id)]),
        ),
    )
    # The pieces of a number may stand elsewhere in another: only the opened number tells.
    data = [
        each for each in page.data if each.match.kind != MatchKind.PHONE or each.match.highlights
    ]
    return Results(
        data=data,
        has_more=page.has_more or found.scanned_to is not None,
        next_cursor=str(Cursor(found.scanned_to)) if found.scanned_to else page.next_cursor,
        note=TOO_COMMON if query.is_common and query.names else None,
    )
