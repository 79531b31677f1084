"""Whether a person has ever texted: who has not must have agreed before they are texted."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db

HAS_TEXTED = """
    EXISTS (SELECT FROM conversations AS c
              JOIN conversation_messages AS m
                ON m.church_id = c.church_id AND m.conversation_id = c.id
             WHERE c.church_id = :church AND c.phone_index = :index AND m.direction = 'inbound')
"""
"""Of a phone, to whichever of our numbers (ix_conversations_phone_index)."""


async def has_texted(session: AsyncSession, church_id: UUID, phone_index: str) -> bool:
    given = {"church": church_id, "index": phone_index}
    return bool(await db.value(session, bool, f"SELECT {HAS_TEXTED}", given))
