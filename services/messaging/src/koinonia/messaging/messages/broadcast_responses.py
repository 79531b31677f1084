"""Who texted back after a broadcast, counted as their texts come.

Of a phone the first text of each kind counts, so a text that is told again, or comes in parts,
moves nothing. The counts have a table of their own: the counters of a message are held by whoever
records its reports, who may wait for a phone that we hold here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.people.optout.meaning import Meaning

RESPONSES = """
    coalesce((SELECT ARRAY[c.replied, c.stopped] FROM broadcast_response_counts c
               WHERE c.message_id = m.id), ARRAY[0, 0]) AS responses
"""
"""A column of ``messages m``: how many phones replied, and how many said STOP
(broadcast_response_counts_pkey)."""


class Response(NamedTuple):
    """A text of a phone after the broadcast that it was sent last."""

    message_id: UUID
    phone_index: str
    meaning: str
    at: datetime

    @property
    def is_stop(self) -> bool:
        return self.meaning == Meaning.STOP

    @property
    def is_reply(self) -> bool:
        """START and HELP are answered by their rules: nobody of the team has anything to read."""
        return self.meaning not in (Meaning.STOP, Meaning.START, Meaning.HELP)


async def record(session: AsyncSession, church_id: UUID, responses: Sequence[Response]) -> None:
    """Count phones that did not reply, or stop, before; the church is entered."""
    counted = [each for each in responses if each.is_reply or each.is_stop]
    if not counted:
        return
    await db.run(
        session,
        _COUNT,
        {
            "church": church_id,
            "messages": [each.message_id for each in counted],
            "phones": [each.phone_index for each in counted],
            "replied": [each.at if each.is_reply else None for each in counted],
            "stopped": [each.at if each.is_stop else None for each in counted],
        },
    )


# What was said before is read without a lock: texts of one phone come one after another, for
# ``heard_phones`` holds its row first.
_COUNT = """
    WITH given AS (
        SELECT message_id, phone_index, min(replied) AS replied, min(stopped) AS stopped
          FROM unnest(CAST(:messages AS uuid[]), CAST(:phones AS text[]),
                      CAST(:replied AS timestamptz[]), CAST(:stopped AS timestamptz[]))
               AS given (message_id, phone_index, replied, stopped)
         GROUP BY message_id, phone_index
    ), fresh AS (
        SELECT given.*,
               given.replied IS NOT NULL AND before.replied_at IS NULL AS replies,
               given.stopped IS NOT NULL AND before.stopped_at IS NULL AS stops
          FROM given LEFT JOIN broadcast_responses before USING (message_id, phone_index)
    ), kept AS (
        INSERT INTO broadcast_responses (church_id, message_id, phone_index,
                                         replied_at, stopped_at)
        SELECT :church, message_id, phone_index, replied, stopped
          FROM fresh WHERE replies OR stops ORDER BY message_id, phone_index
        ON CONFLICT (message_id, phone_index) DO UPDATE
           SET replied_at = coalesce(broadcast_responses.replied_at, excluded.replied_at),
               stopped_at = coalesce(broadcast_responses.stopped_at, excluded.stopped_at)
    )
    INSERT INTO broadcast_response_counts AS c (church_id, message_id, replied, stopped)
    SELECT :church, message_id, count(*) FILTER (WHERE replies), count(*) FILTER (WHERE stops)
      FROM fresh WHERE replies OR stops GROUP BY message_id ORDER BY message_id
    ON CONFLICT (message_id) DO UPDATE
       SET replied = c.replied + excluded.replied, stopped = c.stopped + excluded.stopped
"""
