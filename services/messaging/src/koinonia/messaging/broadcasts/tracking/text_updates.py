"""What became of texts: one guarded UPDATE, whether the carrier answered our call or reported.

The order in which news arrives does not matter. A status is applied only if it ranks higher; of
parts and cost, those that came with the higher status win, and the lower ones fill what is missing.
A text is billed while the carrier has it and it did not fail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.tracking import phone_facts
from koinonia.messaging.messages import counters, record_requests, statuses
from koinonia.messaging.messages.counters import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class TextNews:
    """What is now known of one text; without ``carrier_message_id`` the carrier has it not.

    ``at``: since when; None is now. ``sent_at``: since when the carrier has the text, where that
    is earlier.
    """

    recipient_id: UUID
    status: DeliveryStatus
    at: datetime | None = None
    sent_at: datetime | None = None
    carrier: str | None = None
    carrier_message_id: str | None = None
    parts: int | None = None
    cost: Decimal | None = None  # USD
    failure: str | None = None
    failure_code: str | None = None


async def apply(
    session: AsyncSession, church_id: UUID, news: Sequence[TextNews]
) -> dict[UUID, Change]:
    """Apply the news, at most one per text; returns what it did to each text it was about.

    News of a carrier's message that is not the text's own is about no text.
    """
    if not news:
        return {}
    now = clock.now()
    changes = await db.rows(
        session,
        Change,
        _APPLY,
        {
            "ids": [each.recipient_id for each in news],
            "statuses": [each.status for each in news],
            "times": [each.at or now for each in news],
            "sent_times": [_sent_at(each, now) for each in news],
            "carriers": [each.carrier for each in news],
            "carrier_ids": [each.carrier_message_id for each in news],
            "parts": [each.parts for each in news],
            "costs": [each.cost for each in news],
            "failures": [each.failure for each in news],
            "codes": [each.failure_code for each in news],
        },
    )
    await counters.apply(session, church_id, changes)
    await phone_facts.learn(session, church_id, changes)
    incomplete = [change.recipient_id for change in changes if change.is_incomplete]
    await record_requests.want(session, church_id, incomplete)
    return {change.recipient_id: change for change in changes}


def _sent_at(news: TextNews, now: datetime) -> datetime | None:
    if news.carrier_message_id is None:
        return None
    return news.sent_at or news.at or now


_APPLY = f"""
    WITH news AS (
        SELECT * FROM unnest(
            CAST(:ids AS uuid[]), CAST(:statuses AS text[]), CAST(:times AS timestamptz[]),
            CAST(:sent_times AS timestamptz[]), CAST(:carriers AS text[]),
            CAST(:carrier_ids AS text[]), CAST(:parts AS smallint[]), CAST(:costs AS numeric[]),
            CAST(:failures AS text[]), CAST(:codes AS text[])
        ) AS news (id, status, at, sent_at, carrier, carrier_message_id, parts, cost, failure,
                   failure_code)
    ), held AS (
        SELECT r.id, r.message_id, r.status AS previous, r.parts_estimated,
               r.parts_billed AS billed, coalesce(r.cost, 0) AS paid,
               {statuses.rank("news.status")} > {statuses.rank("r.status")} AS advances,
               (r.carrier_message_id IS NULL AND news.carrier_message_id IS NOT NULL)
                   OR (r.parts IS NULL AND news.parts IS NOT NULL)
                   OR (r.cost IS NULL AND news.cost IS NOT NULL)
                   OR coalesce(r.sent_at > news.sent_at, news.sent_at IS NOT NULL) AS completes,
               coalesce(r.carrier, news.carrier) AS carrier,
               coalesce(r.carrier_message_id, news.carrier_message_id) AS carrier_message_id,
               r.parts AS old_parts, r.cost AS old_cost, r.failure AS old_failure,
               r.failure_code AS old_failure_code, r.settled_at,
               least(r.sent_at, news.sent_at) AS sent_at,
               news.status, news.at, news.parts, news.cost, news.failure, news.failure_code
          FROM news JOIN message_recipients r ON r.id = news.id
           AND (r.carrier_message_id IS NULL OR r.carrier_message_id = news.carrier_message_id)
         ORDER BY r.id FOR NO KEY UPDATE OF r
    ), known AS (
        SELECT id, message_id, previous, billed, paid, advances, completes, carrier,
               carrier_message_id, sent_at, parts_estimated,
               CASE WHEN advances THEN status ELSE previous END AS status,
               CASE WHEN advances THEN coalesce(parts, old_parts)
                    ELSE coalesce(old_parts, parts) END AS parts,
               CASE WHEN advances THEN coalesce(cost, old_cost)
                    ELSE coalesce(old_cost, cost) END AS cost,
               CASE WHEN advances THEN failure ELSE old_failure END AS failure,
               CASE WHEN advances THEN failure_code ELSE old_failure_code END AS failure_code,
               CASE WHEN NOT advances THEN settled_at
                    WHEN {statuses.is_open("status")} THEN NULL ELSE at END AS settled_at
          FROM held
    ), settled AS (
        UPDATE message_recipients r
           SET status = known.status, carrier = known.carrier,
               carrier_message_id = known.carrier_message_id,
               parts = known.parts, cost = known.cost,
               parts_billed = CASE WHEN known.carrier_message_id IS NULL
                                     OR known.status IN ('failed', 'skipped') THEN 0
                                   ELSE coalesce(known.parts, known.parts_estimated) END,
               failure = known.failure, failure_code = known.failure_code,
               sent_at = known.sent_at, settled_at = known.settled_at,
               claimed_by = NULL, lease_until = NULL, updated_at = now()
          FROM known
         WHERE r.id = known.id AND (known.advances OR known.completes)
           AND {statuses.rank("known.status")} >= {statuses.rank("r.status")}
        RETURNING r.id, r.status, r.failure, r.parts_billed, r.cost,
                  {record_requests.INCOMPLETE} AS is_incomplete
    )
    SELECT known.message_id, known.id AS recipient_id, known.previous,
           coalesce(settled.status, known.previous) AS status, settled.failure,
           coalesce(settled.parts_billed - known.billed, 0) AS parts,
           coalesce(settled.cost - known.paid, 0) AS cost,
           coalesce(settled.is_incomplete, false) AS is_incomplete
      FROM known LEFT JOIN settled USING (id)
"""
