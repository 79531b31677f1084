"""Which conversation a phone has (events of conversation): members lead to it. With it comes when
phones texted before messaging counted texts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.conversation import ConversationsBegun, PhoneConversation
from koinonia.messaging.inbound import heard_phones
from koinonia.messaging.inbound.heard_phones import HeardPhone


async def record(session: AsyncSession, event: ConversationsBegun) -> None:
    """The newest of a phone counts; of two of the same time the one with the greater id."""
    known = {each.phone_index: each for each in sorted(event.conversations, key=_age)}
    await db.run(
        session,
        """
        INSERT INTO phone_conversations (church_id, phone_index, conversation_id, since)
        SELECT :church, phone_index, conversation_id, since
          FROM unnest(CAST(:indexes AS text[]), CAST(:ids AS uuid[]),
                      CAST(:times AS timestamptz[])) AS given (phone_index, conversation_id, since)
         ORDER BY phone_index
        ON CONFLICT (church_id, phone_index) DO UPDATE
           SET conversation_id = excluded.conversation_id, since = excluded.since
         WHERE (phone_conversations.since, phone_conversations.conversation_id)
             < (excluded.since, excluded.conversation_id)
        """,
        {
            "church": event.church_id,
            "indexes": list(known),
            "ids": [each.conversation_id for each in known.values()],
            "times": [each.since for each in known.values()],
        },
    )
    texted = [
        HeardPhone(event.church_id, each.phone_index, each.last_heard_at)
        for each in event.conversations
        if each.last_heard_at is not None
    ]
    if texted:
        await heard_phones.record_all(session, texted)


def _age(one: PhoneConversation) -> tuple[datetime, UUID]:
    return one.since, one.conversation_id
