"""Whose text may ask to stop (events of messaging): staff settle it, and may answer meanwhile."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import StopAsked, StopSettled
from koinonia.conversation.threads import threads, updates
from koinonia.conversation.threads.vocabulary import Reason


async def open_question(session: AsyncSession, event: StopAsked) -> None:
    """A question that was settled before it was heard stays settled."""
    opened = await db.run(
        session,
        """
        INSERT INTO stop_questions (church_id, phone_index, carrier, carrier_message_id, asked_at,
                                    counts_from, is_open)
        VALUES (:church, :index, :carrier, :text, :asked_at, :counts_from, true)
        ON CONFLICT (church_id, phone_index) DO UPDATE
           SET carrier = excluded.carrier, carrier_message_id = excluded.carrier_message_id,
               asked_at = excluded.asked_at, counts_from = excluded.counts_from, is_open = true
         WHERE stop_questions.asked_at < excluded.asked_at
        """,
        {
            "church": event.church_id,
            "index": event.phone_index,
            "carrier": event.carrier,
            "text": event.carrier_message_id,
            "asked_at": event.asked_at,
            "counts_from": event.counts_from,
        },
    )
    if opened:
        await _publish(session, event.church_id, event.phone_index, Reason.STOP_ASKED)


async def close_question(session: AsyncSession, event: StopSettled) -> None:
    """It may be heard before its question."""
    closed = await db.run(
        session,
        """
        INSERT INTO stop_questions (church_id, phone_index, asked_at, is_open)
        VALUES (:church, :index, :asked_at, false)
        ON CONFLICT (church_id, phone_index) DO UPDATE
           SET asked_at = excluded.asked_at, is_open = false
         WHERE stop_questions.asked_at <= excluded.asked_at
        """,
        {"church": event.church_id, "index": event.phone_index, "asked_at": event.asked_at},
    )
    if closed:
        await _publish(session, event.church_id, event.phone_index, Reason.STOP_SETTLED)


async def _publish(
    session: AsyncSession, church_id: UUID, phone_index: str, reason: Reason
) -> None:
    """Tell of the threads of the phone; the text itself may come later and tells of its thread."""
    found = await threads.of_phone(session, church_id, phone_index)
    await updates.publish_all(
        session, church_id, [updates.update(thread, reason) for thread in found]
    )
