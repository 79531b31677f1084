"""Looking texts up in their carrier's own record, and applying what it says like a report."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.contract import Carrier, StatusReport
from koinonia.carriers.failures import CarrierFailure
from koinonia.common import db
from koinonia.messaging.broadcasts.sending.carrier_calls import Content
from koinonia.messaging.broadcasts.sending.claims import Claimed
from koinonia.messaging.broadcasts.tracking import delivery_reports, reports
from koinonia.messaging.broadcasts.tracking.reports import Report
from koinonia.messaging.composing import template_text
from koinonia.messaging.messages import record_requests
from koinonia.messaging.running import Running

log = structlog.get_logger()

CALLS = 8
TURNS = 20  # claims in one turn of the loop


async def look(running: Running) -> None:
    """Look up what is due, church by church."""
    for _ in range(TURNS):
        async with running.database.transaction() as session:
            wanted = await record_requests.claim(session)
        if not wanted or running.stop.is_set():
            return
        by_church: dict[UUID, list[UUID]] = defaultdict(list)
        for each in wanted:
            by_church[each.church_id].append(each.recipient_id)
        for church_id, recipient_ids in by_church.items():
            try:
                await _look(running, church_id, recipient_ids)
            except Exception:  # one church must not hold up the others; the lease brings it back
                log.exception("record.look_broken", church_id=str(church_id))


async def _look(running: Running, church_id: UUID, recipient_ids: Sequence[UUID]) -> None:
    async with running.database.transaction(church_id) as session:
        texts = await db.untyped_rows(session, _TEXTS, {"ids": list(recipient_ids)})
    answers = await _answers(running, church_id, texts)
    found = [
        reports.told(church_id, text.id, text.carrier, answer)
        for text, answer in zip(texts, answers, strict=True)
        if answer
    ]
    async with running.database.transaction(church_id) as session:
        await delivery_reports.apply(session, await _own(session, found))
        await record_requests.conclude(session, recipient_ids)
    log.info("records.looked_up", texts=len(recipient_ids), found=len(found))


_TEXTS = f"""
    SELECT r.id, r.carrier_message_id, r.phone_sealed, r.attempt, r.merge_values,
           coalesce(r.called_at, r.updated_at) AS called_at, m.carrier, m.sender, m.content,
           m.merge_fields, m.media_urls, m.carrier_profile_id
      FROM message_recipients r JOIN messages m ON m.id = r.message_id
     WHERE r.id = ANY(CAST(:ids AS uuid[])) AND {record_requests.INCOMPLETE}
"""


async def _answers(
    running: Running, church_id: UUID, texts: Sequence[Any]
) -> list[StatusReport | None]:
    calls = asyncio.Semaphore(CALLS)

    async def one(text: Any) -> StatusReport | None:
        carrier = running.carriers.get(text.carrier)
        if carrier is None:  # it was sent when this carrier was still configured
            return None
        async with calls:
            try:
                return await _asked(running, carrier, church_id, text)
            except CarrierFailure as failure:
                log.debug("record.not_found", carrier=text.carrier, failure=failure.failure)
                return None

    return list(await asyncio.gather(*(one(text) for text in texts)))


async def _asked(
    running: Running, carrier: Carrier, church_id: UUID, text: Any
) -> StatusReport | None:
    if text.carrier_message_id:
        return await carrier.retrieve(text.carrier_message_id)
    content = Content(
        church_id=church_id,
        carrier=text.carrier,
        sender=text.sender,
        template=template_text.accepted(text.content, text.merge_fields),
        media_urls=text.media_urls,
        profile_id=text.carrier_profile_id,
        public_url=running.settings.public_url,
    )
    values = tuple(text.merge_values or ())
    called = Claimed(text.id, text.phone_sealed, text.attempt, merge_values=values)
    outgoing = content.addressed(called, running.phones.open(text.phone_sealed))
    return await carrier.look_up(outgoing, text.called_at)


async def _own(session: AsyncSession, found: Sequence[Report]) -> list[Report]:
    """Without those that tell of another text of ours: two may be alike in all that a record
    shows."""
    taken = await db.untyped_rows(
        session,
        """
        SELECT r.carrier_message_id FROM message_recipients r
          JOIN unnest(CAST(:ids AS uuid[]), CAST(:carriers AS text[]), CAST(:names AS text[]))
               AS given (id, carrier, carrier_message_id)
            ON r.carrier = given.carrier AND r.carrier_message_id = given.carrier_message_id
         WHERE r.id <> given.id
        """,
        {
            "ids": [report.recipient_id for report in found],
            "carriers": [report.carrier for report in found],
            "names": [report.carrier_message_id for report in found],
        },
    )
    others = {row.carrier_message_id for row in taken}
    times = Counter(report.carrier_message_id for report in found)
    return [
        each
        for each in found
        if each.carrier_message_id not in others and times[each.carrier_message_id] == 1
    ]
