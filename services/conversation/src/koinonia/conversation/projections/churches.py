"""Churches: their time zones and the languages they are searched in (events of auth)."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated

LANGUAGE = "english"


async def record(session: AsyncSession, event: ChurchRegistered | ChurchUpdated) -> None:
    """The newest event wins. A language is kept as a text search configuration that PostgreSQL
    has: one that it does not know would break every search of the church."""
    await db.run(
        session,
        """
        INSERT INTO churches AS known (church_id, timezone, language, changed_at)
        VALUES (:church, :timezone, coalesce(
                (SELECT cfgname FROM pg_catalog.pg_ts_config WHERE cfgname = :language LIMIT 1),
                :fallback), :at)
        ON CONFLICT (church_id) DO UPDATE
           SET timezone = excluded.timezone, changed_at = excluded.changed_at,
               language = CASE WHEN CAST(:language AS text) IS NULL THEN known.language
                               ELSE excluded.language END
         WHERE known.changed_at < excluded.changed_at
        """,
        {
            "church": event.church_id,
            "timezone": event.timezone,
            "language": event.language,
            "fallback": LANGUAGE,
            "at": event.occurred_at,
        },
    )
