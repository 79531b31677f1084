"""What was there before it could be searched, and the lines of a church that changed its language.

Triggers take in what is new (migration conversation_0005). A loop takes in the rest step by step,
so that no migration holds a table meanwhile. Until it is through, a search finds less; in a church
that changed its language it finds old lines by their words as they were read before.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.conversation.running import Running
from koinonia.conversation.threads import phone_pieces

THREADS = 20  # whose lines are taken in at once: some are long
PEOPLE = 1_000
NUMBERS = 500

Step = Callable[[AsyncSession, Any, Phones], Awaitable[UUID | None]]


async def take_in(running: Running) -> None:
    """The loop: all that there is, one transaction a step."""
    while not running.stop.is_set() and await _next(running):
        pass


async def _next(running: Running) -> bool:
    async with running.database.transaction(bulk=True) as session:
        row = await db.untyped_first(
            session,
            """
            SELECT church_id, what, after_id FROM search_backlog
             ORDER BY church_id, what LIMIT 1 FOR UPDATE SKIP LOCKED
            """,
        )
        if row is None:
            return False
        await db.enter_church(session, row.church_id)
        last = await STEPS[row.what](session, row, running.phones)
        await _move(session, row, last)
        return True


async def _move(session: AsyncSession, row: Any, last: UUID | None) -> None:
    given = {"church": row.church_id, "what": row.what}
    if last is None:
        await db.run(
            session,
            "DELETE FROM search_backlog WHERE church_id = :church AND what = :what",
            given,
        )
    else:
        await db.run(
            session,
            """
            UPDATE search_backlog SET after_id = :last
             WHERE church_id = :church AND what = :what
            """,
            {**given, "last": last},
        )


async def _lines(session: AsyncSession, row: Any, _phones: Phones) -> UUID | None:
    """Whoever moves or deletes a line holds its thread, and so do we."""
    threads = await db.untyped_rows(
        session,
        """
        SELECT id FROM conversations WHERE church_id = :church AND id > :after
         ORDER BY id LIMIT :count FOR NO KEY UPDATE
        """,
        {"church": row.church_id, "after": row.after_id, "count": THREADS},
    )
    if not threads:
        return None
    await db.run(
        session,
        """
        INSERT INTO message_words (church_id, occurred_at, message_id, words)
        SELECT church_id, occurred_at, id,
               line_words(church_id, occurred_at, content, church_language(:church))
          FROM conversation_messages
         WHERE church_id = :church AND conversation_id = ANY(CAST(:ids AS uuid[]))
        ON CONFLICT (church_id, occurred_at, message_id) DO UPDATE SET words = excluded.words
         WHERE message_words.words <> excluded.words
        """,
        {"church": row.church_id, "ids": [each.id for each in threads]},
    )
    last: UUID = threads[-1].id
    return last


async def _names(session: AsyncSession, row: Any, _phones: Phones) -> UUID | None:
    people = await db.untyped_rows(
        session,
        """
        SELECT member_id FROM contacts WHERE church_id = :church AND member_id > :after
         ORDER BY member_id LIMIT :count FOR SHARE
        """,
        {"church": row.church_id, "after": row.after_id, "count": PEOPLE},
    )
    if not people:
        return None
    await db.run(
        session,
        """
        INSERT INTO contact_words (church_id, member_id, phone_index, words)
        SELECT church_id, member_id, phone_index, name_words(church_id, first_name, last_name)
          FROM contacts
         WHERE church_id = :church AND member_id = ANY(CAST(:ids AS uuid[]))
           AND phone_index IS NOT NULL
        ON CONFLICT (church_id, member_id) DO NOTHING
        """,
        {"church": row.church_id, "ids": [each.member_id for each in people]},
    )
    last: UUID = people[-1].member_id
    return last


async def _numbers(session: AsyncSession, row: Any, phones: Phones) -> UUID | None:
    threads = await db.untyped_rows(
        session,
        """
        SELECT id, phone_sealed FROM conversations
         WHERE church_id = :church AND id > :after ORDER BY id LIMIT :count
        """,
        {"church": row.church_id, "after": row.after_id, "count": NUMBERS},
    )
    if not threads:
        return None
    await phone_pieces.note(
        session, row.church_id, phones, {each.id: each.phone_sealed for each in threads}
    )
    last: UUID = threads[-1].id
    return last


STEPS: dict[str, Step] = {"lines": _lines, "names": _names, "phones": _numbers}
