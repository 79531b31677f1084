"""When each phone last texted a church: "last heard from" of its members."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db


class HeardPhone(NamedTuple):
    """A phone texted the church ``at``."""

    church_id: UUID
    phone_index: str
    at: datetime


async def record(session: AsyncSession, church_id: UUID, phone_index: str, at: datetime) -> None:
    """A text of the phone came ``at``. The latest counts, in whatever order and however often texts
    are told."""
    await record_all(session, [HeardPhone(church_id, phone_index, at)])


async def record_all(session: AsyncSession, heard: Sequence[HeardPhone]) -> None:
    """The same of several phones, of several churches, in one statement."""
    latest = {(each.church_id, each.phone_index): each for each in sorted(heard)}
    db.entering(session, {each.church_id for each in heard})
    await db.run(
        session,
        f"""
        INSERT INTO heard_phones (church_id, phone_index, last_heard_at)
        SELECT {db.ENTERED}, given.phone_index, given.at
          FROM (SELECT * FROM unnest(CAST(:churches AS uuid[]), CAST(:phones AS text[]),
                                     CAST(:times AS timestamptz[]))
                              AS unsorted (church_id, phone_index, at)
                 ORDER BY church_id, phone_index) AS given
        ON CONFLICT (church_id, phone_index) DO UPDATE SET last_heard_at = excluded.last_heard_at
         WHERE heard_phones.last_heard_at < excluded.last_heard_at
        """,
        {
            "churches": [each.church_id for each in latest.values()],
            "phones": [each.phone_index for each in latest.values()],
            "times": [each.at for each in latest.values()],
        },
    )
