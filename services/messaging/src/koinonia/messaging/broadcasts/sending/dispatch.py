"""Sending: claim a batch, call the carrier, note the answers.

The claim is committed before the first call, so that nobody else calls for the same texts. When
this worker dies, the lease runs out and :func:`recover` lets another one repeat the very same
calls, which the carrier knows by our recipient ids.
"""

from dataclasses import dataclass
from typing import Any

import structlog

from koinonia.carriers.failures import Failure
from koinonia.common import db, telemetry
from koinonia.common.events.messaging import BatchReleased, ReplyReleased
from koinonia.messaging.broadcasts.controls import pauses, unsent_texts
from koinonia.messaging.broadcasts.sending import (
    batch_results,
    call_failures,
    carrier_calls,
    claims,
    quiet_gate,
)
from koinonia.messaging.broadcasts.sending.carrier_calls import Answer, Content
from koinonia.messaging.broadcasts.sending.claims import Claimed
from koinonia.messaging.broadcasts.sending.pace import Pace
from koinonia.messaging.broadcasts.sending.quiet_gate import Gate
from koinonia.messaging.composing import template_text
from koinonia.messaging.lanes import Lane
from koinonia.messaging.messages import batch_release, batches
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.messages.statuses import MessageStatus
from koinonia.messaging.numbers import rates
from koinonia.messaging.numbers.rates import Rates
from koinonia.messaging.running import Running

log = structlog.get_logger()

READMITTED_AT_ONCE = 200  # messages in one turn of the loop
TIMEOUT = 55.0  # seconds for one batch: after carrying.py's worst case, before the lease runs out

_calls = telemetry.counter("koinonia_texts_called_total")


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed batch, and what is needed to send it."""

    batch: Batch
    content: Content
    texts: list[Claimed]
    rates: Rates
    gate: Gate


async def send(running: Running, event: BatchReleased | ReplyReleased) -> None:
    """Send one released batch; nothing happens if another worker has it or had it."""
    work = await _claim(running, event)
    if work is None:
        return
    answers = await _call(running, work)
    await _note(running, work, answers)


async def recover(running: Running) -> None:
    """Release again what a lost event or a dead worker left behind, and let go on what waited for
    its next try or for the end of quiet hours, one message after another."""
    async with running.database.transaction() as session:
        recovered = await batch_release.recover(session)
    readmitted = await _readmit(running)
    if recovered or readmitted:
        log.info("dispatch.recovered", batches=recovered, readmitted=readmitted)


async def _readmit(running: Running) -> int:
    readmitted = 0
    for _ in range(READMITTED_AT_ONCE):
        async with running.database.transaction() as session:
            found = await batch_release.readmit(session)
        if not found:
            break
        readmitted += found
    return readmitted


async def _claim(running: Running, event: BatchReleased | ReplyReleased) -> Work | None:
    is_bulk = isinstance(event, BatchReleased)
    async with running.database.transaction(event.church_id, bulk=is_bulk) as session:
        batch = await batches.claim(session, event.message_id, event.batch)
        if batch is None:
            return None
        message = await db.untyped_first(
            session,
            """
            SELECT kind, content, merge_fields, media_urls, sender, carrier, carrier_profile_id,
                   status, latest_at, ignores_quiet_hours
              FROM messages WHERE id = :id
            """,
            {"id": event.message_id},
        )
        if message is None or message.status != MessageStatus.SENDING:
            await _leave(session, batch, message)
            return None
        carrier = running.carriers.get(message.carrier)
        if carrier is None:  # its settings were taken away while numbers of it are in use
            await _stop(session, batch)
            return None
        gate = await quiet_gate.gate(session, running.settings, batch, message)
        texts = await claims.take(session, batch, gate, is_repeatable=carrier.is_repeatable)
        if texts is None:  # paused since we looked
            await batch_release.put_back(session, batch)
            return None
        allowed = await rates.of(
            session,
            running.settings,
            church_id=batch.church_id,
            carrier=message.carrier,
            sender=message.sender,
            is_media=bool(message.media_urls),
        )
        content = Content(
            church_id=batch.church_id,
            carrier=message.carrier,
            sender=message.sender,
            template=template_text.accepted(message.content, message.merge_fields),
            media_urls=message.media_urls,
            profile_id=message.carrier_profile_id,
            public_url=running.settings.public_url,
        )
    return Work(batch, content, texts, allowed, gate)


async def _stop(session: Any, batch: Batch) -> None:
    """Nothing more of the message can be sent: pause it, and tell staff whom to ask."""
    failure = Failure.MISCONFIGURED
    log.error("carrier.not_configured", message_id=str(batch.message_id))
    await pauses.because_of(session, batch.church_id, batch.message_id, failure)
    await batch_release.put_back(session, batch)


async def _leave(session: Any, batch: Batch, message: Any) -> None:
    """A paused message keeps its batches, one that is over needs them no more."""
    status = message and message.status
    if status == MessageStatus.PAUSED:
        await batch_release.put_back(session, batch)
    elif status in unsent_texts.FAILURES:
        await unsent_texts.close(session, batch, MessageStatus(status))
    else:
        await batches.finish(session, batch)


async def _call(running: Running, work: Work) -> list[Answer]:
    carrier = running.carriers[work.content.carrier]
    lane = running.lanes[work.batch.lane]
    pace = Pace(running.throttle, work.rates, is_urgent=work.batch.lane is Lane.REPLY)
    answers = await carrier_calls.call(
        carrier, lane, pace, running.phones, work.content, work.texts
    )
    for answer in answers:
        if answer.accepted or answer.failure:
            outcome = answer.failure.failure if answer.failure else "accepted"
            _calls.add(1, {"carrier": work.content.carrier, "outcome": outcome})
    return answers


async def _note(running: Running, work: Work, answers: list[Answer]) -> None:
    name = work.content.carrier
    repeatable = running.carriers[name].is_repeatable
    found = [call_failures.verdict(answer, name, is_repeatable=repeatable) for answer in answers]
    is_bulk = work.batch.lane is Lane.BROADCAST
    async with running.database.transaction(work.batch.church_id, bulk=is_bulk) as session:
        await batch_results.note(
            session, work.batch, found, call_failures.pause(answers), work.gate
        )
    log.info("batch.noted", message_id=str(work.batch.message_id), texts=len(answers))
