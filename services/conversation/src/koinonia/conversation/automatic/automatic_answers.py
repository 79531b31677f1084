"""Automatic answers to texts: to a keyword, and while the office is closed.

They leave the thread unread: a machine's answer reads nothing for anybody.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events import by_church
from koinonia.common.events.conversation import StaffNotified
from koinonia.common.events.messaging import TextUnderstood
from koinonia.conversation.automatic import decisions, office_hours, understood_texts
from koinonia.conversation.automatic.decisions import HOUR, Answer, Situation
from koinonia.conversation.automatic.understood_texts import Key, key
from koinonia.conversation.replies import outgoing_lines
from koinonia.conversation.threads import threads
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Notice

log = structlog.get_logger()

LOOKED_AT = 50  # lines of a thread, of either side


class TextNotHere(Exception):
    """The meaning of a text came before the text itself; the bus delivers it again a little
    later."""


class _Text(NamedTuple):
    id: UUID
    conversation_id: UUID
    content: str
    carrier: str
    carrier_message_id: str

    @property
    def key(self) -> Key:
        return Key(self.carrier, self.carrier_message_id)


class _Recent(NamedTuple):
    answers_in_an_hour: int
    texts: list[str]
    answers: list[str]


async def answer_understood(session: AsyncSession, events: Sequence[TextUnderstood]) -> None:
    """Nearly all texts are left to staff, so those of a batch cost little more than one."""
    recorded = await understood_texts.record(session, events)
    concerned = [
        each.event
        for each in recorded
        if each.has_hours or each.event.notify or each.event.answer is not None
    ]
    for church_id, own in by_church(concerned):
        await db.enter_church(session, church_id)
        await _answer(session, church_id, own)


async def _answer(session: AsyncSession, church_id: UUID, events: Sequence[TextUnderstood]) -> None:
    office, now = await office_hours.of_church(session, church_id), clock.now()
    answers = {key(event): decisions.wanted_answer(event, office, now) for event in events}
    concerned = {key(event): event for event in events if event.notify or answers[key(event)]}
    if not concerned:
        return
    texts = await _texts(session, church_id, list(concerned))
    notified = [text for text in texts if concerned[text.key].notify]
    await outbox.add(session, *(_notice(concerned[text.key], text) for text in notified))
    # A thread that is merged in this moment is missing here: then all this is done again.
    ids = {text.conversation_id for text in texts if answers[text.key]}
    locked = {each.id: each for each in await threads.locked_together(session, church_id, ids)}
    for text in texts:
        if answer := answers[text.key]:
            await _post_unless_withheld(session, locked[text.conversation_id], text, answer)


async def _texts(session: AsyncSession, church_id: UUID, keys: Sequence[Key]) -> list[_Text]:
    """The lines of the texts, oldest first; raises ``TextNotHere`` where one is missing. A group
    text that was announced again has its line under the first announcement's id, and its answer."""
    found = await db.rows(
        session,
        _Text,
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
            "carriers": [each.carrier for each in keys],
            "texts": [each.carrier_message_id for each in keys],
        },
    )
    missing = set(keys) - {text.key for text in found}
    if missing and await _missing_announcements(session, church_id, missing):
        raise TextNotHere
    return found


async def _missing_announcements(
    session: AsyncSession, church_id: UUID, keys: Collection[Key]
) -> bool:
    """Whether one of the texts was not announced as a group text either."""
    announced = await db.count(
        session,
        """
        SELECT count(*)
          FROM unnest(CAST(:carriers AS text[]), CAST(:texts AS text[])) AS given (carrier, id)
          JOIN group_announcements AS a
            ON a.church_id = :church AND a.carrier = given.carrier
               AND a.carrier_message_id = given.id
        """,
        {
            "church": church_id,
            "carriers": [each.carrier for each in keys],
            "texts": [each.carrier_message_id for each in keys],
        },
    )
    return announced < len(keys)


def _notice(event: TextUnderstood, text: _Text) -> StaffNotified:
    return StaffNotified(
        church_id=event.church_id,
        admin_ids=event.notify,
        conversation_id=text.conversation_id,
        reason=Notice.KEYWORD,
        message_id=text.id,
    )


async def _post_unless_withheld(
    session: AsyncSession, thread: Thread, text: _Text, answer: Answer
) -> None:
    """Post the answer into the locked thread, unless something speaks against it."""
    if obstacle := await outgoing_lines.obstacle(session, thread):
        log.info("answer.withheld", why=obstacle.code)
        return
    if why := decisions.objection(answer, await _situation(session, thread, text)):
        log.info("answer.withheld", why=why)
        return
    message_id = db.uuid7()
    if await _is_first(session, thread, answer, message_id):
        await outgoing_lines.post(
            session, thread, answer.text, (), source=answer.source, message_id=message_id
        )


async def _situation(session: AsyncSession, thread: Thread, text: _Text) -> Situation:
    """Texts of the last hour, and automatic answers of the last day
    (ix_conversation_messages_thread, ix_automatic_answers_answered_at)."""
    recent = await db.first(
        session,
        _Recent,
        """
        SELECT (SELECT count(*) FROM automatic_answers
                 WHERE church_id = :church AND conversation_id = :thread
                   AND answered_at > :hour_ago) AS answers_in_an_hour,
               ARRAY(SELECT content FROM conversation_messages
                      WHERE church_id = :church AND conversation_id = :thread
                        AND direction = 'inbound' AND occurred_at > :hour_ago
                      ORDER BY occurred_at DESC, id DESC LIMIT :most) AS texts,
               ARRAY(SELECT content FROM conversation_messages
                      WHERE church_id = :church AND conversation_id = :thread
                        AND source IN ('keyword', 'after_hours') AND occurred_at > :day_ago
                      ORDER BY occurred_at DESC, id DESC LIMIT :most) AS answers
        """,
        {
            "church": thread.church_id,
            "thread": thread.id,
            "hour_ago": clock.now() - HOUR,
            "day_ago": clock.now() - 24 * HOUR,
            "most": LOOKED_AT,
        },
    )
    assert recent is not None
    return Situation(text.content, *recent)


async def _is_first(
    session: AsyncSession, thread: Thread, answer: Answer, message_id: UUID
) -> bool:
    """Record the answer; False where the thread has got one of its kind."""
    recorded = await db.run(
        session,
        """
        INSERT INTO automatic_answers (church_id, conversation_id, once, message_id, answered_at)
        VALUES (:church, :thread, :once, :message, :now) ON CONFLICT DO NOTHING
        """,
        {
            "church": thread.church_id,
            "thread": thread.id,
            "once": answer.once,
            "message": message_id,
            "now": clock.now(),
        },
    )
    return recorded == 1
