"""One thread, and a page of its lines."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.errors import NoSuchConversation
from koinonia.conversation.listing.page import COLUMNS, OPT_OUT


async def thread(session: AsyncSession, church_id: UUID, thread_id: UUID) -> Any:
    """One thread with everybody known on its phone, first by name first, as ``members``."""
    row = await db.first(
        session,
        f"""
        SELECT {COLUMNS},
               (SELECT coalesce(json_agg(json_build_object('id', member_id,
                                'firstName', first_name, 'lastName', last_name)
                                ORDER BY first_name, last_name, member_id), '[]')
                  FROM contacts
                 WHERE church_id = c.church_id AND phone_index = c.phone_index) AS members
          FROM conversations AS c
          {OPT_OUT}
         WHERE c.church_id = :church AND c.id = :id
        """,
        {"church": church_id, "id": thread_id},
    )
    if row is None:
        raise NoSuchConversation
    return row


async def messages(
    session: AsyncSession,
    church_id: UUID,
    thread_id: UUID,
    *,
    before: tuple[Any, ...] | None,
    take: int,
) -> Sequence[Any]:
    """The newest messages before a place, newest first (ix_conversation_messages_thread)."""
    earlier = "AND (occurred_at, id) < (:before_at, :before_id)" if before else ""
    before_at, before_id = before or (None, None)
    return await db.rows(
        session,
        f"""
        SELECT id, conversation_id, direction, content, media_urls, status, failure, occurred_at
          FROM conversation_messages
         WHERE church_id = :church AND conversation_id = :id {earlier}
         ORDER BY occurred_at DESC, id DESC LIMIT :take
        """,
        {
            "church": church_id,
            "id": thread_id,
            "take": take,
            **({"before_at": before_at, "before_id": before_id} if before else {}),
        },
    )
