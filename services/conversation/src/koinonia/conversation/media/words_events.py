"""Tell messaging of words that came as a part of a text, not as its text (``words.found``)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.conversation import WordsFound
from koinonia.conversation.threads.threads import Thread


class _Text(NamedTuple):
    carrier: str
    carrier_message_id: str
    occurred_at: datetime


async def publish(session: AsyncSession, thread: Thread, message_id: UUID, words: str) -> None:
    text = await db.first(
        session,
        _Text,
        """
        SELECT carrier, carrier_message_id, occurred_at FROM conversation_messages
         WHERE church_id = :church AND id = :id AND carrier IS NOT NULL
        """,
        {"church": thread.church_id, "id": message_id},
    )
    assert text is not None  # a line that came in
    event = WordsFound(
        church_id=thread.church_id,
        carrier=text.carrier,
        carrier_message_id=text.carrier_message_id,
        to=thread.our_number,
        sealed_sender=thread.phone_sealed,
        text=words,
        received_at=text.occurred_at,
    )
    await outbox.add(session, event)
