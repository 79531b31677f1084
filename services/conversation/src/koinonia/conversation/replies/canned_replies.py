"""Canned replies: what staff answer again and again, by a shortcut.

Their content is sent as it is written; merge fields belong to templates of messages.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.pagination import Page, PageParams
from koinonia.conversation.replies import outgoing_lines
from koinonia.conversation.replies.errors import NoSuchCannedReply, ShortcutTaken

AFTER_EVERY_LETTER = "\x7f"  # shortcuts are ASCII, and their keys are compared by bytes

_SELECT = "SELECT id, shortcut, shortcut_key, content, created_at, updated_at FROM canned_replies"
_ORDER = db.Order({"shortcut_key": str})


class CannedReplyRow(NamedTuple):
    id: UUID
    shortcut: str
    shortcut_key: str
    content: str
    created_at: datetime
    updated_at: datetime


async def page(
    session: db.Session, church_id: UUID, params: PageParams, beginning: str
) -> Page[CannedReplyRow]:
    """By shortcut, those that begin so (the unique key of church and shortcut_key)."""
    key = beginning.casefold()
    return await db.page(
        session,
        CannedReplyRow,
        f"""
        {_SELECT} WHERE church_id = :church AND shortcut_key >= :key AND shortcut_key < :end
        """,
        {"church": church_id, "key": key, "end": key + AFTER_EVERY_LETTER},
        params,
        _ORDER,
    )


async def by_id(session: db.Session, church_id: UUID, canned_id: UUID) -> CannedReplyRow:
    return await db.one(
        session,
        CannedReplyRow,
        f"{_SELECT} WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": canned_id},
        missing=NoSuchCannedReply,
    )


async def by_shortcut(session: AsyncSession, church_id: UUID, shortcut: str) -> CannedReplyRow:
    return await db.one(
        session,
        CannedReplyRow,
        f"{_SELECT} WHERE church_id = :church AND shortcut_key = :key",
        {"church": church_id, "key": shortcut.casefold()},
        missing=NoSuchCannedReply,
    )


async def create(
    session: AsyncSession, church_id: UUID, shortcut: str, content: str
) -> CannedReplyRow:
    outgoing_lines.check(content, ())
    canned_id = db.uuid7()
    with db.violations_as(ShortcutTaken):
        await db.run(
            session,
            """
            INSERT INTO canned_replies (id, church_id, shortcut, shortcut_key, content)
            VALUES (:id, :church, :shortcut, :key, :content)
            """,
            {
                "id": canned_id,
                "church": church_id,
                "shortcut": shortcut,
                "key": shortcut.casefold(),
                "content": content,
            },
        )
    return await by_id(session, church_id, canned_id)


async def change(
    session: AsyncSession,
    church_id: UUID,
    canned_id: UUID,
    *,
    shortcut: str | None,
    content: str | None,
) -> CannedReplyRow:
    """Change what is given; what was sent with it before keeps its words."""
    known = await by_id(session, church_id, canned_id)
    if content is not None:
        outgoing_lines.check(content, ())
    shortcut = shortcut or known.shortcut
    with db.violations_as(ShortcutTaken):
        await db.run(
            session,
            """
            UPDATE canned_replies
               SET shortcut = :shortcut, shortcut_key = :key, updated_at = :now,
                   content = coalesce(CAST(:content AS text), content)
             WHERE church_id = :church AND id = :id
            """,
            {
                "church": church_id,
                "id": canned_id,
                "shortcut": shortcut,
                "key": shortcut.casefold(),
                "content": content,
                "now": clock.now(),
            },
        )
    return await by_id(session, church_id, canned_id)


async def remove(session: AsyncSession, church_id: UUID, canned_id: UUID) -> None:
    removed = await db.run(
        session,
        "DELETE FROM canned_replies WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": canned_id},
    )
    if not removed:
        raise NoSuchCannedReply
