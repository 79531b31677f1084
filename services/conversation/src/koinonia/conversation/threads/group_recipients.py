"""To whom a reply may go where the newest text of a thread went to several people.

A reply is one text to one phone (``docs/decisions/0025-group-texts.md``), so staff say whom they
mean. They are asked until one of them has answered.
"""

from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db


class RecipientJson(TypedDict):
    phone: str  # sealed
    isSender: bool
    isKnown: bool
    isOptedOut: bool
    memberId: str | None
    firstName: str | None
    lastName: str | None
    people: int | None


# The newest line that came in or that somebody of the team wrote; then those of a group text, its
# sender first. Known is who has texted the church, and who is one of its people.
UNANSWERED = """
    (SELECT json_agg(json_build_object(
                         'phone', r.phone_sealed, 'isSender', r.position < 0,
                         'isKnown', r.position < 0 OR k.member_id IS NOT NULL OR EXISTS (
                             SELECT FROM conversations
                              WHERE church_id = c.church_id AND phone_index = r.phone_index),
                         'isOptedOut', EXISTS (
                             SELECT FROM opt_outs
                              WHERE church_id = c.church_id AND phone_index = r.phone_index
                                AND is_opted_out),
                         'memberId', k.member_id, 'firstName', k.first_name,
                         'lastName', k.last_name, 'people', k.people)
                     ORDER BY r.position)
       FROM (SELECT id, direction FROM conversation_messages
              WHERE church_id = c.church_id AND conversation_id = c.id
                AND (direction = 'inbound'
                     OR direction = 'outbound'
                        AND (source IS NULL OR source IN ('staff', 'scheduled')))
              ORDER BY occurred_at DESC, id DESC LIMIT 1) AS newest
      CROSS JOIN LATERAL (
            SELECT -1 AS position, c.phone_index, c.phone_sealed
             UNION ALL
            SELECT position, phone_index, phone_sealed FROM line_participants
             WHERE church_id = c.church_id AND message_id = newest.id) AS r
       LEFT JOIN LATERAL (
            SELECT member_id, first_name, last_name, count(*) OVER () AS people
              FROM known_people
             WHERE church_id = c.church_id AND phone_index = r.phone_index
             ORDER BY is_former, first_name, last_name, member_id LIMIT 1) AS k ON true
      WHERE newest.direction = 'inbound'
        AND EXISTS (SELECT FROM line_participants
                     WHERE church_id = c.church_id AND message_id = newest.id))
"""
"""Of a thread ``c``: null where a reply can only be meant for its phone."""


class _Choice(NamedTuple):
    recipients: list[RecipientJson] | None


async def unanswered(
    session: AsyncSession, church_id: UUID, thread_id: UUID
) -> list[RecipientJson] | None:
    """Among whom staff must choose; None where there is nothing to choose."""
    choice = await db.first(
        session,
        _Choice,
        f"""
        SELECT {UNANSWERED} AS recipients FROM conversations AS c
         WHERE c.church_id = :church AND c.id = :id
        """,
        {"church": church_id, "id": thread_id},
    )
    return choice.recipients if choice else None


class Participant(NamedTuple):
    """Somebody else who got the last group text."""

    phone_index: str
    phone_sealed: str
    is_known: bool


async def participant(
    session: AsyncSession, church_id: UUID, thread_id: UUID, phone_index: str
) -> Participant | None:
    """Who of the last text that came in has this phone, answered or not."""
    return await db.first(
        session,
        Participant,
        """
        SELECT p.phone_index, p.phone_sealed,
               EXISTS (SELECT FROM contacts
                        WHERE church_id = p.church_id AND phone_index = p.phone_index)
               OR EXISTS (SELECT FROM conversations
                           WHERE church_id = p.church_id AND phone_index = p.phone_index)
               AS is_known
          FROM (SELECT id FROM conversation_messages
                 WHERE church_id = :church AND conversation_id = :thread AND direction = 'inbound'
                 ORDER BY occurred_at DESC, id DESC LIMIT 1) AS newest
          JOIN line_participants AS p ON p.church_id = :church AND p.message_id = newest.id
         WHERE p.phone_index = :index LIMIT 1
        """,
        {"church": church_id, "thread": thread_id, "index": phone_index},
    )
