"""Lists of members: the newest first, or by name when a name is looked for."""

from uuid import UUID

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging.people.filters.conditions import Conditions
from koinonia.messaging.people.members import FOUND, SHOWN, Member

NEWEST_FIRST = db.Order({"id": UUID}, descending=True, prefix="m.")  # ids rise with time
BY_NAME = db.Order({"last_key": str, "id": UUID}, prefix="m.")
MOST_COUNTED = 250_000


async def page(
    session: db.Session,
    params: PageParams,
    wanted: Conditions,
    *,
    by_name: bool = False,
    is_counted: bool = False,
) -> Page[Member]:
    """The newest first, or by last name, as always where a name is looked for
    (ix_members_church_id_last_key_id). ``is_counted``: with how many there are, up to
    ``MOST_COUNTED``; pages that are numbered always have it."""
    total = await count(session, wanted) if is_counted else None
    return await db.page(
        session,
        Member,
        f"SELECT {SHOWN} FROM {FOUND} WHERE {wanted.sql}",
        wanted.parameters,
        params,
        BY_NAME if by_name or wanted.by_name else NEWEST_FIRST,
        counted=None if is_counted else _counted(wanted),
        total=total,
    )


async def ids(session: db.Session, wanted: Conditions, after: UUID | None, most: int) -> list[UUID]:
    """The ids of up to ``most`` of them, ascending, that follow ``after``."""
    following = "AND m.id > :after" if after else ""
    return await db.values(
        session,
        UUID,
        f"SELECT m.id FROM members m WHERE {wanted.sql} {following} ORDER BY m.id LIMIT :most",
        {**wanted.parameters, "most": most, **({"after": after} if after else {})},
    )


async def count(session: db.Session, wanted: Conditions) -> int:
    """How many there are, up to ``MOST_COUNTED``."""
    return await db.count(session, _counted(wanted), wanted.parameters)


def _counted(wanted: Conditions) -> str:
    return f"""
        SELECT count(*) FROM (SELECT FROM members m WHERE {wanted.sql} LIMIT {MOST_COUNTED}) AS all_
    """
