"""What is answered for staff: to a keyword, and while the office is closed.

It leaves the thread unread: a machine's answer reads nothing for anybody.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events import by_church
from koinonia.common.events.conversation import StaffNotified
from koinonia.common.events.messaging import TextUnderstood
from koinonia.conversation.threads import threads
from koinonia.conversation.automatic import decisions, office_hours
from koinonia.conversation.replies import outgoing_lines
from koinonia.conversation.automatic.decisions import HOUR, Situation, Wish

log = structlog.get_logger()

LOOKED_AT = 50  # lines of a thread, of either side


class TextNotHere(Exception):
    """What a text means was heard before the text itself; the bus says it again a little later."""


Key = tuple[str, str]
"""A text, as its carrier calls it."""


async def answer(session: AsyncSession, events: Sequence[TextUnderstood]) -> None:
    """Nearly all texts are left to staff, so those of a batch cost little more than one."""
    for church_id, own in by_church(events):
        await db.enter_church(session, church_id)
        await _answer(session, church_id, await _note(session, church_id, own))


async def _answer(session: AsyncSession, church_id: UUID, events: Sequence[TextUnderstood]) -> None:
    hours, now = await office_hours.of(session, church_id), clock.now()
    wishes = {_key(event): decisions.wish(event, hours, now) for event in events}
    wanted = {_key(event): event for event in events if event.notify or wishes[_key(event)]}
    if not wanted:
        return
    texts = await _texts(session, church_id, list(wanted))
    news = [_news(wanted[key], text) for key, text in texts.items() if wanted[key].notify]
    await outbox.add(session, *news)
    # A thread that is merged in this moment is missing here: then all this is done again.
    ids = {text.conversation_id for key, text in texts.items() if wishes[key]}
    locked = {each.id: each for each in await threads.locked_together(session, church_id, ids)}
    for key, text in texts.items():
        if wish := wishes[key]:
            await _give(session, locked[text.conversation_id], text, wish)


async def _note(
    session: AsyncSession, church_id: UUID, events: Sequence[TextUnderstood]
) -> list[TextUnderstood]:
    """Keep what the texts mean for who looks at the thread; returns those not kept before."""
    given = {_key(event): event for event in events}
    noted = await db.untyped_rows(
        session,
        """
        INSERT INTO understood_texts (church_id, carrier, carrier_message_id, meaning, keyword,
                                      message_id, message_text, message_sent_at)
        SELECT :church, given.*
          FROM unnest(CAST(:carriers AS text[]), CAST(:texts AS text[]), CAST(:meanings AS text[]),
                      CAST(:keywords AS text[]), CAST(:messages AS uuid[]),
                      CAST(:said AS text[]), CAST(:sent_at AS timestamptz[]))
               AS given (carrier, id, meaning, keyword, message_id, said, sent_at)
         ORDER BY carrier, id
        ON CONFLICT DO NOTHING
        RETURNING carrier, carrier_message_id
        """,
        {
            "church": church_id,
            "carriers": [carrier for carrier, _ in given],
            "texts": [text_id for _, text_id in given],
            "meanings": [event.meaning for event in given.values()],
            "keywords": [event.keyword for event in given.values()],
            "messages": [event.message_id for event in given.values()],
            "said": [event.message_text for event in given.values()],
            "sent_at": [event.message_sent_at for event in given.values()],
        },
    )
    return [given[row.carrier, row.carrier_message_id] for row in noted]


async def _texts(session: AsyncSession, church_id: UUID, keys: Sequence[Key]) -> dict[Key, Any]:
    """The lines of the texts, oldest first; raises ``TextNotHere`` where one is missing."""
    found = await db.untyped_rows(
        session,
        """
        SELECT m.id, m.conversation_id, m.content, m.carrier, m.carrier_message_id
          FROM unnest(CAST(:carriers AS text[]), CAST(:texts AS text[])) AS given (carrier, id)
          JOIN conversation_messages AS m
            ON m.church_id = :church AND m.carrier = given.carrier
               AND m.carrier_message_id = given.id
         ORDER BY m.occurred_at, m.id
        """,
        {
            "church": church_id,
            "carriers": [carrier for carrier, _ in keys],
            "texts": [text_id for _, text_id in keys],
        },
    )
    if len(found) < len(keys):
        raise TextNotHere
    return {(row.carrier, row.carrier_message_id): row for row in found}


def _key(event: TextUnderstood) -> Key:
    return event.carrier, event.carrier_message_id


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
    if obstacle := await outgoing_lines.obstacle(session, thread):
        log.info("answer.withheld", why=obstacle.code)
        return
    if why := decisions.objection(wish, await _situation(session, thread, text)):
        log.info("answer.withheld", why=why)
        return
    message_id = db.uuid7()
    if await _claim(session, thread, wish, message_id):
        await outgoing_lines.post(session, thread, wish.text, (), source=wish.source, message_id=message_id)


async def _situation(session: AsyncSession, thread: threads.Thread, text: Any) -> Situation:
    """Both sides of the last hour, and of what we said unasked the last day's too
    (ix_conversation_messages_thread, ix_automatic_answers_answered_at)."""
    row = await db.untyped_first(
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
