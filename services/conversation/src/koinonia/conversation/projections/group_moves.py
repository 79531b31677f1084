"""Who came into which group and left it, when and by whom (events of messaging)."""

from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import GroupMembersChanged


async def record(session: AsyncSession, event: GroupMembersChanged) -> None:
    """A row for each member; the same ones again change nothing. Rows of a removed member stay:
    they are ids, and no phone leads to them."""
    moves = [(each, True) for each in event.joined] + [(each, False) for each in event.left]
    await db.run(
        session,
        """
        INSERT INTO group_moves (church_id, member_id, moved_at, id, group_id, group_name, is_in,
                                 admin_id)
        SELECT :church, member_id, :at, id, :group, :name, is_in, :admin
          FROM unnest(CAST(:members AS uuid[]), CAST(:ids AS uuid[]), CAST(:are_in AS boolean[]))
               AS given (member_id, id, is_in)
        ON CONFLICT (church_id, member_id, moved_at, id) DO NOTHING
        """,
        {
            "church": event.church_id,
            "at": event.occurred_at,
            "group": event.group_id,
            "name": event.group_name,
            "admin": event.admin_id,
            "members": [member_id for member_id, _ in moves],
            "ids": [_id(event.id, member_id) for member_id, _ in moves],
            "are_in": [is_in for _, is_in in moves],
        },
    )


def _id(event_id: UUID, member_id: UUID) -> UUID:
    """The same whenever the event is heard, and another for each of a household."""
    return uuid5(event_id, str(member_id))
