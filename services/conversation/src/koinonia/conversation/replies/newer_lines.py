"""The precondition of a reply: nothing was said since its writer looked.

It is decided while the thread of the recipient is locked, so of two colleagues who answer the same
line at the same moment one is told of the other's words.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.identity import Identity
from koinonia.conversation.listing.schemas import MediaSummary
from koinonia.conversation.replies.errors import (
    NewerLine,
    NewerLines,
    NoSuchLine,
    ThreadMovedOn,
)
from koinonia.conversation.schemas import AdminName
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Direction, LineSource

MOST = 20
LATEST = timedelta(days=7)
"""A text that the carrier brings so late, among lines that were seen, is newer all the same."""


class LastSeen(NamedTuple):
    """What a writer saw last of a thread; None where they do not say."""

    thread_id: UUID
    line_id: UUID | None
    is_forced: bool = False


class _Place(NamedTuple):
    occurred_at: datetime
    created_at: datetime


class _Row(NamedTuple):
    id: UUID
    direction: str
    content: str
    media_kind: str | None
    media_count: int
    source: str | None
    occurred_at: datetime
    admin_id: UUID | None
    first_name: str | None
    last_name: str | None
    total: int


async def check(session: AsyncSession, admin: Identity, seen: LastSeen, target: Thread) -> None:
    """``target`` is the locked thread that the reply goes into, mostly the one that was looked at.
    What the writer said themselves is nothing new to them. Raises ``NoSuchLine`` and
    ``ThreadMovedOn``."""
    if seen.line_id is None or seen.is_forced:
        return
    thread_ids = {seen.thread_id, target.id}
    place = await db.one(
        session,
        _Place,
        """
        SELECT occurred_at, created_at FROM conversation_messages
         WHERE church_id = :church AND id = :id
           AND conversation_id = ANY(CAST(:threads AS uuid[]))
        """,
        {"church": admin.church_id, "id": seen.line_id, "threads": list(thread_ids)},
        missing=NoSuchLine,
    )
    newer = await _newer(session, admin, seen.line_id, place, thread_ids)
    if newer:
        found = NewerLines(count=newer[0].total, lines=[_line(row) for row in newer])
        raise ThreadMovedOn(details=found.model_dump(mode="json", by_alias=True))


async def _newer(
    session: AsyncSession,
    admin: Identity,
    line_id: UUID,
    place: _Place,
    thread_ids: Collection[UUID],
) -> list[_Row]:
    """The oldest first (ix_conversation_messages_thread)."""
    return await db.rows(
        session,
        _Row,
        """
        SELECT m.id, m.direction, m.content, m.media_kind, m.media_count, m.source, m.occurred_at,
               m.admin_id, t.first_name, t.last_name, count(*) OVER () AS total
          FROM conversation_messages AS m
          LEFT JOIN team AS t ON t.church_id = m.church_id AND t.admin_id = m.admin_id
         WHERE m.church_id = :church AND m.conversation_id = ANY(CAST(:threads AS uuid[]))
           AND m.occurred_at > :looked_at
           AND ((m.occurred_at, m.id) > (:at, :id) OR m.created_at > :created_at)
           AND m.id <> :id AND m.admin_id IS DISTINCT FROM :admin
         ORDER BY m.occurred_at, m.id LIMIT :most
        """,
        {
            "church": admin.church_id,
            "threads": list(thread_ids),
            "looked_at": place.occurred_at - LATEST,
            "at": place.occurred_at,
            "id": line_id,
            "created_at": place.created_at,
            "admin": admin.admin_id,
            "most": MOST,
        },
    )


def _line(row: _Row) -> NewerLine:
    names = {"first_name": row.first_name, "last_name": row.last_name}
    return NewerLine(
        id=row.id,
        direction=Direction(row.direction),
        content=row.content,
        media=MediaSummary.from_columns(row.media_kind, row.media_count),
        source=LineSource(row.source) if row.source else None,
        author=AdminName(id=row.admin_id, **names) if row.admin_id else None,
        created_at=row.occurred_at,
    )
