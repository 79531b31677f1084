"""Pages and the count of what somebody of the team has not read.

Of few, each is looked up. Of many, the list is walked as any other and what they have read is left
out, for ``SCAN`` threads a page: a page may be short and yet go on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.conversation.listing import thread_pages
from koinonia.conversation.listing.filters import Filters
from koinonia.conversation.listing.thread_pages import ListedThread, Place
from koinonia.conversation.threads import unread_threads
from koinonia.conversation.threads.vocabulary import Status


class UnreadPage(NamedTuple):
    """``scanned_to``: a thread up to which all were looked at, where that was the end of the page's
    work and not of the list."""

    rows: list[ListedThread]
    scanned_to: Place | None


@dataclass(frozen=True, slots=True)
class UnreadCount:
    total: int
    has_more: bool


class _Looked(NamedTuple):
    total: int
    looked: int


def _of_ids(filters: Filters, following: str = "true") -> str:
    """SQL of the rows of those of ``:ids`` that the other filters choose."""
    return f"""
        SELECT f.church_id, f.conversation_id, f.last_message_at
          FROM unnest(CAST(:ids AS uuid[])) AS unread (id)
         CROSS JOIN LATERAL (
               SELECT * FROM conversation_facets AS f
                WHERE {thread_pages.chosen(filters, filters.facets[0])}
                  AND f.conversation_id = unread.id LIMIT 1) AS f
         WHERE {following}
    """


def _walked(filters: Filters, following: str = "true") -> str:
    """SQL of the first ``:scan`` rows that the other filters choose."""
    return f"""
        SELECT f.church_id, f.conversation_id, f.last_message_at
          FROM conversation_facets AS f
         WHERE {thread_pages.chosen(filters)} AND {following}
         ORDER BY {filters.order} LIMIT :scan
    """


async def page(
    session: db.Session,
    church_id: UUID,
    reader_id: UUID,
    filters: Filters,
    *,
    after: Place | None,
    take: int,
) -> UnreadPage:
    """``filters`` hold besides."""
    ids = await unread_threads.unread_ids(session, church_id, reader_id)
    place = {"after_at": after[0], "after_id": after[1]} if after else {}
    given = {**filters.given(church_id), **place}
    bounds = filters.following if after else "true"
    if ids is not None:
        found = f"{_of_ids(filters, bounds)} ORDER BY {filters.order} LIMIT :take"
        sql = thread_pages.shown(found, filters)
        rows = await db.rows(session, ListedThread, sql, {**given, "ids": ids, "take": take})
        return UnreadPage(rows, None)
    given["scan"] = unread_threads.SCAN
    found = f"""
        SELECT * FROM ({_walked(filters, bounds)}) AS f
         WHERE {unread_threads.is_unread("f.conversation_id")}
         ORDER BY {filters.order} LIMIT :take
    """
    sql = thread_pages.shown(found, filters)
    asked = {**given, "admin": reader_id, "take": take}
    rows = await db.rows(session, ListedThread, sql, asked)
    if len(rows) >= take:
        return UnreadPage(rows, None)
    return UnreadPage(rows, await _end_of_scan(session, _walked(filters, bounds), given))


class _Scanned(NamedTuple):
    at: datetime
    id: UUID


async def _end_of_scan(session: db.Session, walked: str, given: dict[str, object]) -> Place | None:
    """The last thread that was looked at, if there may be more after it."""
    last = await db.first(
        session,
        _Scanned,
        f"""
        SELECT last_message_at AS at, conversation_id AS id FROM ({walked}) AS f OFFSET :scan - 1
        """,
        given,
    )
    return (last.at, last.id) if last else None


async def count(session: db.Session, church_id: UUID, reader_id: UUID) -> UnreadCount:
    """Of the open ones. ``has_more`` where they are more than ``MOST``, or not known for
    ``SCAN``."""
    filters = Filters(status=Status.OPEN)
    given = filters.given(church_id)
    ids = await unread_threads.unread_ids(session, church_id, reader_id)
    if ids is not None:
        sql = f"SELECT count(*) FROM ({_of_ids(filters)}) AS f"
        return UnreadCount(await db.count(session, sql, {**given, "ids": ids}), False)
    most, scan = unread_threads.MOST, unread_threads.SCAN
    walked = _walked(filters)
    found = await db.first(
        session,
        _Looked,
        f"""
        SELECT (SELECT count(*)
                  FROM (SELECT FROM ({walked}) AS f
                         WHERE {unread_threads.is_unread("f.conversation_id")}
                         LIMIT :most) AS unread) AS total,
               (SELECT count(*) FROM ({walked}) AS f) AS looked
        """,
        {**given, "admin": reader_id, "most": most, "scan": scan},
    )
    assert found is not None
    return UnreadCount(found.total, found.total == most or found.looked == scan)
