"""Which phones opted out, and how that is known (events of messaging); staff cannot answer them."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import MemberOptedIn, MemberOptedOut
from koinonia.conversation import list_cache


async def record(session: AsyncSession, event: MemberOptedOut | MemberOptedIn) -> None:
    """STOP and START come through two queues; the later one wins."""
    list_cache.forget(session, event.church_id)
    await db.run(
        session,
        """
        INSERT INTO opt_outs (church_id, phone_index, is_opted_out, source, changed_at)
        VALUES (:church, :index, :is_opted_out, :source, :at)
        ON CONFLICT (church_id, phone_index) DO UPDATE
           SET is_opted_out = excluded.is_opted_out, source = excluded.source,
               changed_at = excluded.changed_at
         WHERE opt_outs.changed_at < excluded.changed_at
        """,
        {
            "church": event.church_id,
            "index": event.phone_index,
            "is_opted_out": isinstance(event, MemberOptedOut),
            "source": event.source,
            "at": event.occurred_at,
        },
    )
