"""``/api/conversations``: the list and its counts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from koinonia.common.web import (
    CurrentAdmin,
    Json,
    Page,
    PageQuery,
    TagsDep,
    json_page,
    paginate,
)
from koinonia.conversation import list_cache
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.listing import cached_lists, schemas
from koinonia.conversation.listing.count_schemas import Counts
from koinonia.conversation.listing.filters import Filters
from koinonia.conversation.listing.list_query import ListQuery
from koinonia.conversation.listing.schemas import Listed
from koinonia.conversation.listing.thread_pages import ListedThread
from koinonia.conversation.threads import read_marks

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


async def filters(wanted: Annotated[ListQuery, Query()], admin: CurrentAdmin) -> Filters:
    """A dependency of its own, like ``PageQuery`` and for the same reason."""
    return wanted.filters(admin)


@router.get(
    "",
    summary="Conversations by their last message",
    dependencies=list_cache.KEPT,
    response_model=Page[Listed],
)
async def list_conversations(
    admin: CurrentAdmin,
    running: RunningDep,
    params: PageQuery,
    chosen: Annotated[Filters, Depends(filters)],
    tags: TagsDep,
) -> Response:
    found = await cached_lists.page(running, admin, chosen, params, tags)

    def show(row: ListedThread) -> Json:
        is_unread = read_marks.is_unread(admin, row, found.marks[str(row.id)])
        return schemas.listed(row, running.phones, is_unread=is_unread)

    page = paginate(
        found.rows, params, key=lambda row: (row.last_message_at, row.id), total=found.total
    )
    return json_page(page.ending_at(found.scanned_to) if found.scanned_to else page, show)


@router.get(
    "/counts",
    summary="How many conversations there are, and how many unread",
    dependencies=list_cache.KEPT,
)
async def count_conversations(admin: CurrentAdmin, running: RunningDep, tags: TagsDep) -> Counts:
    counts, unread = await cached_lists.counts(running, admin, tags)
    return Counts.from_counts(counts, unread, admin.admin_id)
