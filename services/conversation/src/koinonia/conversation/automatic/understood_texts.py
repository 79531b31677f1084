"""What messaging made of a text: kept for whoever looks at the thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import TextUnderstood


class Key(NamedTuple):
    """A text, as its carrier names it."""

    carrier: str
    carrier_message_id: str


class _Recorded(NamedTuple):
    church_id: UUID
    carrier: str
    carrier_message_id: str
    has_hours: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """A text that means something new. ``has_hours``: its church answers outside of its hours."""

    event: TextUnderstood
    has_hours: bool


def key(event: TextUnderstood) -> Key:
    return Key(event.carrier, event.carrier_message_id)


async def record(session: AsyncSession, events: Sequence[TextUnderstood]) -> list[Understood]:
    """Record the meaning of texts of several churches, in one statement; returns those that mean
    something new. Words that come later, as a part of a text, may say what the text did not.

    Hours are looked for as each row is returned, while its church is the one that is entered; by a
    value, which PostgreSQL asks for row by row, where EXISTS may be answered once for all rows.
    """
    given = _each_once(events)
    db.entering(session, {event.church_id for event in events})
    recorded = await db.rows(
        session,
        _Recorded,
        f"""
        INSERT INTO understood_texts (church_id, carrier, carrier_message_id, meaning, keyword,
                                      message_id, message_text, message_sent_at)
        SELECT {db.ENTERED}, carrier, id, meaning, keyword, message_id, said, sent_at
          FROM (SELECT *
                  FROM unnest(CAST(:churches AS uuid[]), CAST(:carriers AS text[]),
                              CAST(:texts AS text[]), CAST(:meanings AS text[]),
                              CAST(:keywords AS text[]), CAST(:messages AS uuid[]),
                              CAST(:said AS text[]), CAST(:sent_at AS timestamptz[]))
                       AS unsorted (church_id, carrier, id, meaning, keyword, message_id, said,
                                    sent_at)
                 ORDER BY church_id, carrier, id) AS given
        ON CONFLICT (church_id, carrier, carrier_message_id) DO UPDATE
           SET meaning = excluded.meaning, keyword = excluded.keyword
         WHERE understood_texts.meaning = 'none' AND excluded.meaning <> 'none'
        RETURNING church_id, carrier, carrier_message_id,
                  coalesce((SELECT is_enabled FROM office_hours AS o
                             WHERE o.church_id = understood_texts.church_id), false) AS has_hours
        """,
        {
            "churches": [event.church_id for event in given.values()],
            "carriers": [event.carrier for event in given.values()],
            "texts": [event.carrier_message_id for event in given.values()],
            "meanings": [event.meaning for event in given.values()],
            "keywords": [event.keyword for event in given.values()],
            "messages": [event.message_id for event in given.values()],
            "said": [event.message_text for event in given.values()],
            "sent_at": [event.message_sent_at for event in given.values()],
        },
    )
    return [
        Understood(given[row.church_id, row.carrier, row.carrier_message_id], row.has_hours)
        for row in recorded
    ]


def _each_once(events: Sequence[TextUnderstood]) -> dict[tuple[UUID, str, str], TextUnderstood]:
    """Of what is said about a text, the first that means something, as if each came alone."""
    given: dict[tuple[UUID, str, str], TextUnderstood] = {}
    for event in events:
        text = (event.church_id, *key(event))
        if text not in given or given[text].meaning == "none":
            given[text] = event
    return given
