"""Branches: the places or campuses of a church."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import PageParams
from koinonia.messaging import clashes, names
from koinonia.messaging.errors import BranchExists, BranchNotEmpty, NoSuchBranch

COUNTED = """
    SELECT b.id, b.name, b.name_key, b.created_at,
           (SELECT count(*) FROM groups g WHERE g.branch_id = b.id) AS group_count,
           (SELECT count(DISTINCT gm.member_id)
              FROM groups g JOIN group_members gm ON gm.group_id = g.id
             WHERE g.branch_id = b.id) AS member_count
      FROM branches b
"""


async def listed(session: AsyncSession, params: PageParams) -> list[Any]:
    """One page of branches by name, each with its counts."""
    after = params.after(str)
    return await db.untyped_rows(
        session,
        f"""
        {COUNTED}
        {"WHERE b.name_key > :after" if after else ""}
        ORDER BY b.name_key LIMIT :take OFFSET :offset
        """,
        {"after": after[0] if after else None, "take": params.take, "offset": params.offset},
    )


async def total(session: AsyncSession) -> int:
    found = await db.untyped_first(session, "SELECT count(*) FROM branches")
    return int(found[0]) if found else 0


async def one(session: AsyncSession, branch_id: UUID) -> Any:
    found = await db.untyped_first(session, f"{COUNTED} WHERE b.id = :id", {"id": branch_id})
    if found is None:
        raise NoSuchBranch
    return found


async def create(session: AsyncSession, church_id: UUID, name: str) -> Any:
    branch_id = db.uuid7()
    with clashes.told_as(BranchExists):
        await db.run(
            session,
            """
            INSERT INTO branches (id, church_id, name, name_key)
            VALUES (:id, :church_id, :name, :key)
            """,
            {"id": branch_id, "church_id": church_id, "name": name, "key": names.key(name)},
        )
    return await one(session, branch_id)


async def rename(session: AsyncSession, branch_id: UUID, name: str) -> Any:
    with clashes.told_as(BranchExists):
        await db.run(
            session,
            "UPDATE branches SET name = :name, name_key = :key WHERE id = :id",
            {"id": branch_id, "name": name, "key": names.key(name)},
        )
    return await one(session, branch_id)


async def remove(session: AsyncSession, branch_id: UUID) -> None:
    """Removes an empty branch; the row lock keeps a group from being added meanwhile."""
    await db.untyped_rows(
        session, "SELECT id FROM branches WHERE id = :id FOR UPDATE", {"id": branch_id}
    )
    branch = await one(session, branch_id)
    if branch.group_count:
        raise BranchNotEmpty(details={"groupCount": branch.group_count})
    await db.run(session, "DELETE FROM branches WHERE id = :id", {"id": branch_id})
