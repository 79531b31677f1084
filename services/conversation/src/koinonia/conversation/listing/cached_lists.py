"""Pages and counts as they are kept for a while, phones sealed, and read when they are not.

Only a first page is kept: it is what staff look at, and what those who scroll read is read once.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.pagination import PageParams
from koinonia.conversation import list_cache
from koinonia.conversation.listing import thread_counts, thread_pages
from koinonia.conversation.listing.filters import Filters
from koinonia.conversation.running import Running

Read = Callable[[AsyncSession], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page and of the next one the first; ``total`` where pages are numbered."""

    rows: Sequence[Any]
    total: int | None


async def found(running: Running, church_id: UUID, filters: Filters, params: PageParams) -> Found:
    after = params.after(datetime, UUID)

    async def read(session: AsyncSession) -> Any:
        rows = await thread_pages.threads(
            session, church_id, filters, after=after, offset=params.offset, take=params.take
        )
        total = await thread_pages.total(session, church_id, filters) if params.page else None
        return {"rows": [dict(row._mapping) for row in rows], "total": total}

    if after or params.offset:
        async with running.database.transaction(church_id) as session:
            body = await read(session)
    else:
        key = f"list:{church_id}:{params.limit}:{bool(params.page):d}:{filters.key}"
        body = await _fetched(running, church_id, key, read)
    return Found([_typed(row) for row in body["rows"]], body["total"])


async def counted(running: Running, church_id: UUID) -> list[Any]:
    """``facet``, ``status``, ``is_unread``, ``threads`` as :func:`counts.of_church` gives them."""

    async def read(session: AsyncSession) -> Any:
        return [dict(row._mapping) for row in await thread_counts.of_church(session, church_id)]

    rows = await _fetched(running, church_id, f"counts:{church_id}", read)
    return [SimpleNamespace(**row) for row in rows]


async def _fetched(running: Running, church_id: UUID, key: str, read: Read) -> Any:
    async def compute() -> Any:
        async with running.database.transaction(church_id) as session:
            body = await read(session)
        return orjson.Fragment(orjson.dumps(body, default=str))  # the driver's ids are its own type

    return await running.cache.fetch(
        key, compute, ttl=list_cache.SECONDS, tags=(list_cache.tag(church_id),), lock=False
    )


def _typed(row: Mapping[str, Any]) -> Any:
    """A row as it is read; one that was kept has words where a cursor takes a time and an id."""
    at, thread_id = row["last_message_at"], row["id"]
    if isinstance(at, str):
        at, thread_id = datetime.fromisoformat(at), UUID(thread_id)
    return SimpleNamespace(**{**row, "last_message_at": at, "id": thread_id})
