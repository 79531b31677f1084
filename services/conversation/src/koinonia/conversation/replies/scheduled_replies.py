"""Replies for later, until they are due; ``due_replies`` sends them.

Whoever changes one locks its due work first, then its thread, then its own row, as the sender does.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.identity import Identity
from koinonia.common.pagination import Page, PageParams
from koinonia.conversation import due_work
from koinonia.conversation.due_work import Kind
from koinonia.conversation.media import upload_holders
from koinonia.conversation.replies import outgoing_lines
from koinonia.conversation.replies.errors import (
    BadSendTime,
    NoSuchScheduledReply,
    ScheduledReplyOver,
)
from koinonia.conversation.threads import threads
from koinonia.conversation.threads.threads import Thread

FURTHEST = timedelta(days=365)

_SELECT = """
    SELECT id, conversation_id, admin_id, content, media_urls, media_ids, send_at, status,
           code, reason, created_at
      FROM scheduled_replies
"""
_ORDER = db.Order({"send_at": datetime, "id": UUID})


class ScheduledReplyStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class ScheduledReplyRow(NamedTuple):
    id: UUID
    conversation_id: UUID
    admin_id: UUID
    content: str
    media_urls: list[str]
    media_ids: list[UUID]
    send_at: datetime
    status: str
    code: str | None
    reason: str | None
    created_at: datetime


async def page(
    session: db.Session,
    church_id: UUID,
    thread_id: UUID,
    params: PageParams,
    state: ScheduledReplyStatus | None,
) -> Page[ScheduledReplyRow]:
    """By time, of one state or of all (ix_scheduled_replies_conversation_id)."""
    await _check_thread(session, church_id, thread_id)
    return await db.page(
        session,
        ScheduledReplyRow,
        f"""
        {_SELECT} WHERE church_id = :church AND conversation_id = :thread
           {"AND status = :state" if state else ""}
        """,
        {"church": church_id, "thread": thread_id, **({"state": state} if state else {})},
        params,
        _ORDER,
    )


async def create(
    session: AsyncSession,
    admin: Identity,
    thread: Thread,
    content: str,
    media_urls: Sequence[str],
    media_ids: Sequence[UUID],
    send_at: datetime,
) -> ScheduledReplyRow:
    """Accept a reply for later in the locked thread. ``media_urls`` are all its files, those of
    the uploads with ``media_ids`` too, which are kept for it."""
    outgoing_lines.check(content, media_urls)
    reply_id = db.uuid7()
    _check_time(send_at)
    if obstacle := await outgoing_lines.obstacle(session, thread):
        raise obstacle
    await db.run(
        session,
        """
        INSERT INTO scheduled_replies (id, church_id, conversation_id, admin_id, content,
                                       media_urls, media_ids, send_at, status)
        VALUES (:id, :church, :thread, :admin, :content, CAST(:media AS text[]),
                CAST(:uploads AS uuid[]), :at, 'waiting')
        """,
        {
            "id": reply_id,
            "church": admin.church_id,
            "thread": thread.id,
            "admin": admin.admin_id,
            "content": content,
            "media": list(media_urls),
            "uploads": list(media_ids),
            "at": send_at,
        },
    )
    if media_ids:
        await upload_holders.hold(session, admin.church_id, reply_id, media_ids)
    await due_work.put(session, Kind.SCHEDULED_REPLY, reply_id, admin.church_id, send_at)
    return await _by_id(session, admin.church_id, thread.id, reply_id)


async def change(
    session: AsyncSession,
    church_id: UUID,
    thread_id: UUID,
    reply_id: UUID,
    *,
    content: str | None,
    send_at: datetime | None,
) -> ScheduledReplyRow:
    """Change what is given, while it waits."""
    known = await _by_id(session, church_id, thread_id, reply_id)
    if content is not None:
        outgoing_lines.check(content, known.media_urls)
    if send_at is not None:
        _check_time(send_at)
    await due_work.put(session, Kind.SCHEDULED_REPLY, reply_id, church_id, send_at or known.send_at)
    changed_send_at = await db.value(
        session,
        datetime,
        """
        UPDATE scheduled_replies
           SET content = coalesce(CAST(:content AS text), content),
               send_at = coalesce(CAST(:at AS timestamptz), send_at)
         WHERE church_id = :church AND id = :id AND status = 'waiting'
        RETURNING send_at
        """,
        {"church": church_id, "id": reply_id, "content": content, "at": send_at},
    )
    if changed_send_at is None:
        raise ScheduledReplyOver
    # Somebody else may have moved it while we waited for them.
    await due_work.put(session, Kind.SCHEDULED_REPLY, reply_id, church_id, changed_send_at)
    return await _by_id(session, church_id, thread_id, reply_id)


async def cancel(session: AsyncSession, church_id: UUID, thread_id: UUID, reply_id: UUID) -> None:
    """It stays in the list, cancelled; cancelling it again changes nothing."""
    await _by_id(session, church_id, thread_id, reply_id)
    await due_work.drop(session, Kind.SCHEDULED_REPLY, reply_id)
    cancelled = await db.run(
        session,
        """
        UPDATE scheduled_replies SET status = 'cancelled'
         WHERE church_id = :church AND id = :id AND status IN ('waiting', 'cancelled')
        """,
        {"church": church_id, "id": reply_id},
    )
    if not cancelled:
        raise ScheduledReplyOver
    await upload_holders.hold(session, church_id, reply_id, ())


def _check_time(send_at: datetime) -> None:
    now = clock.now()
    if send_at <= now:
        raise BadSendTime("sendAt has passed. Choose a later time, or reply now.")
    if send_at > now + FURTHEST:
        raise BadSendTime("sendAt is more than a year ahead. Choose an earlier time.")


async def _check_thread(session: db.Session, church_id: UUID, thread_id: UUID) -> None:
    found = await db.exists(
        session,
        "SELECT 1 FROM conversations WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": thread_id},
    )
    if not found:
        raise await threads.missing(session, church_id, thread_id)


async def _by_id(
    session: AsyncSession, church_id: UUID, thread_id: UUID, reply_id: UUID
) -> ScheduledReplyRow:
    return await db.one(
        session,
        ScheduledReplyRow,
        f"{_SELECT} WHERE church_id = :church AND conversation_id = :thread AND id = :id",
        {"church": church_id, "thread": thread_id, "id": reply_id},
        missing=NoSuchScheduledReply,
    )
