"""A copy of what auth says of a church: its name and its time zone."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated
from koinonia.messaging.composing import starter_templates


async def record(session: AsyncSession, event: ChurchRegistered | ChurchUpdated) -> None:
    """Keep the newest name and zone, in whatever order the events come. A new church gets its
    first templates."""
    is_new = await db.value(
        session,
        bool,
        """
        INSERT INTO churches (church_id, name, timezone, changed_at)
        VALUES (:church_id, :name, :timezone, :at)
        ON CONFLICT (church_id) DO UPDATE
           SET name = excluded.name, timezone = excluded.timezone, changed_at = excluded.changed_at
         WHERE churches.changed_at <= excluded.changed_at
        RETURNING xmax = 0 AS is_new
        """,
        {
            "church_id": event.church_id,
            "name": event.church_name,
            "timezone": event.timezone,
            "at": event.occurred_at,
        },
    )
    if is_new:
        await starter_templates.add(session, event.church_id)
