"""Churches as far as analytics needs them: in which zone does their day begin."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.analytics import dashboard, event_log
from koinonia.analytics.errors import ChurchUnknown
from koinonia.analytics.running import Running
from koinonia.common import db
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated


async def learn(
    running: Running, session: AsyncSession, event: ChurchRegistered | ChurchUpdated
) -> None:
    """Keep the latest name and zone. Days that are counted already stay what they were."""
    await event_log.note(session, event)
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
    dashboard.forget(session, running.cache, event.church_id)


async def zone(session: AsyncSession, church_id: UUID) -> str:
    """The IANA name of the church's zone; raises ``ChurchUnknown``."""
    church = await db.untyped_first(
        session, "SELECT timezone FROM churches WHERE church_id = :church", {"church": church_id}
    )
    if church is None:
        raise ChurchUnknown
    return str(church.timezone)
