"""Which threads somebody of the team has not read: found, where ``read_marks`` tells of one.

Whoever has read everything must not have all of it walked for them, and a text must not write a
row for each of the team. So nothing is written when a text comes. The newest threads are looked
through, back to ``team.settled_through``; what was not read of the time before has rows in
``unread_threads``. After somebody has read, a job settles how far that is
(decision 40). Rows are where to look: the marks decide of each of them, here too.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation import due_work
from koinonia.conversation.due_work import Kind
from koinonia.conversation.running import Running
from koinonia.conversation.threads import read_marks

SCAN = 2_000
"""Threads that one look goes through, from the newest on."""

MOST = 1_000
"""Unread threads of one person that are known by their ids; of more, lists meet them as they go."""

WORTH = 200
"""Threads between what is settled and what could be, below which nothing is gained."""

_THROUGH = """
    (SELECT greatest(reads_from, settled_through) FROM team
      WHERE church_id = :church AND admin_id = :admin)
"""
_NEWER = f"""
    FROM conversations WHERE church_id = :church AND last_received_at > {_THROUGH}
"""


def is_unread(thread_id: str) -> str:
    """SQL: whether ``:admin`` has not read this thread; null where they are not known yet."""
    return f"""
        (SELECT last_received_at > {read_marks.read_through("conversations.id")}
           FROM conversations WHERE church_id = :church AND id = {thread_id})
    """


def _unread_among(candidates: str) -> str:
    """SQL of ids; one by one, whatever PostgreSQL thinks of how many there are."""
    return f"""
        SELECT c.id FROM ({candidates}) AS candidate
         CROSS JOIN LATERAL (
               SELECT id FROM conversations
                WHERE church_id = :church AND id = candidate.id
                  AND last_received_at > {read_marks.read_through("candidate.id")}
                LIMIT 1) AS c
         LIMIT :most
    """


_ROWS = """
    SELECT conversation_id AS id FROM unread_threads
     WHERE church_id = :church AND admin_id = :admin
"""
_NEWEST = f"SELECT id {_NEWER} ORDER BY last_received_at DESC LIMIT :scan"
_FOUND = f"""
    SELECT ARRAY({_unread_among(f"({_ROWS}) UNION ALL ({_NEWEST})")}) AS ids,
           EXISTS (SELECT {_NEWER} ORDER BY last_received_at DESC OFFSET :scan) AS is_cut
"""
_SETTLED = _unread_among(f"""
    ({_ROWS}) UNION ALL
    (SELECT id {_NEWER} AND last_received_at <= :until ORDER BY last_received_at DESC)
""")


class _Found(NamedTuple):
    ids: list[UUID]
    is_cut: bool


async def unread_ids(session: db.Session, church_id: UUID, admin_id: UUID) -> list[UUID] | None:
    """All that somebody of the team has not read (ix_conversations_last_received_at); None where
    they are more than ``MOST``, or not known for ``SCAN``."""
    given = {"church": church_id, "admin": admin_id, "most": MOST + 1, "scan": SCAN}
    found = await db.first(session, _Found, _FOUND, given)
    assert found is not None
    ids = list(dict.fromkeys(found.ids))
    return None if found.is_cut or len(found.ids) > MOST else ids


async def keep_merged(session: AsyncSession, church_id: UUID, into_id: UUID) -> None:
    """A thread that took in another is unread for whoever had not read that one, however old it
    is. Of all who have not read it: a settling that runs meanwhile does not see the merge."""
    await db.run(
        session,
        """
        INSERT INTO unread_threads (church_id, admin_id, conversation_id)
        SELECT t.church_id, t.admin_id, c.id
          FROM conversations AS c
          JOIN team AS t ON t.church_id = c.church_id AND NOT t.is_removed
          LEFT JOIN read_marks AS m ON m.church_id = t.church_id AND m.admin_id = t.admin_id
               AND m.conversation_id = c.id
         WHERE c.church_id = :church AND c.id = :into
           AND c.last_received_at > greatest(m.read_through, t.reads_from)
         ORDER BY t.admin_id
        ON CONFLICT DO NOTHING
        """,
        {"church": church_id, "into": into_id},
    )


async def settle_due(running: Running) -> None:
    """The loop."""
    await due_work.do_each(running, Kind.SETTLING, settle)


async def settle(session: AsyncSession, church_id: UUID, admin_id: UUID) -> None:
    """Write down what somebody has not read of all but the last minutes, unless that is too much
    to gain anything: then what they have not read is soon met in any list.

    Their row is locked before threads, as by who gives them threads, and the work is dropped last:
    who reads waits for it with a thread locked.
    """
    is_there = await db.exists(
        session,
        """
        SELECT 1 FROM team
         WHERE church_id = :church AND admin_id = :admin AND NOT is_removed FOR NO KEY UPDATE
        """,
        {"church": church_id, "admin": admin_id},
    )
    if is_there:
        await _settle(session, church_id, admin_id)
    await due_work.drop(session, Kind.SETTLING, admin_id)


async def _settle(session: AsyncSession, church_id: UUID, admin_id: UUID) -> None:
    # By the clock that stamps texts.
    until = await db.value(
        session,
        datetime,
        "SELECT clock_timestamp() - CAST(:behind AS interval)",
        {"behind": read_marks.BEHIND},
    )
    given: dict[str, object] = {"church": church_id, "admin": admin_id, "until": until}
    if not await db.exists(
        session,
        f"SELECT 1 {_NEWER} AND last_received_at <= :until OFFSET :worth LIMIT 1",
        {**given, "worth": WORTH},
    ):
        return
    kept = await db.values(session, UUID, _ROWS, {"church": church_id, "admin": admin_id})
    ids = await db.values(session, UUID, _SETTLED, {**given, "most": MOST + 1})
    if len(ids) > MOST:
        return
    await db.run(
        session,
        """
        DELETE FROM unread_threads
         WHERE church_id = :church AND admin_id = :admin
           AND conversation_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"church": church_id, "admin": admin_id, "ids": list(set(kept) - set(ids))},
    )
    await db.run(
        session,
        """
        INSERT INTO unread_threads (church_id, admin_id, conversation_id)
        SELECT church_id, :admin, id FROM conversations
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[])) ORDER BY id
        ON CONFLICT DO NOTHING
        """,
        {"church": church_id, "admin": admin_id, "ids": ids},
    )
    await db.run(
        session,
        """
        UPDATE team SET settled_through = :until WHERE church_id = :church AND admin_id = :admin
        """,
        given,
    )
