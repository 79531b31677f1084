"""First pages and counts: cached with sealed phones, read where the cache has none.

Only a first page is cached: it is what staff look at; further pages are read once by one person.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import orjson
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.pagination import PageParams
from koinonia.common.web.entity_tags import Tags
from koinonia.conversation import list_cache
from koinonia.conversation.listing import thread_counts, thread_pages
from koinonia.conversation.listing.filters import Filters
from koinonia.conversation.listing.thread_counts import FacetCount
from koinonia.conversation.listing.thread_pages import ListedThread
from koinonia.conversation.running import Running

Value = TypeVar("Value")
Read = Callable[[AsyncSession], Awaitable[Value]]


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page and the first row of the next; ``total`` where pages are numbered."""

    rows: Sequence[ListedThread]
    total: int | None


_PAGE = TypeAdapter(Found)
_COUNTS = TypeAdapter(list[FacetCount])


async def page(
    running: Running, church_id: UUID, filters: Filters, params: PageParams, tags: Tags
) -> Found:
    after = params.after(datetime, UUID)

    async def read(session: AsyncSession) -> Found:
        rows = await thread_pages.threads(
            session, church_id, filters, after=after, offset=params.offset, take=params.take
        )
        total = await thread_pages.total(session, church_id, filters) if params.page else None
        return Found(rows, total)

    if after or params.offset:
        async with running.database.transaction(church_id) as session:
            return await read(session)
    key = f"list:{church_id}:{params.limit}:{bool(params.page):d}:{filters.key}"
    return await _cached(running, church_id, key, read, _PAGE, tags)


async def counts(running: Running, church_id: UUID, tags: Tags) -> list[FacetCount]:
    async def read(session: AsyncSession) -> list[FacetCount]:
        return await thread_counts.church_counts(session, church_id)

    return await _cached(running, church_id, f"counts:{church_id}", read, _COUNTS, tags)


async def _cached(
    running: Running,
    church_id: UUID,
    key: str,
    read: Read[Value],
    adapter: TypeAdapter[Value],
    tags: Tags,
) -> Value:
    """Raises ``NotModified`` where the client has what is made of this value."""

    async def compute() -> orjson.Fragment:
        async with running.database.transaction(church_id) as session:
            value = await read(session)
        return orjson.Fragment(orjson.dumps(value, default=str))  # the driver's ids: its own type

    kept = await running.cache.fetch_bytes(
        key, compute, ttl=list_cache.SECONDS, tags=(list_cache.tag(church_id),), lock=False
    )
    tags.compare(kept)
    return adapter.validate_json(kept)
