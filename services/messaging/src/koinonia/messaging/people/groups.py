"""Groups: ministries, teams and classes within a branch."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import GroupRemoved
from koinonia.common.pagination import PageParams
from koinonia.messaging import clashes, names
from koinonia.messaging.errors import (
    GroupExists,
    GroupInUse,
    NoSuchBranch,
    NoSuchGroup,
    NoSuchMember,
)
from koinonia.messaging.people import audience, branches, group_membership, members
from koinonia.messaging.people.audience import TargetType
from koinonia.messaging.people.consent import ministries
from koinonia.messaging.people.consent.errors import BadKeyword, KeywordTaken

COUNTED = """
    SELECT g.id, g.name, g.name_key, g.keyword, g.branch_id, b.name AS branch_name, g.created_at,
           (SELECT count(*) FROM group_members gm WHERE gm.group_id = g.id) AS member_count
      FROM groups g JOIN branches b ON b.id = g.branch_id
"""


async def listed(session: AsyncSession, params: PageParams, branch_id: UUID | None) -> list[Any]:
    """One page of groups by name, of one branch or of all."""
    after = params.after(str, UUID)
    key, group_id = after or (None, None)
    conditions = ["g.branch_id = :branch_id"] if branch_id else []
    conditions += ["(g.name_key, g.id) > (:key, :id)"] if after else []
    return await db.untyped_rows(
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
    found = await db.untyped_first(
        session, f"SELECT count(*) FROM groups {where}", {"branch_id": branch_id}
    )
    return int(found[0]) if found else 0


async def one(session: AsyncSession, group_id: UUID) -> Any:
    found = await db.untyped_first(session, f"{COUNTED} WHERE g.id = :id", {"id": group_id})
    if found is None:
        raise NoSuchGroup
    return found


async def create(
    session: AsyncSession,
    church_id: UUID,
    branch_id: UUID,
    name: str,
    keyword: str | None = None,
) -> Any:
    await branches.one(session, branch_id)
    group_id = db.uuid7()
    keyword_key = await _free(session, church_id, keyword, group_id)
    with clashes.told_as(GroupExists, gone=NoSuchBranch):
        await db.run(
            session,
            """
            INSERT INTO groups (id, church_id, branch_id, name, name_key, keyword, keyword_key)
            VALUES (:id, :church_id, :branch_id, :name, :key, :keyword, :keyword_key)
            """,
            {
                "id": group_id,
                "church_id": church_id,
                "branch_id": branch_id,
                "name": name,
                "key": names.key(name),
                "keyword": keyword,
                "keyword_key": keyword_key,
            },
        )
    return await one(session, group_id)


async def change(
    session: AsyncSession, church_id: UUID, group_id: UUID, given: Mapping[str, Any]
) -> Any:
    """Changes what ``given`` names: ``name``, ``branch_id`` or ``keyword``, which may be None."""
    group = await one(session, group_id)
    changed = {"name": group.name, "branch_id": group.branch_id, "keyword": group.keyword, **given}
    if "branch_id" in given:
        await branches.one(session, changed["branch_id"])
    keyword_key = await _free(session, church_id, changed["keyword"], group_id)
    with clashes.told_as(GroupExists, gone=NoSuchBranch):
        await db.run(
            session,
            """
            UPDATE groups
               SET name = :name, name_key = :key, branch_id = :branch_id, keyword = :keyword,
                   keyword_key = :keyword_key
             WHERE id = :id
            """,
            changed
            | {"id": group_id, "key": names.key(changed["name"]), "keyword_key": keyword_key},
        )
    return await one(session, group_id)


async def _free(
    session: AsyncSession, church_id: UUID, keyword: str | None, group_id: UUID
) -> str | None:
    """The keyword as it is compared; raises when it cannot be this group's."""
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
    owner = await ministries.called(session, church_id, key)
    if owner is not None and owner.id != group_id:
        raise KeywordTaken
    return key


async def remove(session: AsyncSession, church_id: UUID, group_id: UUID) -> None:
    """Removes the group; its members stay members of the church."""
    with clashes.told_as(gone=GroupInUse):
        removed = await db.run(session, "DELETE FROM groups WHERE id = :id", {"id": group_id})
    if not removed:
        raise NoSuchGroup
    await outbox.add(session, GroupRemoved(church_id=church_id, group_id=group_id))


async def add_members(
    session: AsyncSession, church_id: UUID, group_id: UUID, member_ids: Sequence[UUID]
) -> int:
    """Returns how many were not in the group before."""
    await one(session, group_id)
    await audience.check_targets(session, church_id, TargetType.INDIVIDUAL, member_ids)
    with clashes.told_as(gone=NoSuchMember):
        pairs = [(group_id, member_id) for member_id in member_ids]
        return len(await group_membership.join(session, church_id, pairs))


async def remove_member(
    session: AsyncSession, church_id: UUID, group_id: UUID, member_id: UUID
) -> None:
    """Takes the member out of the group; a member who is not in it is out of it already."""
    await one(session, group_id)
    await members.one(session, member_id)
    await group_membership.leave(session, church_id, group_id, member_id)
