"""Branches: the places or campuses of a church."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging import names
from koinonia.messaging.errors import BranchExists, BranchNotEmpty, NoSuchBranch


class Branch(NamedTuple):
    """A branch with its counts."""

    id: UUID
    name: str
    name_key: str
    created_at: datetime
    group_count: int
    member_count: int


_COUNTED = """
    SELECT b.id, b.name, b.name_key, b.created_at,
           (SELECT count(*) FROM groups g WHERE g.branch_id = b.id) AS group_count,
           (SELECT count(DISTINCT gm.member_id)
              FROM groups g JOIN group_members gm ON gm.group_id = g.id
             WHERE g.branch_id = b.id) AS member_count
      FROM branches b
"""


async def page(session: db.Session, params: PageParams) -> Page[Branch]:
    """By name."""
    return await db.page(
        session,
        Branch,
        f"{_COUNTED} WHERE true",
        {},
        params,
        db.Order({"name_key": str}, prefix="b."),
        counted="SELECT count(*) FROM branches",
    )


async def get(session: db.Session, branch_id: UUID) -> Branch:
    """Raises ``NoSuchBranch``."""
    return await db.one(
        session, Branch, f"{_COUNTED} WHERE b.id = :id", {"id": branch_id}, missing=NoSuchBranch
    )


async def create(session: AsyncSession, church_id: UUID, name: str) -> Branch:
    branch_id = db.uuid7()
    with db.violations_as(BranchExists):
        await db.run(
            session,
            """
            INSERT INTO branches (id, church_id, name, name_key)
            VALUES (:id, :church_id, :name, :key)
            """,
            {"id": branch_id, "church_id": church_id, "name": name, "key": names.key(name)},
        )
    return await get(session, branch_id)


async def rename(session: AsyncSession, branch_id: UUID, name: str) -> Branch:
    with db.violations_as(BranchExists):
        await db.run(
            session,
            "UPDATE branches SET name = :name, name_key = :key WHERE id = :id",
            {"id": branch_id, "name": name, "key": names.key(name)},
        )
    return await get(session, branch_id)


async def remove(session: AsyncSession, branch_id: UUID) -> None:
    """Removes an empty branch; the row lock keeps a group from being added meanwhile."""
    await db.run(session, "SELECT id FROM branches WHERE id = :id FOR UPDATE", {"id": branch_id})
    branch = await get(session, branch_id)
    if branch.group_count:
        raise BranchNotEmpty(details={"groupCount": branch.group_count})
    await db.run(session, "DELETE FROM branches WHERE id = :id", {"id": branch_id})
