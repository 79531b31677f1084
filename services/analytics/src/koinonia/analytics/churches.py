"""Churches as analytics needs them: in which time zone their days begin."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.analytics import dashboard, event_log
from koinonia.analytics.errors import ChurchUnknown
from koinonia.analytics.running import Running
from koinonia.common import db
from koinonia.common.events import by_church
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated


async def record(
    running: Running, session: AsyncSession, events: Sequence[ChurchRegistered | ChurchUpdated]
) -> None:
    """Keep the latest name and time zone. Days that were counted before stay as they are."""
    for church_id, own in by_church(events):
        await db.enter_church(session, church_id)
        await event_log.record(session, own)
        await _keep(session, max(own, key=lambda event: event.occurred_at))
        dashboard.invalidate(session, running.cache, church_id)


async def _keep(session: AsyncSession, event: ChurchRegistered | ChurchUpdated) -> None:
    await db.run(
        session,
        """
        INSERT INTO churches (church_id, name, timezone, changed_at)
        VALUES (:church, :name, :timezone, :at)
        ON CONFLICT (church_id) DO UPDATE
           SET name = excluded.name, timezone = excluded.timezone, changed_at = excluded.changed_at
         WHERE excluded.changed_at >= churches.changed_at
        """,
        {
            "church": event.church_id,
            "name": event.church_name,
            "timezone": event.timezone,
            "at": event.occurred_at,
        },
    )


async def timezone(session: AsyncSession, church_id: UUID) -> str:
    """The IANA name of the church's zone; raises ``ChurchUnknown``."""
    found = await db.value(
        session,
        str,
        "SELECT timezone FROM churches WHERE church_id = :church",
        {"church": church_id},
    )
    if found is None:
        raise ChurchUnknown
    return found
