"""When each phone last texted a church: "last heard from" of its members."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db


async def record(session: AsyncSession, church_id: UUID, phone_index: str, at: datetime) -> None:
    """A text of the phone came ``at``. The latest counts, in whatever order and however often texts
    are told."""
    await db.run(
        session,
        """
        INSERT INTO heard_phones (church_id, phone_index, last_heard_at)
        VALUES (:church, :phone, :at)
        ON CONFLICT (church_id, phone_index) DO UPDATE SET last_heard_at = excluded.last_heard_at
         WHERE heard_phones.last_heard_at < excluded.last_heard_at
        """,
        {"church": church_id, "phone": phone_index, "at": at},
    )
