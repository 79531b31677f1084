"""Groups: ministries, teams and classes within a branch."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import GroupRemoved
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging import names
from koinonia.messaging.errors import (
    GroupExists,
    GroupInUse,
    NoSuchBranch,
    NoSuchGroup,
    NoSuchMember,
)
from koinonia.messaging.people import branches, group_membership, members
from koinonia.messaging.people.consent import ministries
from koinonia.messaging.people.consent.errors import BadKeyword, KeywordTaken
from koinonia.messaging.people.targets import resolution
from koinonia.messaging.people.targets.target_schemas import TargetType


class Group(NamedTuple):
    """A group with its branch and how many are in it."""

    id: UUID
    name: str
    name_key: str
    keyword: str | None
    branch_id: UUID
    branch_name: str
    number_id: UUID | None
    created_at: datetime
    member_count: int


class GroupChange(TypedDict, total=False):
    """What is to change of a group."""

    name: str
    branch_id: UUID
    keyword: str | None
    number_id: UUID | None


_COUNTED = """
    SELECT g.id, g.name, g.name_key, g.keyword, g.branch_id, b.name AS branch_name, g.number_id,
           g.created_at,
           (SELECT count(*) FROM group_members gm WHERE gm.group_id = g.id) AS member_count
      FROM groups g JOIN branches b ON b.id = g.branch_id
"""


async def page(session: db.Session, params: PageParams, branch_id: UUID | None) -> Page[Group]:
    """By name, of one branch or of all."""
    condition = "g.branch_id = :branch_id" if branch_id else "true"
    return await db.page(
        session,
        Group,
        f"{_COUNTED} WHERE {condition}",
        {"branch_id": branch_id},
        params,
        db.Order({"name_key": str, "id": UUID}, prefix="g."),
        counted=f"SELECT count(*) FROM groups g WHERE {condition}",
    )


async def get(session: db.Session, group_id: UUID) -> Group:
    """Raises ``NoSuchGroup``."""
    return await db.one(
        session, Group, f"{_COUNTED} WHERE g.id = :id", {"id": group_id}, missing=NoSuchGroup
    )


async def create(
    session: AsyncSession,
    church_id: UUID,
    branch_id: UUID,
    name: str,
    keyword: str | None = None,
    number_id: UUID | None = None,
) -> Group:
    """``number_id``: an active number that its texts come from unless another is asked for."""
    await branches.get(session, branch_id)
    group_id = db.uuid7()
    keyword_key = await _free(session, church_id, keyword, group_id)
    with db.violations_as(GroupExists, gone=NoSuchBranch):
        await db.run(
            session,
            """
            INSERT INTO groups (id, church_id, branch_id, name, name_key, keyword, keyword_key,
                                number_id)
            VALUES (:id, :church_id, :branch_id, :name, :key, :keyword, :keyword_key, :number)
            """,
            {
                "id": group_id,
                "church_id": church_id,
                "branch_id": branch_id,
                "name": name,
                "key": names.key(name),
                "keyword": keyword,
                "keyword_key": keyword_key,
                "number": number_id,
            },
        )
    return await get(session, group_id)


async def change(
    session: AsyncSession, church_id: UUID, group_id: UUID, given: GroupChange
) -> Group:
    group = await get(session, group_id)
    name = given.get("name", group.name)
    branch_id = given.get("branch_id", group.branch_id)
    keyword = given.get("keyword", group.keyword)
    if "branch_id" in given:
        await branches.get(session, branch_id)
    keyword_key = await _free(session, church_id, keyword, group_id)
    with db.violations_as(GroupExists, gone=NoSuchBranch):
        await db.run(
            session,
            """
            UPDATE groups
               SET name = :name, name_key = :key, branch_id = :branch_id, keyword = :keyword,
                   keyword_key = :keyword_key, number_id = :number
             WHERE id = :id
            """,
            {
                "id": group_id,
                "name": name,
                "key": names.key(name),
                "branch_id": branch_id,
                "keyword": keyword,
                "keyword_key": keyword_key,
                "number": given.get("number_id", group.number_id),
            },
        )
    return await get(session, group_id)


async def _free(
    session: AsyncSession, church_id: UUID, keyword: str | None, group_id: UUID
) -> str | None:
    """The keyword as it is compared; raises when this group cannot have it."""
    if keyword is None:
        return None
    key = ministries.key(keyword)
    if not key.isalnum() or ministries.is_reserved(keyword):
        raise BadKeyword
    await db.run(  # two groups that ask for one word take turns
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"keyword {church_id} {key}"},
    )
    owner = await ministries.by_keyword(session, church_id, key)
    if owner is not None and owner.id != group_id:
        raise KeywordTaken
    return key


async def remove(session: AsyncSession, church_id: UUID, group_id: UUID) -> None:
    """Removes the group; its members stay members of the church."""
    with db.violations_as(gone=GroupInUse):
        removed = await db.run(session, "DELETE FROM groups WHERE id = :id", {"id": group_id})
    if not removed:
        raise NoSuchGroup
    await outbox.add(session, GroupRemoved(church_id=church_id, group_id=group_id))


async def add_members(
    session: AsyncSession, church_id: UUID, group_id: UUID, member_ids: Sequence[UUID]
) -> int:
    """Returns how many were not in the group before."""
    await get(session, group_id)
    await resolution.check_targets(session, church_id, TargetType.INDIVIDUAL, member_ids)
    with db.violations_as(gone=NoSuchMember):
        pairs = [(group_id, member_id) for member_id in member_ids]
        return len(await group_membership.join(session, church_id, pairs))


async def remove_member(
    session: AsyncSession, church_id: UUID, group_id: UUID, member_id: UUID
) -> None:
    """Takes the member out of the group; nothing happens to one who is not in it."""
    await get(session, group_id)
    await members.get(session, member_id)
    await group_membership.leave(session, church_id, group_id, member_id)
