"""What a route answers that changed one thread."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.identity import Identity
from koinonia.conversation.running import Running
from koinonia.conversation.viewing import reading
from koinonia.conversation.viewing.schemas import Overview


async def conversation(
    session: AsyncSession, running: Running, admin: Identity, thread_id: UUID
) -> Overview:
    """The thread as it is now."""
    row = await reading.thread(session, admin.church_id, thread_id)
    return Overview.shown(row, running.phones)
