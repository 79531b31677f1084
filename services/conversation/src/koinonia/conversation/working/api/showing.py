"""What a route answers that changed one thread."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.identity import Identity
from koinonia.conversation.listing.schemas import Conversation
from koinonia.conversation.viewing import reading


async def conversation(
    session: AsyncSession, running: Any, admin: Identity, thread_id: UUID
) -> Conversation:
    """The thread as the list shows it."""
    row = await reading.thread(session, admin.church_id, thread_id)
    return Conversation.alone(row, running.phones)
