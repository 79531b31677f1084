"""Lists of members: the newest first, or by name when a name is looked for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, phone
from koinonia.common.pagination import PageParams
from koinonia.common.phone import InvalidPhone, Phones
from koinonia.messaging import names
from koinonia.messaging.people.members import SHOWN

LAST_LETTER = "\U0010ffff"  # sorts after every other, so it ends a range of names

SAME_NAME = """
    (m.first_key >= :low AND m.first_key < :high OR m.last_key >= :low AND m.last_key < :high)"""
IN_GROUP = """
    m.id IN (SELECT gm.member_id FROM group_members gm WHERE gm.group_id = :group_id)"""
IN_BRANCH = """
    EXISTS (SELECT FROM group_members gm JOIN groups g ON g.id = gm.group_id
             WHERE gm.member_id = m.id AND g.branch_id = :branch_id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which members; all of the church without any of these."""

    group_id: UUID | None = None
    branch_id: UUID | None = None
    name: str = ""  # a folded prefix of "first last" or "last first"
    phone_index: str | None = None

    @property
    def conditions(self) -> list[str]:
        found = {
            IN_GROUP: self.group_id,
            IN_BRANCH: self.branch_id,
            SAME_NAME: self.name,
            "m.phone_index = :phone_index": self.phone_index,
        }
        return [condition for condition, value in found.items() if value]

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "group_id": self.group_id,
            "branch_id": self.branch_id,
            "low": self.name,
            "high": self.name + LAST_LETTER,
            "phone_index": self.phone_index,
        }


def wanted(
    church_id: UUID, search: str, group_id: UUID | None, branch_id: UUID | None, phones: Phones
) -> Wanted:
    """What ``search`` means: a whole phone number, or else the beginning of a name."""
    try:
        index = phones.index(church_id, phone.parse(search))
        return Wanted(group_id=group_id, branch_id=branch_id, phone_index=index)
    except InvalidPhone:
        return Wanted(group_id=group_id, branch_id=branch_id, name=names.key(search))


async def listed(session: AsyncSession, params: PageParams, wanted: Wanted) -> list[Any]:
    """One page. Ids are in the order of their making, so the newest have the highest."""
    by_name = bool(wanted.name)
    after = params.after(str, UUID) if by_name else params.after(UUID)
    key, member_id = (after if by_name else (None, *after)) if after else (None, None)
    later = "(m.last_key, m.id) > (:key, :id)" if by_name else "m.id < :id"
    conditions = wanted.conditions + ([later] if after else [])
    return await db.untyped_rows(
        session,
        f"""
        SELECT {SHOWN} FROM members m
        {"WHERE " + " AND ".join(conditions) if conditions else ""}
        ORDER BY {"m.last_key, m.id" if by_name else "m.id DESC"}
        LIMIT :take OFFSET :offset
        """,
        {
            **wanted.parameters,
            "key": key,
            "id": member_id,
            "take": params.take,
            "offset": params.offset,
        },
    )


def key(wanted: Wanted, member: Any) -> tuple[Any, ...]:
    """The place of ``member`` in the list."""
    return (member.last_key, member.id) if wanted.name else (member.id,)


async def total(session: AsyncSession, wanted: Wanted) -> int:
    where = "WHERE " + " AND ".join(wanted.conditions) if wanted.conditions else ""
    found = await db.untyped_first(
        session, f"SELECT count(*) FROM members m {where}", wanted.parameters
    )
    return int(found[0]) if found else 0
