"""Asking the carrier about texts whose last report never came.

What it answers is applied like a report. What stays open for too long ends ``unconfirmed``, which
a report that comes all the same still corrects.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.contract import Carrier, StatusReport
from koinonia.carriers.failures import CarrierFailure
from koinonia.common import clock, db
from koinonia.common.events.messaging import DeliveryStatus, OwnFailure
from koinonia.messaging.broadcasts.tracking import delivery_reports, reports, text_updates
from koinonia.messaging.broadcasts.tracking.text_updates import TextNews
from koinonia.messaging.settings import Settings

log = structlog.get_logger()

AT_ONCE = 200  # texts of one message in one look
CALLS = 8
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=6)  # between two questions about a text


class Silent(NamedTuple):
    """A text that the carrier took and has said nothing final of."""

    recipient_id: UUID
    carrier: str
    carrier_message_id: str
    sent_at: datetime

    @property
    def age(self) -> timedelta:
        return clock.now() - self.sent_at


async def silent(session: AsyncSession, settings: Settings, message_id: UUID) -> list[Silent]:
    """The texts of a message that are to be asked about now."""
    now = clock.now()
    return await db.rows(
        session,
        Silent,
        """
        SELECT id AS recipient_id, carrier, carrier_message_id, sent_at FROM message_recipients
         WHERE message_id = :message AND status IN ('sending', 'sent')
           AND carrier_message_id IS NOT NULL AND sent_at <= :before
           AND (look_at IS NULL OR look_at <= :now)
         ORDER BY batch, id LIMIT :at_once
        """,
        {
            "message": message_id,
            "before": now - timedelta(minutes=settings.report_patience_minutes),
            "now": now,
            "at_once": AT_ONCE,
        },
    )


async def ask(
    carriers: Mapping[str, Carrier], texts: Sequence[Silent]
) -> list[StatusReport | None]:
    """What the carrier knows of each text; None where it does not say."""
    calls = asyncio.Semaphore(CALLS)

    async def retrieve(text: Silent) -> StatusReport | None:
        carrier = carriers.get(text.carrier)
        if carrier is None:  # it was sent when this carrier was still configured
            return None
        async with calls:
            try:
                return await carrier.retrieve(text.carrier_message_id)
            except CarrierFailure as failure:
                log.debug("text.not_found", carrier=text.carrier, failure=failure.failure)
                return None

    return list(await asyncio.gather(*map(retrieve, texts)))


async def apply_answers(
    database: db.Database,
    settings: Settings,
    church_id: UUID,
    texts: Sequence[Silent],
    answers: Sequence[StatusReport | None],
) -> None:
    """Apply the answers, give up on texts that are too old, ask about the rest again later.

    Each in a transaction of its own, because each locks texts.
    """
    answered = [
        reports.from_answer(church_id, text.recipient_id, text.carrier, answer)
        for text, answer in zip(texts, answers, strict=True)
        if answer
    ]
    limit = timedelta(hours=settings.unconfirmed_after_hours)
    given_up = [text for text in texts if text.age >= limit]
    async with database.transaction(church_id) as session:
        await delivery_reports.apply(session, answered)
    async with database.transaction(church_id) as session:
        await text_updates.apply(session, church_id, [_unconfirmed(text) for text in given_up])
    async with database.transaction(church_id) as session:
        await postpone(session, [text for text in texts if text.age < limit], limit)


def _unconfirmed(text: Silent) -> TextNews:
    return TextNews(
        recipient_id=text.recipient_id,
        status=DeliveryStatus.UNCONFIRMED,
        carrier=text.carrier,
        carrier_message_id=text.carrier_message_id,
        failure=OwnFailure.NO_REPORT,
    )


async def postpone(session: AsyncSession, texts: Sequence[Silent], limit: timedelta) -> None:
    """A text is asked about when it is twice as old as now, and once more when we give up."""
    if not texts:
        return
    pauses = [min(max(text.age, SHORTEST), LONGEST, limit - text.age) for text in texts]
    await db.run(
        session,
        """
        WITH given AS (
            SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[]))
                       AS given (id, at)
        ), held AS (
            SELECT r.id, given.at FROM message_recipients r JOIN given USING (id)
             WHERE r.status IN ('sending', 'sent') ORDER BY r.id FOR NO KEY UPDATE OF r
        )
        UPDATE message_recipients r SET look_at = held.at FROM held WHERE r.id = held.id
        """,
        {
            "ids": [text.recipient_id for text in texts],
            "times": [clock.now() + pause for pause in pauses],
        },
    )
