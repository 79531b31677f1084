"""Looking after every message until nothing of it is open, whatever got lost on its way.

Each look mends what it finds: a message that billing never answered is announced again, under the
same event id, so that who has heard of it hears nothing new; batches that are missing are cut
again; waiting ones are released; an answer that was paused by the carrier is tried again; texts
without a last report are asked about at the carrier.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.messaging import MessageKind
from koinonia.messaging.broadcasts.accepting import acceptance
from koinonia.messaging.broadcasts.controls import pauses
from koinonia.messaging.broadcasts.reconciliation import overdue_reports
from koinonia.messaging.broadcasts.reconciliation.overdue_reports import Silent
from koinonia.messaging.messages import batch_release, batches, open_messages
from koinonia.messaging.messages.open_messages import OpenMessage
from koinonia.messaging.running import Running
from koinonia.messaging.vocabulary import MessageStatus

log = structlog.get_logger()

AT_ONCE = 50  # messages in one turn
ANSWERED_WITHIN = timedelta(days=1)
SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=6)  # between two looks at a message


async def sweep(running: Running) -> None:
    """Look at the messages that are due, one after another."""
    for _ in range(AT_ONCE):
        async with running.database.transaction() as session:
            message = await open_messages.claim(session)
        if message is None or running.stop.is_set():
            return
        try:
            await _look(running, message)
        except Exception:  # one message must not hold up the others; its lease brings it back
            log.exception("message.look_broken", message_id=str(message.message_id))


async def _look(running: Running, message: OpenMessage) -> None:
    database, settings, church_id = running.database, running.settings, message.church_id
    async with database.transaction(church_id) as session:
        await _mend(session, message.message_id)
        texts = await overdue_reports.silent(session, settings, message.message_id)
    if texts:
        answers = await overdue_reports.ask(running.carriers, texts)
        await overdue_reports.apply_answers(database, settings, church_id, texts, answers)
        found = sum(answer is not None for answer in answers)
        log.info("texts.asked", message_id=str(message.message_id), texts=len(texts), found=found)
    async with database.transaction() as session:
        await open_messages.postpone(session, message.message_id, _next_look(message, texts))


class _Message(NamedTuple):
    id: UUID
    church_id: UUID
    kind: str
    status: str
    total_recipients: int
    parts_estimated: int
    created_at: datetime
    pause_code: str | None
    latest_at: datetime | None
    has_unsent: bool


async def _mend(session: AsyncSession, message_id: UUID) -> None:
    """Bring a message forward that waits for what does not come."""
    message = await db.first(
        session,
        _Message,
        """
        SELECT id, church_id, kind, status, total_recipients, parts_estimated, created_at,
               pause_code, latest_at, pending_count + sending_count > 0 AS has_unsent
          FROM messages WHERE id = :id
        """,
        {"id": message_id},
    )
    if message is None:
        await open_messages.end(session, [message_id])
    elif message.status == MessageStatus.PENDING:
        log.warning("message.unanswered", message_id=str(message.id))
        await acceptance.announce(
            session,
            message.church_id,
            message.id,
            MessageKind(message.kind),
            message.total_recipients,
            message.parts_estimated,
            message.created_at,
        )
    elif message.status == MessageStatus.PAUSED and _is_resumed(message):
        await pauses.resume(session, message.church_id, message.id)
    elif message.status == MessageStatus.SENDING and message.has_unsent:
        if missing := await batches.recut(session, message.id):
            log.error("message.batches_missing", message_id=str(message.id), batches=missing)
        await batch_release.release(session, message.id)


def _is_resumed(message: _Message) -> bool:
    """An answer that the carrier would not take is tried again for a day: staff do not look for a
    thread that is paused, as they do for a broadcast. Later than that it would surprise. And when
    it is too late for what is left, that is skipped instead of waiting for somebody."""
    if message.latest_at and message.latest_at < clock.now():
        return True
    is_answer = message.kind != MessageKind.BROADCAST and message.pause_code != pauses.STAFF
    return is_answer and clock.now() - message.created_at < ANSWERED_WITHIN


def _next_look(message: OpenMessage, texts: Sequence[Silent]) -> datetime:
    """The older a message is, the less is to be expected of the next look."""
    now = clock.now()
    if len(texts) == overdue_reports.AT_ONCE:
        return now
    return now + min(max((now - message.opened_at) / 2, SOONEST), LATEST)
