"""Index rows older than the search, and the lines of a church that changed its language.

Triggers index what is new (migration conversation_0005). A loop indexes the rest step by step, so
that no migration locks a table meanwhile. Until it is through, a search finds less; in a church
that changed its language it finds old lines by their words in the language before.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.conversation.running import Running
from koinonia.conversation.threads import phone_pieces

THREADS = 20  # whose lines are indexed in one transaction: some are long
PEOPLE = 1_000
NUMBERS = 500


class Backlog(NamedTuple):
    """Up to ``after_id`` the church's lines, names or phones are indexed."""

    church_id: UUID
    what: str
    after_id: UUID


class _Phone(NamedTuple):
    thread_id: UUID
    sealed: str


Step = Callable[[AsyncSession, Backlog, Phones], Awaitable[UUID | None]]


async def index_backlog(running: Running) -> None:
    """The loop: one transaction a step, to the end."""
    while not running.stop.is_set() and await _next(running):
        pass


async def _next(running: Running) -> bool:
    async with running.database.transaction(bulk=True) as session:
        backlog = await db.first(
            session,
            Backlog,
            """
            SELECT church_id, what, after_id FROM search_backlog
             ORDER BY church_id, what LIMIT 1 FOR UPDATE SKIP LOCKED
            """,
        )
        if backlog is None:
            return False
        await db.enter_church(session, backlog.church_id)
        last = await STEPS[backlog.what](session, backlog, running.phones)
        await _move(session, backlog, last)
        return True


async def _move(session: AsyncSession, backlog: Backlog, last: UUID | None) -> None:
    given = {"church": backlog.church_id, "what": backlog.what}
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


async def _index_lines(session: AsyncSession, backlog: Backlog, _phones: Phones) -> UUID | None:
    """Whoever moves or deletes a line holds its thread, and so do we."""
    threads = await db.values(
        session,
        UUID,
        """
        SELECT id FROM conversations WHERE church_id = :church AND id > :after
         ORDER BY id LIMIT :count FOR NO KEY UPDATE
        """,
        {"church": backlog.church_id, "after": backlog.after_id, "count": THREADS},
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
        {"church": backlog.church_id, "ids": threads},
    )
    return threads[-1]


async def _index_names(session: AsyncSession, backlog: Backlog, _phones: Phones) -> UUID | None:
    people = await db.values(
        session,
        UUID,
        """
        SELECT member_id FROM contacts WHERE church_id = :church AND member_id > :after
         ORDER BY member_id LIMIT :count FOR SHARE
        """,
        {"church": backlog.church_id, "after": backlog.after_id, "count": PEOPLE},
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
        {"church": backlog.church_id, "ids": people},
    )
    return people[-1]


async def _index_phones(session: AsyncSession, backlog: Backlog, phones: Phones) -> UUID | None:
    phones_sealed = await db.rows(
        session,
        _Phone,
        """
        SELECT id AS thread_id, phone_sealed AS sealed FROM conversations
         WHERE church_id = :church AND id > :after ORDER BY id LIMIT :count
        """,
        {"church": backlog.church_id, "after": backlog.after_id, "count": NUMBERS},
    )
    if not phones_sealed:
        return None
    sealed = {each.thread_id: each.sealed for each in phones_sealed}
    await phone_pieces.store(session, backlog.church_id, phones, sealed)
    return phones_sealed[-1].thread_id


STEPS: dict[str, Step] = {
    "lines": _index_lines,
    "names": _index_names,
    "phones": _index_phones,
}
