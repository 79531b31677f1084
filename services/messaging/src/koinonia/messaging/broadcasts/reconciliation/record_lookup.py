"""Looking texts up in their carrier's own record, and applying what it says like a report."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.contract import StatusReport
from koinonia.carriers.failures import CarrierFailure
from koinonia.common import db
from koinonia.messaging.broadcasts.sending import claims
from koinonia.messaging.broadcasts.sending.claims import OutgoingMessage
from koinonia.messaging.broadcasts.tracking import delivery_reports, reports
from koinonia.messaging.broadcasts.tracking.reports import Report
from koinonia.messaging.messages import record_requests
from koinonia.messaging.running import Running

log = structlog.get_logger()

CALLS = 8  # of this worker at one time, whichever churches they are for
CHURCHES = 8  # looked after at one time: most have one doubtful text, and would wait in one line
TURNS = 20  # claims in one turn of the loop


async def look(running: Running) -> None:
    """Look up what is due, several churches at a time."""
    calls = asyncio.Semaphore(CALLS)
    for _ in range(TURNS):
        async with running.database.transaction() as session:
            wanted = await record_requests.claim(session)
        if not wanted or running.stop.is_set():
            return
        by_church: dict[UUID, list[UUID]] = defaultdict(list)
        for each in wanted:
            by_church[each.church_id].append(each.recipient_id)
        churches = iter(by_church.items())
        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(CHURCHES, len(by_church))):
                tasks.create_task(_look_at_each(running, calls, churches))


async def _look_at_each(
    running: Running, calls: asyncio.Semaphore, churches: Iterator[tuple[UUID, list[UUID]]]
) -> None:
    """What the others that take from ``churches`` leave."""
    for church_id, recipient_ids in churches:
        try:
            await _look(running, calls, church_id, recipient_ids)
        except Exception:  # one church must not hold up the others; the lease brings it back
            log.exception("record.look_broken", church_id=str(church_id))


class _Text(NamedTuple):
    recipient_id: UUID
    message_id: UUID
    carrier_message_id: str | None
    phone_sealed: str
    merge_values: list[str | None] | None
    called_at: datetime


_TEXTS = f"""
    SELECT r.id AS recipient_id, r.message_id, r.carrier_message_id, r.phone_sealed, r.merge_values,
           coalesce(r.called_at, r.updated_at) AS called_at
      FROM message_recipients r
     WHERE r.id = ANY(CAST(:ids AS uuid[])) AND {record_requests.INCOMPLETE}
"""


async def _look(
    running: Running, calls: asyncio.Semaphore, church_id: UUID, recipient_ids: Sequence[UUID]
) -> None:
    async with running.database.transaction(church_id, bulk=True) as session:
        texts = await db.rows(session, _Text, _TEXTS, {"ids": list(recipient_ids)})
        messages = await claims.messages(session, list({text.message_id for text in texts}))
    by_id = {message.id: message for message in messages}
    answers = await asyncio.gather(
        *(_ask(running, calls, by_id[text.message_id], text) for text in texts)
    )
    found = [
        reports.from_answer(church_id, text.recipient_id, by_id[text.message_id].carrier, answer)
        for text, answer in zip(texts, answers, strict=True)
        if answer
    ]
    async with running.database.transaction(church_id, bulk=True) as session:
        await delivery_reports.apply(session, await _own(session, found))
        await record_requests.conclude(session, recipient_ids)
    log.info("records.looked_up", texts=len(recipient_ids), found=len(found))


async def _ask(
    running: Running, calls: asyncio.Semaphore, message: OutgoingMessage, text: _Text
) -> StatusReport | None:
    carrier = running.carriers.get(message.carrier)
    if carrier is None:  # it was sent when this carrier was still configured
        return None
    async with calls:
        try:
            if text.carrier_message_id:
                return await carrier.retrieve(text.carrier_message_id)
            phone = running.phones.open(text.phone_sealed)
            origin = running.settings.webhooks_origin
            call = message.addressed(text.recipient_id, phone, text.merge_values, origin)
            return await carrier.look_up(call, text.called_at)
        except CarrierFailure as failure:
            log.debug("record.not_found", carrier=message.carrier, failure=failure.failure)
            return None


async def _own(session: AsyncSession, found: Sequence[Report]) -> list[Report]:
    """Without those that tell of another text of ours: two may be alike in all that a record
    shows."""
    others = await db.values(
        session,
        str,
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
    times = Counter(report.carrier_message_id for report in found)
    return [
        each
        for each in found
        if each.carrier_message_id not in others and times[each.carrier_message_id] == 1
    ]
