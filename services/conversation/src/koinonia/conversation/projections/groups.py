"""Who is in which group (events of messaging): threads are listed by it.

Events may come in any order. The row of a member who left stays, and so does the time when a group
or a member was removed: an older event that comes later changes nothing.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import GroupMembersChanged, GroupRemoved, ManyGroupsChanged
from koinonia.conversation import list_cache
from koinonia.conversation.projections import contacts, group_moves


async def record(session: AsyncSession, event: GroupMembersChanged | ManyGroupsChanged) -> None:
    """Record up to 500 members, each unless something newer is known of them, and their moves."""
    await group_moves.record(session, event)
    moves = {(each.group_id, each.member_id): each for each in group_moves.listed(event)}
    list_cache.forget(session, event.church_id)
    await contacts.lock_people(session)
    await db.run(
        session,
        """
        INSERT INTO contact_groups (church_id, group_id, member_id, is_in, changed_at)
        SELECT :church, given.group_id, given.member_id, is_in, :at
          FROM json_to_recordset(CAST(:moves AS json))
               AS given (group_id uuid, member_id uuid, is_in boolean)
         WHERE NOT EXISTS (SELECT FROM removed_groups AS gone
                            WHERE church_id = :church AND gone.group_id = given.group_id
                              AND removed_at >= :at)
           AND NOT EXISTS (SELECT FROM contacts AS removed
                            WHERE church_id = :church AND removed.member_id = given.member_id
                              AND (phone_index IS NULL AND changed_at >= :at
                                   OR stands_for IS NOT NULL))
         ORDER BY given.group_id, given.member_id
        ON CONFLICT (church_id, group_id, member_id) DO UPDATE
           SET is_in = excluded.is_in, changed_at = excluded.changed_at
         WHERE contact_groups.changed_at < excluded.changed_at
        """,
        {
            "church": event.church_id,
            "at": event.occurred_at,
            "moves": db.records(each._asdict() for each in moves.values()),
        },
    )


async def remove(session: AsyncSession, event: GroupRemoved) -> None:
    """No thread is listed by a group that is gone."""
    given = {"church": event.church_id, "group": event.group_id, "at": event.occurred_at}
    list_cache.forget(session, event.church_id)
    await contacts.lock_people(session)
    await db.run(
        session,
        """
        INSERT INTO removed_groups (church_id, group_id, removed_at) VALUES (:church, :group, :at)
        ON CONFLICT (church_id, group_id)
        DO UPDATE SET removed_at = greatest(removed_groups.removed_at, excluded.removed_at)
        """,
        given,
    )
    await db.run(
        session,
        """
        DELETE FROM contact_groups
         WHERE church_id = :church AND group_id = :group AND changed_at <= :at
        """,
        given,
    )
