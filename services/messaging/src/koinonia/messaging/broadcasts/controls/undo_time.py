"""The seconds in which a message can be undone: its batches are held for so long."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.messages import batch_release, batches, queries


async def end(session: AsyncSession, message_id: UUID) -> None:
    """Let the message leave at once, if it still can be undone; what quiet hours hold stays."""
    await queries.message(session, message_id)  # before its batches, which know no church
    await batches.lock(session, message_id)
    ended = await db.run(
        session,
        """
        UPDATE messages SET undo_until = NULL
         WHERE id = :id AND undo_until > :now AND status IN ('pending', 'sending', 'paused')
        """,
        {"id": message_id, "now": clock.now()},
    )
    if ended:
        await batches.unhold(session, message_id)
        await batch_release.release(session, message_id)
