"""Lists of members: the newest first, or by name when a name is looked for."""

from dataclasses import dataclass
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, phone
from koinonia.common.pagination import Page, PageParams
from koinonia.common.phone import InvalidPhone, Phones
from koinonia.messaging import names, phone_endings
from koinonia.messaging.people.members import FOUND, SHOWN, Member

NEWEST_FIRST = db.Order({"id": UUID}, descending=True, prefix="m.")  # ids rise with time
BY_NAME = db.Order({"last_key": str, "id": UUID}, prefix="m.")
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
    """Which members to list; without any of these, all of the church."""

    group_id: UUID | None = None
    branch_id: UUID | None = None
    name: str = ""  # a folded prefix of "first last" or "last first"
    phone_index: str | None = None
    last_four: int | None = None
    last_seven: int | None = None
    has_stop_question: bool = False  # only those whose text may ask to stop

    @property
    def conditions(self) -> str:
        """The condition of ``WHERE``."""
        found = {
            IN_GROUP: self.group_id,
            IN_BRANCH: self.branch_id,
            SAME_NAME: self.name,
            "m.phone_index = :phone_index": self.phone_index,
            "m.phone_last_four = :last_four": self.last_four,
            "m.phone_last_seven = :last_seven": self.last_seven,
            "q.phone_index IS NOT NULL": self.has_stop_question,
        }
        return " AND ".join(condition for condition, value in found.items() if value) or "true"

    @property
    def parameters(self) -> dict[str, object]:
        return {
            "group_id": self.group_id,
            "branch_id": self.branch_id,
            "low": self.name,
            "high": self.name + LAST_LETTER,
            "phone_index": self.phone_index,
            "last_four": self.last_four,
            "last_seven": self.last_seven,
        }


class Filters(TypedDict):
    """What a list is narrowed by besides a search."""

    group_id: UUID | None
    branch_id: UUID | None
    has_stop_question: bool


def wanted(church_id: UUID, search: str, phones: Phones, **filters: Unpack[Filters]) -> Wanted:
    """What ``search`` stands for: the last four or seven digits of a phone, a whole number, else
    the beginning of a name."""
    if digits := phone_endings.searched(search):
        ending = phones.ending(church_id, digits)
        return Wanted(
            last_four=ending if len(digits) == phone_endings.FOUR else None,
            last_seven=ending if len(digits) == phone_endings.SEVEN else None,
            **filters,
        )
    try:
        return Wanted(phone_index=phones.index(church_id, phone.parse(search)), **filters)
    except InvalidPhone:
        return Wanted(name=names.key(search), **filters)


async def page(session: AsyncSession, params: PageParams, wanted: Wanted) -> Page[Member]:
    """The newest first, or by name where a name is looked for."""
    return await db.page(
        session,
        Member,
        f"SELECT {SHOWN} FROM {FOUND} WHERE {wanted.conditions}",
        wanted.parameters,
        params,
        BY_NAME if wanted.name else NEWEST_FIRST,
        counted=f"SELECT count(*) FROM {FOUND} WHERE {wanted.conditions}",
    )
