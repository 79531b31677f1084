"""``/api/conversations``: the list and its counts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from koinonia.common.web import CurrentAdmin, Page, PageQuery, TagsDep, paginate
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.listing import cached_lists
from koinonia.conversation.listing.count_schemas import Counts
from koinonia.conversation.listing.filters import Filters
from koinonia.conversation.listing.list_query import ListQuery
from koinonia.conversation.listing.schemas import Listed
from koinonia.conversation.threads import read_marks

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


async def filters(wanted: Annotated[ListQuery, Query()], admin: CurrentAdmin) -> Filters:
    """A dependency of its own, like ``PageQuery`` and for the same reason."""
    return wanted.filters(admin.admin_id)


@router.get("", summary="Conversations, the newest message first")
async def list_conversations(
    admin: CurrentAdmin,
    running: RunningDep,
    params: PageQuery,
    chosen: Annotated[Filters, Depends(filters)],
    tags: TagsDep,
) -> Page[Listed]:
    found = await cached_lists.page(running, admin, chosen, params, tags)
    return paginate(
        found.rows,
        params,
        key=lambda row: (row.last_message_at, row.id),
        show=lambda row: Listed.from_row(
            row,
            running.phones,
            is_unread=read_marks.is_unread(admin, row, found.marks[str(row.id)]),
        ),
        total=found.total,
    )


@router.get("/counts", summary="How many conversations there are, and how many unread")
async def count_conversations(admin: CurrentAdmin, running: RunningDep, tags: TagsDep) -> Counts:
    counts = await cached_lists.counts(running, admin.church_id, tags)
    return Counts.from_counts(counts, admin.admin_id)
