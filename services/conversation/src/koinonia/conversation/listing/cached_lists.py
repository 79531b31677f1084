"""First pages and counts: cached with sealed phones, read where the cache has none.

Only a first page is cached: it is what staff look at; further pages are read once by one person.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from koinonia.common import db
from koinonia.common.identity import Identity, Role
from koinonia.common.pagination import PageParams
from koinonia.common.web.keeping.entity_tags import Tags
from koinonia.conversation import list_cache
from koinonia.conversation.errors import UnreadByPage
from koinonia.conversation.listing import thread_counts, thread_pages, unread_pages
from koinonia.conversation.listing.filters import Filters
from koinonia.conversation.listing.thread_counts import FacetCount
from koinonia.conversation.listing.thread_pages import ListedThread, Place
from koinonia.conversation.listing.unread_pages import UnreadCount
from koinonia.conversation.running import Running
from koinonia.conversation.threads import read_marks
from koinonia.conversation.threads.read_marks import Marks

Value = TypeVar("Value")
Read = Callable[[db.Session], Awaitable[Value]]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page and the first row of the next; ``total`` where pages are numbered.
    ``scanned_to`` as in ``unread_pages.UnreadPage``."""

    rows: Sequence[ListedThread]
    total: int | None
    scanned_to: Place | None


@dataclass(frozen=True, slots=True)
class Found(Rows):
    """With how far who asks has read these threads."""

    marks: Marks


_PAGE = TypeAdapter(Rows)
_FORM = hashlib.blake2b(orjson.dumps(_PAGE.json_schema()), digest_size=8).hexdigest()
"""Of what is kept: a release that keeps something else does not read what another one kept."""
_MARKS = TypeAdapter(dict[str, datetime | None])
_COUNTS = TypeAdapter(list[FacetCount])
_UNREAD = TypeAdapter(UnreadCount)


async def page(
    running: Running, admin: Identity, filters: Filters, params: PageParams, tags: Tags
) -> Found:
    """The rows are the church's, and cached for all of it; what somebody has read is theirs, and
    cached for them alone, as is a list of what they have not. Raises ``NotModified`` where the
    client has what is made of both, and ``UnreadByPage``."""
    church_id, reader_id = admin.church_id, filters.unread_for
    after = params.after(datetime, UUID)
    if reader_id is not None and params.page is not None:
        raise UnreadByPage

    async def read(session: db.Session) -> Rows:
        if reader_id is not None:
            unread = await unread_pages.page(
                session, church_id, reader_id, filters, after=after, take=params.take
            )
            return Rows(unread.rows, None, unread.scanned_to)
        rows = await thread_pages.threads(
            session, church_id, filters, after=after, offset=params.offset, take=params.take
        )
        total = await thread_pages.total(session, church_id, filters) if params.page else None
        return Rows(rows, total, None)

    if after or params.offset:
        async with running.database.read(church_id) as session:
            found = await read(session)
            ids = [row.id for row in found.rows]
            marks = await read_marks.marks(session, admin, ids)
            return Found(found.rows, found.total, found.scanned_to, marks)
    key = f"list:{church_id}:{_FORM}:{params.limit}:{bool(params.page):d}:{filters.key}"
    own_tags = [list_cache.marks_tag(church_id, reader_id)] if reader_id else []
    kept = await _kept(running, church_id, key, read, *own_tags)
    found = _PAGE.validate_json(kept)
    own = await _own_marks(running, admin, [row.id for row in found.rows])
    tags.compare(kept, own)
    return Found(found.rows, found.total, found.scanned_to, _MARKS.validate_json(own))


async def _own_marks(running: Running, admin: Identity, thread_ids: Sequence[UUID]) -> bytes:
    """JSON, by the ids of the page: the marks of an older page are not taken for those of a newer
    one."""

    async def read(session: db.Session) -> Marks:
        return await read_marks.marks(session, admin, thread_ids)

    if not thread_ids:
        return b"{}"
    church_id, admin_id = admin.church_id, admin.admin_id
    digest = hashlib.blake2b(b"".join(each.bytes for each in thread_ids), digest_size=16)
    key = f"marks:{church_id}:{admin_id}:{digest.hexdigest()}"
    return await _kept(running, church_id, key, read, list_cache.marks_tag(church_id, admin_id))


async def counts(
    running: Running, admin: Identity, tags: Tags
) -> tuple[list[FacetCount], UnreadCount | None]:
    """Of the church, and what who asks has not read; None of a viewer, who marks nothing as read.
    Raises ``NotModified`` where the client has what is made of these."""
    church_id, admin_id = admin.church_id, admin.admin_id

    async def read(session: db.Session) -> list[FacetCount]:
        return await thread_counts.church_counts(session, church_id)

    async def read_own(session: db.Session) -> UnreadCount:
        return await unread_pages.count(session, church_id, admin_id)

    kept = await _kept(running, church_id, f"counts:{church_id}", read)
    if not admin.role.includes(Role.STAFF):
        tags.compare(kept)
        return _COUNTS.validate_json(kept), None
    key, own_tag = f"unread:{church_id}:{admin_id}", list_cache.marks_tag(church_id, admin_id)
    own = await _kept(running, church_id, key, read_own, own_tag)
    tags.compare(kept, own)
    return _COUNTS.validate_json(kept), _UNREAD.validate_json(own)


async def _kept(
    running: Running, church_id: UUID, key: str, read: Read[object], *own_tags: str
) -> bytes:
    """The JSON of what is read, the same bytes as long as it is kept."""

    async def compute() -> orjson.Fragment:
        async with running.database.read(church_id) as session:
            value = await read(session)
        return orjson.Fragment(orjson.dumps(value, default=str))  # the driver's ids: its own type

    tags = (list_cache.tag(church_id), *own_tags)
    return await running.cache.fetch_bytes(
        key, compute, ttl=list_cache.SECONDS, tags=tags, lock=False
    )
