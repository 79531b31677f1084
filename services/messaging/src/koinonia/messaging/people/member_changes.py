"""What changed of a church's members, in an order that a sync can follow without missing anything.

Triggers write ``member_changes`` (``migrations/sql/note_member_changes.sql``). A change has the
time at which its transaction began, and may be seen later than one that began after it. So the list
ends before the oldest transaction that is under way, and whoever goes on from where it ended has
seen all that was before.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.common.pagination import Cursor, PageParams
from koinonia.messaging.people import members
from koinonia.messaging.people.members import Member
from koinonia.messaging.running import Running

KEPT_DAYS = 90  # those of the policy ``old``
BEGIN = UUID(int=0)  # before every member


class Change(NamedTuple):
    """The last change of one member."""

    member_id: UUID
    changed_at: datetime
    is_removed: bool
    merged_into: UUID | None


class Changes(NamedTuple):
    """Some changes with the members as they are now, and where to go on."""

    changes: list[Change]
    members: dict[UUID, Member]
    has_more: bool
    cursor: Cursor | None  # None before anything ever changed


async def after(
    session: db.Session, church_id: UUID, params: PageParams, since: datetime | None
) -> Changes:
    """The changes from ``since`` on, or after the cursor of ``params``; the oldest first, each
    member once."""
    position = params.after(datetime, UUID) or (since and (since, BEGIN))
    at, member_id = position or (None, None)
    found = await db.rows(
        session,
        Change,
        f"""
        SELECT c.member_id, c.changed_at, c.is_removed, c.merged_into
          FROM member_changes c
         WHERE c.church_id = :church
           {"AND (c.changed_at, c.member_id) > (:at, :member)" if position else ""}
           AND c.changed_at < :horizon
           AND NOT EXISTS (SELECT FROM member_changes n
                            WHERE n.church_id = c.church_id AND n.member_id = c.member_id
                              AND n.changed_at > c.changed_at)
         ORDER BY c.changed_at, c.member_id LIMIT :take
        """,
        {
            "church": church_id,
            "at": at,
            "member": member_id,
            "horizon": await _horizon(session),
            "take": params.take,
        },
    )
    shown = found[: params.limit]
    present = await members.some(session, [each.member_id for each in shown])
    end = (shown[-1].changed_at, shown[-1].member_id) if shown else position
    return Changes(shown, present, len(found) > params.limit, Cursor(end) if end else None)


async def prune(running: Running) -> None:
    """A loop's action: forget who was removed long ago, of all churches at once."""
    async with running.database.transaction() as session:
        await db.run(
            session,
            """
            DELETE FROM member_changes
             WHERE is_removed AND changed_at < now() - make_interval(days => :days)
            """,
            {"days": KEPT_DAYS},
        )


async def _horizon(session: db.Session) -> datetime | None:
    """Nothing older than this is still to come: when the oldest transaction of ours began, and a
    second for those that are just beginning."""
    return await db.value(
        session,
        datetime,
        """
        WITH backends AS MATERIALIZED (
            SELECT pid, datid, usesysid, xact_start FROM pg_stat_get_activity(NULL)
        )
        SELECT least(min(b.xact_start), now()) - interval '1 second' AS horizon
          FROM backends b JOIN backends own ON own.pid = pg_backend_pid()
                                           AND b.datid = own.datid AND b.usesysid = own.usesysid
        """,
    )
