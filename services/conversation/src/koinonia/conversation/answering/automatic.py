"""What is answered for staff: to a keyword, and while the office is closed.

It leaves the thread unread: a machine's answer reads nothing for anybody.
"""

from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.conversation import StaffNotified
from koinonia.common.events.messaging import TextUnderstood
from koinonia.conversation import threads
from koinonia.conversation.answering import deciding, lines, office
from koinonia.conversation.answering.deciding import HOUR, Situation, Wish

log = structlog.get_logger()

LOOKED_AT = 50  # lines of a thread, of either side


class TextNotHere(Exception):
    """What a text means was heard before the text itself; the bus says it again a little later."""


async def answer(session: AsyncSession, event: TextUnderstood) -> None:
    if not await _note(session, event):
        return  # said twice
    wish = deciding.wish(event, await office.of(session, event.church_id), clock.now())
    if wish is None and not event.notify:
        return
    text = await _text(session, event)
    if event.notify:
        await outbox.add(session, _news(event, text))
    if wish is not None:
        thread = await threads.locked(session, event.church_id, text.conversation_id)
        await _give(session, thread, text, wish)


async def _note(session: AsyncSession, event: TextUnderstood) -> bool:
    """Keep what the text means for who looks at the thread; False if it is kept already."""
    noted = await db.run(
        session,
        """
        INSERT INTO understood_texts (church_id, carrier, carrier_message_id, meaning, keyword,
                                      message_id, message_text, message_sent_at)
        VALUES (:church, :carrier, :carrier_message, :meaning, :keyword, :message, :text, :sent_at)
        ON CONFLICT DO NOTHING
        """,
        {
            "church": event.church_id,
            "carrier": event.carrier,
            "carrier_message": event.carrier_message_id,
            "meaning": event.meaning,
            "keyword": event.keyword,
            "message": event.message_id,
            "text": event.message_text,
            "sent_at": event.message_sent_at,
        },
    )
    return noted == 1


async def _text(session: AsyncSession, event: TextUnderstood) -> Any:
    """The line of the text; raises ``TextNotHere``."""
    found = await db.first(
        session,
        """
        SELECT id, conversation_id, content FROM conversation_messages
         WHERE church_id = :church AND carrier = :carrier
           AND carrier_message_id = :carrier_message
        """,
        {
            "church": event.church_id,
            "carrier": event.carrier,
            "carrier_message": event.carrier_message_id,
        },
    )
    if found is None:
        raise TextNotHere
    return found


def _news(event: TextUnderstood, text: Any) -> StaffNotified:
    return StaffNotified(
        church_id=event.church_id,
        admin_ids=event.notify,
        conversation_id=text.conversation_id,
        reason="keyword",
        message_id=text.id,
    )


async def _give(session: AsyncSession, thread: threads.Thread, text: Any, wish: Wish) -> None:
    """Post the answer into the ``locked`` thread, unless something speaks against it."""
    if obstacle := await lines.obstacle(session, thread):
        log.info("answer.withheld", why=obstacle.code)
        return
    if why := deciding.objection(wish, await _situation(session, thread, text)):
        log.info("answer.withheld", why=why)
        return
    message_id = db.uuid7()
    if await _claim(session, thread, wish, message_id):
        await lines.post(session, thread, wish.text, (), source=wish.source, message_id=message_id)


async def _situation(session: AsyncSession, thread: threads.Thread, text: Any) -> Situation:
    """Both sides of the last hour, and of what we said unasked the last day's too
    (ix_conversation_messages_thread, ix_automatic_answers_answered_at)."""
    row = await db.first(
        session,
        """
        SELECT (SELECT count(*) FROM automatic_answers
                 WHERE church_id = :church AND conversation_id = :thread
                   AND answered_at > :hour_ago) AS answers,
               ARRAY(SELECT content FROM conversation_messages
                      WHERE church_id = :church AND conversation_id = :thread
                        AND direction = 'inbound' AND occurred_at > :hour_ago
                      ORDER BY occurred_at DESC, id DESC LIMIT :most) AS heard,
               ARRAY(SELECT content FROM conversation_messages
                      WHERE church_id = :church AND conversation_id = :thread
                        AND source IN ('keyword', 'after_hours') AND occurred_at > :day_ago
                      ORDER BY occurred_at DESC, id DESC LIMIT :most) AS told
        """,
        {
            "church": thread.church_id,
            "thread": thread.id,
            "hour_ago": clock.now() - HOUR,
            "day_ago": clock.now() - 24 * HOUR,
            "most": LOOKED_AT,
        },
    )
    assert row is not None
    return Situation(text.content, row.answers, row.heard, row.told)


async def _claim(
    session: AsyncSession, thread: threads.Thread, wish: Wish, message_id: UUID
) -> bool:
    """Whether this is the one of its kind."""
    claimed = await db.run(
        session,
        """
        INSERT INTO automatic_answers (church_id, conversation_id, once, message_id, answered_at)
        VALUES (:church, :thread, :once, :message, :now) ON CONFLICT DO NOTHING
        """,
        {
            "church": thread.church_id,
            "thread": thread.id,
            "once": wish.once,
            "message": message_id,
            "now": clock.now(),
        },
    )
    return claimed == 1
