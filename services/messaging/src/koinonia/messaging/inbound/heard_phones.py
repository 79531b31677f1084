"""When each phone last texted a church: "last heard from" of its members."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db


async def record(session: AsyncSession, church_id: UUID, phone_index: str, at: datetime) -> None:
    """A text of the phone came ``at``. The latest counts, in whatever order and however often texts
    are told."""
    await record_all(session, church_id, {phone_index: at})


async def record_all(session: AsyncSession, church_id: UUID, times: Mapping[str, datetime]) -> None:
    """The same of several phones."""
    await db.run(
        session,
        """
        INSERT INTO heard_phones (church_id, phone_index, last_heard_at)
        SELECT :church, phone_index, at
          FROM unnest(CAST(:phones AS text[]), CAST(:times AS timestamptz[]))
               AS given (phone_index, at)
         ORDER BY phone_index
        ON CONFLICT (church_id, phone_index) DO UPDATE SET last_heard_at = excluded.last_heard_at
         WHERE heard_phones.last_heard_at < excluded.last_heard_at
        """,
        {"church": church_id, "phones": list(times), "times": list(times.values())},
    )
