"""What messaging made of a text: kept for whoever looks at the thread."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import TextUnderstood


class Key(NamedTuple):
    """A text, as its carrier names it."""

    carrier: str
    carrier_message_id: str


def key(event: TextUnderstood) -> Key:
    return Key(event.carrier, event.carrier_message_id)


async def record(
    session: AsyncSession, church_id: UUID, events: Sequence[TextUnderstood]
) -> list[TextUnderstood]:
    """Record the meaning of texts of one church; returns those that mean something new. Words that
    come later, as a part of a text, may say what the text did not."""
    given = {key(event): event for event in events}
    recorded = await db.rows(
        session,
        Key,
        """
        INSERT INTO understood_texts (church_id, carrier, carrier_message_id, meaning, keyword,
                                      message_id, message_text, message_sent_at)
        SELECT :church, given.*
          FROM unnest(CAST(:carriers AS text[]), CAST(:texts AS text[]), CAST(:meanings AS text[]),
                      CAST(:keywords AS text[]), CAST(:messages AS uuid[]),
                      CAST(:said AS text[]), CAST(:sent_at AS timestamptz[]))
               AS given (carrier, id, meaning, keyword, message_id, said, sent_at)
         ORDER BY carrier, id
        ON CONFLICT (church_id, carrier, carrier_message_id) DO UPDATE
           SET meaning = excluded.meaning, keyword = excluded.keyword
         WHERE understood_texts.meaning = 'none' AND excluded.meaning <> 'none'
        RETURNING carrier, carrier_message_id
        """,
        {
            "church": church_id,
            "carriers": [each.carrier for each in given],
            "texts": [each.carrier_message_id for each in given],
            "meanings": [event.meaning for event in given.values()],
            "keywords": [event.keyword for event in given.values()],
            "messages": [event.message_id for event in given.values()],
            "said": [event.message_text for event in given.values()],
            "sent_at": [event.message_sent_at for event in given.values()],
        },
    )
    return [given[each] for each in recorded]
