"""The answer of routes that changed one thread."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.identity import Identity
from koinonia.conversation.running import Running
from koinonia.conversation.viewing import thread_queries
from koinonia.conversation.viewing.schemas import Overview


async def current(
    session: AsyncSession, running: Running, admin: Identity, thread_id: UUID
) -> Overview:
    """The thread as it is now."""
    view = await thread_queries.thread(session, admin, thread_id)
    return Overview.from_view(view, admin, running.phones)
