"""Canned replies: what staff answer again and again, by a shortcut.

What they say is sent as it is written; merge fields belong to templates of messages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.pagination import PageParams
from koinonia.conversation.answering import lines
from koinonia.conversation.answering.errors import NoSuchCannedReply, ShortcutTaken

UNIQUE_VIOLATION = "23505"
AFTER_EVERY_LETTER = "\x7f"  # shortcuts are ASCII, and their keys are compared by bytes

_SHOWN = "SELECT id, shortcut, shortcut_key, content, created_at, updated_at FROM canned_replies"


async def listed(
    session: AsyncSession, church_id: UUID, params: PageParams, beginning: str
) -> list[Any]:
    """A page by shortcut, of those that begin so (the unique key of church and shortcut_key)."""
    key = beginning.casefold()
    after = params.after(str)
    return await db.untyped_rows(
        session,
        f"""
        {_SHOWN} WHERE church_id = :church AND shortcut_key >= :key AND shortcut_key < :end
           AND shortcut_key > :after
         ORDER BY shortcut_key LIMIT :take OFFSET :offset
        """,
        {
            "church": church_id,
            "key": key,
            "end": key + AFTER_EVERY_LETTER,
            "after": after[0] if after else "",
            "take": params.take,
            "offset": params.offset,
        },
    )


async def one(session: AsyncSession, church_id: UUID, canned_id: UUID) -> Any:
    found = await db.untyped_first(
        session,
        f"{_SHOWN} WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": canned_id},
    )
    if found is None:
        raise NoSuchCannedReply
    return found


async def content(session: AsyncSession, church_id: UUID, shortcut: str) -> str:
    """What the canned reply says, to be sent; raises ``NoSuchCannedReply``."""
    found = await db.untyped_first(
        session,
        f"{_SHOWN} WHERE church_id = :church AND shortcut_key = :key",
        {"church": church_id, "key": shortcut.casefold()},
    )
    if found is None:
        raise NoSuchCannedReply
    said: str = found.content
    return said


async def create(session: AsyncSession, church_id: UUID, shortcut: str, content: str) -> Any:
    lines.check(content, ())
    canned_id = db.uuid7()
    with _taken():
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
    return await one(session, church_id, canned_id)


async def change(
    session: AsyncSession,
    church_id: UUID,
    canned_id: UUID,
    *,
    shortcut: str | None,
    content: str | None,
) -> Any:
    """Changes what is given; what was sent with it before keeps its words."""
    known = await one(session, church_id, canned_id)
    if content is not None:
        lines.check(content, ())
    shortcut = shortcut or known.shortcut
    with _taken():
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
    return await one(session, church_id, canned_id)


async def remove(session: AsyncSession, church_id: UUID, canned_id: UUID) -> None:
    removed = await db.run(
        session,
        "DELETE FROM canned_replies WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": canned_id},
    )
    if not removed:
        raise NoSuchCannedReply


@contextmanager
def _taken() -> Iterator[None]:
    """The transaction is lost with what the key refuses, as with any error that leaves a route."""
    try:
        yield
    except IntegrityError as clash:
        if getattr(clash.orig, "sqlstate", None) == UNIQUE_VIOLATION:
            raise ShortcutTaken from None
        raise
