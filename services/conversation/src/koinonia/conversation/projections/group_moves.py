"""Who came into which group and left it, when and by whom (events of messaging)."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import GroupMembersChanged, GroupMoves, ManyGroupsChanged


class Move(NamedTuple):
    group_id: UUID
    group_name: str | None
    member_id: UUID
    is_in: bool


def listed(event: GroupMembersChanged | ManyGroupsChanged) -> list[Move]:
    """Each coming and going that an event tells of."""
    groups: Sequence[GroupMembersChanged | GroupMoves] = (
        [event] if isinstance(event, GroupMembersChanged) else event.groups
    )
    return [
        Move(each.group_id, each.group_name, member_id, is_in)
        for each in groups
        for members, is_in in ((each.joined, True), (each.left, False))
        for member_id in members
    ]


async def record(session: AsyncSession, event: GroupMembersChanged | ManyGroupsChanged) -> None:
    """A row for each member; the same ones again change nothing. Rows of a removed member stay:
    they are ids, and no phone leads to them."""
    await db.run(
        session,
        """
        INSERT INTO group_moves (church_id, member_id, moved_at, id, group_id, group_name, is_in,
                                 admin_id)
        SELECT :church, member_id, :at, id, group_id, group_name, is_in, :admin
          FROM json_to_recordset(CAST(:moves AS json))
               AS given (id uuid, group_id uuid, group_name text, member_id uuid, is_in boolean)
        ON CONFLICT (church_id, member_id, moved_at, id) DO NOTHING
        """,
        {
            "church": event.church_id,
            "at": event.occurred_at,
            "admin": event.admin_id,
            "moves": db.records(
                {"id": _id(event, each), **each._asdict()} for each in listed(event)
            ),
        },
    )


def _id(event: GroupMembersChanged | ManyGroupsChanged, move: Move) -> UUID:
    """The same whenever the event is heard, and another for each of a household."""
    if isinstance(event, GroupMembersChanged):
        return uuid5(event.id, str(move.member_id))
    return uuid5(event.id, f"{move.group_id} {move.member_id}")
