"""Who works for a church, their names and roles (events of auth about admins).

Whoever may not answer any more holds nothing: what they held is due to be taken from them
(``actions.withdrawals``).
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.auth import AdminJoined, AdminRemoved, AdminUpdated
from koinonia.common.identity import Role
from koinonia.conversation import due_work, list_cache
from koinonia.conversation.errors import MayNotAnswer, NoSuchAdmin

_ANSWERING = ", ".join(f"'{role}'" for role in Role if role.includes(Role.STAFF))
MAY_ANSWER = f"NOT is_removed AND role IN ({_ANSWERING})"
"""Of a row of ``team``."""


class Colleague(NamedTuple):
    admin_id: UUID
    first_name: str | None
    last_name: str | None
    is_removed: bool
    may_answer: bool

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or "A colleague"


async def record(session: AsyncSession, event: AdminJoined | AdminUpdated) -> None:
    """The newest event wins; an older one still adds a name where none is known."""
    await db.run(
        session,
        """
        INSERT INTO team (church_id, admin_id, first_name, last_name, role, changed_at, reads_from)
        VALUES (:church, :admin, :first_name, :last_name, :role, :at, :at)
        ON CONFLICT (church_id, admin_id) DO UPDATE
           SET (first_name, last_name, role) = (SELECT newest.first_name, newest.last_name,
                                                       newest.role
                  FROM (VALUES (excluded.first_name, excluded.last_name, excluded.role,
                                excluded.changed_at),
                               (team.first_name, team.last_name, team.role, team.changed_at))
                       AS newest (first_name, last_name, role, changed_at)
                 ORDER BY first_name IS NULL, changed_at DESC LIMIT 1),
               reads_from = CASE WHEN NOT team.is_removed
                                 THEN least(team.reads_from, excluded.reads_from)
                                 WHEN excluded.changed_at > team.changed_at
                                 THEN excluded.reads_from ELSE team.reads_from END,
               -- Who joined earlier than was known may not have read what was settled as read.
               settled_through = CASE WHEN excluded.reads_from >= team.reads_from
                                      THEN team.settled_through END,
               is_removed = team.is_removed AND excluded.changed_at <= team.changed_at,
               changed_at = greatest(team.changed_at, excluded.changed_at)
        """,
        {
            "church": event.church_id,
            "admin": event.admin_id,
            "first_name": event.first_name,
            "last_name": event.last_name,
            "role": event.role,
            "at": event.occurred_at,
        },
    )
    list_cache.forget_marks(session, event.church_id, event.admin_id)
    await _withdraw(session, event.church_id, event.admin_id)


async def remove(session: AsyncSession, event: AdminRemoved) -> None:
    """Nothing can be assigned to them any more; what they wrote keeps their name.
    What they had read goes with them."""
    await db.run(
        session,
        """
        INSERT INTO team (church_id, admin_id, is_removed, changed_at, reads_from)
        VALUES (:church, :admin, true, :at, :at)
        ON CONFLICT (church_id, admin_id) DO UPDATE
           SET is_removed = true, changed_at = excluded.changed_at
         WHERE team.changed_at <= excluded.changed_at
        """,
        {"church": event.church_id, "admin": event.admin_id, "at": event.occurred_at},
    )
    for table in ("read_marks", "unread_threads"):
        await db.run(
            session,
            f"""
            DELETE FROM {table}
             WHERE church_id = :church AND admin_id = :admin
               AND EXISTS (SELECT FROM team
                            WHERE church_id = :church AND admin_id = :admin AND is_removed)
            """,
            {"church": event.church_id, "admin": event.admin_id},
        )
    list_cache.forget_marks(session, event.church_id, event.admin_id)
    await _withdraw(session, event.church_id, event.admin_id)


async def _withdraw(session: AsyncSession, church_id: UUID, admin_id: UUID) -> None:
    """Have taken from them what they hold, if they may not answer. The row tells it and not the
    event, which may be an old one."""
    found = await colleague(session, church_id, admin_id)
    if found and not found.may_answer:
        await due_work.put(session, due_work.Kind.WITHDRAWAL, admin_id, church_id, clock.now())


async def colleague(
    session: db.Session, church_id: UUID, admin_id: UUID, *, locked: bool = False
) -> Colleague | None:
    """As far as events have told of them; None where none has come yet."""
    return await db.first(
        session,
        Colleague,
        f"""
        SELECT admin_id, first_name, last_name, is_removed,
               coalesce({MAY_ANSWER}, false) AS may_answer
          FROM team WHERE church_id = :church AND admin_id = :admin
        {"FOR SHARE" if locked else ""}
        """,
        {"church": church_id, "admin": admin_id},
    )


async def check_may_answer(
    session: AsyncSession, church_id: UUID, admin_id: UUID, *, is_asking: bool
) -> None:
    """Raises ``NoSuchAdmin`` and ``MayNotAnswer``. Whoever asks exists, even if auth's event has
    not come yet. Their row is locked, so that they keep the right until this transaction ends, and
    whoever takes it from them finds what this one gives them."""
    found = await colleague(session, church_id, admin_id, locked=True)
    if found is None and is_asking:
        return
    if found is None or found.is_removed:
        raise NoSuchAdmin(details={"ids": [str(admin_id)]})
    if not found.may_answer:
        raise MayNotAnswer


async def answerable_for(
    session: AsyncSession, church_id: UUID, author_id: UUID, assignee_id: UUID | None
) -> tuple[UUID, ...]:
    """Who is to be told of what somebody wrote: they, or where they may not answer any more, whose
    the thread is, or the church's admins."""
    author = await colleague(session, church_id, author_id)
    if author is None or author.may_answer:
        return (author_id,)
    if assignee_id not in (None, author_id):
        return (assignee_id,)
    admins = await db.values(
        session,
        UUID,
        """
        SELECT admin_id FROM team
         WHERE church_id = :church AND NOT is_removed AND role IN ('owner', 'admin')
         ORDER BY admin_id LIMIT 100
        """,
        {"church": church_id},
    )
    return tuple(admins)


async def check(session: AsyncSession, church_id: UUID, admin_ids: Collection[UUID]) -> None:
    """Raises ``NoSuchAdmin`` unless all of them are of the team."""
    if not admin_ids:
        return
    found = await db.values(
        session,
        UUID,
        """
        SELECT admin_id FROM team
         WHERE church_id = :church AND admin_id = ANY(CAST(:ids AS uuid[])) AND NOT is_removed
        """,
        {"church": church_id, "ids": list(admin_ids)},
    )
    if missing := set(admin_ids) - set(found):
        raise NoSuchAdmin(details={"ids": sorted(map(str, missing))})
