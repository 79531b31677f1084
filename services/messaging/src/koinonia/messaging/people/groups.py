"""Groups: ministries, teams and classes within a branch."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import PageParams
from koinonia.messaging import clashes
from koinonia.messaging.errors import GroupExists, NoSuchBranch, NoSuchGroup, NoSuchMember
from koinonia.messaging.people import audience, branches, members, names
from koinonia.messaging.people.audience import TargetType

COUNTED = """
    SELECT g.id, g.name, g.name_key, g.branch_id, b.name AS branch_name, g.created_at,
           (SELECT count(*) FROM group_members gm WHERE gm.group_id = g.id) AS member_count
      FROM groups g JOIN branches b ON b.id = g.branch_id
"""


async def listed(session: AsyncSession, params: PageParams, branch_id: UUID | None) -> list[Any]:
    """One page of groups by name, of one branch or of all."""
    after = params.after(str, UUID)
    key, group_id = after or (None, None)
    conditions = ["g.branch_id = :branch_id"] if branch_id else []
    conditions += ["(g.name_key, g.id) > (:key, :id)"] if after else []
    return await db.rows(
        session,
        f"""
        {COUNTED}
        {"WHERE " + " AND ".join(conditions) if conditions else ""}
        ORDER BY g.name_key, g.id LIMIT :take OFFSET :offset
        """,
        {
            "branch_id": branch_id,
            "key": key,
            "id": group_id,
            "take": params.take,
            "offset": params.offset,
        },
    )


async def total(session: AsyncSession, branch_id: UUID | None) -> int:
    where = "WHERE branch_id = :branch_id" if branch_id else ""
    found = await db.first(
        session, f"SELECT count(*) FROM groups {where}", {"branch_id": branch_id}
    )
    return int(found[0]) if found else 0


async def one(session: AsyncSession, group_id: UUID) -> Any:
    found = await db.first(session, f"{COUNTED} WHERE g.id = :id", {"id": group_id})
    if found is None:
        raise NoSuchGroup
    return found


async def create(session: AsyncSession, church_id: UUID, branch_id: UUID, name: str) -> Any:
    await branches.one(session, branch_id)
    group_id = db.uuid7()
    with clashes.told_as(GroupExists, gone=NoSuchBranch):
        await db.run(
            session,
            """
            INSERT INTO groups (id, church_id, branch_id, name, name_key)
            VALUES (:id, :church_id, :branch_id, :name, :key)
            """,
            {
                "id": group_id,
                "church_id": church_id,
                "branch_id": branch_id,
                "name": name,
                "key": names.key(name),
            },
        )
    return await one(session, group_id)


async def change(
    session: AsyncSession, group_id: UUID, name: str | None, branch_id: UUID | None
) -> Any:
    """Renames a group, moves it to another branch, or both."""
    group = await one(session, group_id)
    if branch_id:
        await branches.one(session, branch_id)
    with clashes.told_as(GroupExists, gone=NoSuchBranch):
        await db.run(
            session,
            """
            UPDATE groups SET name = :name, name_key = :key, branch_id = :branch_id WHERE id = :id
            """,
            {
                "id": group_id,
                "name": name or group.name,
                "key": names.key(name or group.name),
                "branch_id": branch_id or group.branch_id,
            },
        )
    return await one(session, group_id)


async def remove(session: AsyncSession, group_id: UUID) -> None:
    """Removes the group; its members stay members of the church."""
    if not await db.run(session, "DELETE FROM groups WHERE id = :id", {"id": group_id}):
        raise NoSuchGroup


async def add_members(
    session: AsyncSession, church_id: UUID, group_id: UUID, member_ids: Sequence[UUID]
) -> int:
    """Returns how many were not in the group before."""
    await one(session, group_id)
    await audience.check_targets(session, church_id, TargetType.INDIVIDUAL, member_ids)
    with clashes.told_as(gone=NoSuchMember):
        return await db.run(
            session,
            """
            INSERT INTO group_members (church_id, group_id, member_id)
            SELECT :church_id, :group_id, id FROM unnest(CAST(:ids AS uuid[])) AS given (id)
            ON CONFLICT DO NOTHING
            """,
            {"church_id": church_id, "group_id": group_id, "ids": list(set(member_ids))},
        )


async def remove_member(session: AsyncSession, group_id: UUID, member_id: UUID) -> None:
    """Takes the member out of the group; a member who is not in it is out of it already."""
    await one(session, group_id)
    await members.one(session, member_id)
    await db.run(
        session,
        "DELETE FROM group_members WHERE group_id = :group_id AND member_id = :member_id",
        {"group_id": group_id, "member_id": member_id},
    )
