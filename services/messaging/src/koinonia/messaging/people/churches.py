"""A copy of what auth says of a church: its name, its time zone and its language."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated
from koinonia.messaging.composing import starter_templates


async def record(session: AsyncSession, event: ChurchRegistered | ChurchUpdated) -> None:
    """Keep the newest, in whatever order the events come. A language is kept as a text search
    configuration that PostgreSQL has. A new church gets its first templates."""
    is_new = await db.value(
        session,
        bool,
        """
        INSERT INTO churches AS known (church_id, name, timezone, language, changed_at)
        VALUES (:church_id, :name, :timezone, coalesce(
                (SELECT cfgname FROM pg_catalog.pg_ts_config WHERE cfgname = :language LIMIT 1),
                :fallback), :at)
        ON CONFLICT (church_id) DO UPDATE
           SET name = excluded.name, timezone = excluded.timezone, changed_at = excluded.changed_at,
               language = CASE WHEN CAST(:language AS text) IS NULL THEN known.language
                               ELSE excluded.language END
         WHERE known.changed_at <= excluded.changed_at
        RETURNING xmax = 0 AS is_new
        """,
        {
            "church_id": event.church_id,
            "name": event.church_name,
            "timezone": event.timezone,
            "language": event.language,
            "fallback": "english",
            "at": event.occurred_at,
        },
    )
    if is_new:
        await starter_templates.add(session, event.church_id)
