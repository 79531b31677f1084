"""Sending: claim a batch, call the carrier, record its answers.

The claim is committed before the first call, so that nobody else calls for the same texts. When
this worker dies, the others see it by its row (:mod:`koinonia.common.leases.workers`), and
:func:`recover` lets one of them repeat the very same calls, which the carrier knows by our
recipient ids. One that only seems dead makes no further call from then on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure
from koinonia.common.events.messaging import BatchReleased, ReplyReleased
from koinonia.common.leases import workers
from koinonia.common.leases.workers import Hold
from koinonia.messaging.broadcasts.controls import pauses, unsent_texts
from koinonia.messaging.broadcasts.sending import batch_results, carrier_calls, claims, quiet_gate
from koinonia.messaging.broadcasts.sending.call_failures import Outcome
from koinonia.messaging.broadcasts.sending.claims import Claimed, OutgoingMessage
from koinonia.messaging.broadcasts.sending.quiet_gate import Gate
from koinonia.messaging.lanes import Lane
from koinonia.messaging.messages import batch_release, batches
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.numbers import rates
from koinonia.messaging.numbers.rates import Rates
from koinonia.messaging.running import Running
from koinonia.messaging.vocabulary import MessageStatus

log = structlog.get_logger()

READMITTED_AT_ONCE = 200  # messages in one turn of the loop
TIMEOUT = 55.0  # seconds for one batch: after the worst case of carrier_calls.py, within the lease


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed batch, and what is needed to send it."""

    batch: Batch
    message: OutgoingMessage
    texts: Sequence[Claimed]
    rates: Rates
    gate: Gate
    hold: Hold


async def send(running: Running, event: BatchReleased | ReplyReleased) -> None:
    """Send one released batch; nothing happens if another worker has it or had it."""
    work = await _claim(running, event)
    if work is None:
        return
    outcomes = await _call(running, work)
    await _record(running, work, outcomes)


async def _claim(running: Running, event: BatchReleased | ReplyReleased) -> Work | None:
    is_bulk = isinstance(event, BatchReleased)
    hold = running.worker.hold()
    async with running.database.transaction(event.church_id, bulk=is_bulk) as session:
        batch = await batches.claim(session, event.message_id, event.batch, hold.worker_id)
        if batch is None:
            return None
        message = await claims.message(session, batch.message_id)
        if message is None or message.status != MessageStatus.SENDING:
            await _leave(session, batch, message)
            return None
        if message.carrier not in running.carriers:
            await _stop(session, batch)
            return None
        return await _work(running, session, batch, message, hold)


async def _call(running: Running, work: Work) -> list[Outcome]:
    return await carrier_calls.call(
        running, work.batch, work.message, work.texts, work.rates, work.hold
    )


async def _record(running: Running, work: Work, outcomes: Sequence[Outcome]) -> None:
    is_bulk = work.batch.lane is Lane.BROADCAST
    async with running.database.transaction(work.batch.church_id, bulk=is_bulk) as session:
        await batch_results.record(session, work.batch, outcomes, work.gate)
    log.info("batch.noted", message_id=str(work.batch.message_id), texts=len(outcomes))


async def _work(
    running: Running, session: AsyncSession, batch: Batch, message: OutgoingMessage, hold: Hold
) -> Work | None:
    """The texts that may leave now, and how fast; None when the message was paused meanwhile."""
    gate = await quiet_gate.gate(
        session,
        running.settings,
        batch,
        kind=message.kind,
        latest_at=message.latest_at,
        ignores_quiet_hours=message.ignores_quiet_hours,
    )
    is_repeatable = running.carriers[message.carrier].is_repeatable
    texts = await claims.take(session, batch, hold.worker_id, gate, is_repeatable=is_repeatable)
    if texts is None:
        await batch_release.put_back(session, batch)
        return None
    allowed = await rates.find(
        session,
        running.settings,
        church_id=batch.church_id,
        carrier=message.carrier,
        sender=message.sender,
        is_media=bool(message.media_urls),
    )
    return Work(batch, message, texts, allowed, gate, hold)


async def _stop(session: AsyncSession, batch: Batch) -> None:
    """The carrier's settings were taken away while numbers of it are in use, so nothing more of the
    message can be sent: pause it, and tell staff whom to ask."""
    log.error("carrier.not_configured", message_id=str(batch.message_id))
    failure = Failure.MISCONFIGURED
    await pauses.pause_for_failure(session, batch.church_id, batch.message_id, failure)
    await batch_release.put_back(session, batch)


async def _leave(session: AsyncSession, batch: Batch, message: OutgoingMessage | None) -> None:
    """A paused message keeps its batches, one that is over needs them no more."""
    status = message and message.status
    if status == MessageStatus.PAUSED:
        await batch_release.put_back(session, batch)
    elif status in unsent_texts.FAILURES:
        await unsent_texts.close(session, batch, MessageStatus(status))
    else:
        await batches.finish(session, batch)


async def recover(running: Running) -> None:
    """Release again what a lost event or a dead worker left behind, and let go on what waited for
    its next try or for the end of quiet hours, one message after another."""
    await _free_batches_of_the_dead(running)
    async with running.database.transaction() as session:
        recovered = await batch_release.recover(session)
    readmitted = await _readmit(running)
    if recovered or readmitted:
        log.info("dispatch.recovered", batches=recovered, readmitted=readmitted)


async def _free_batches_of_the_dead(running: Running) -> None:
    async with running.database.transaction() as session:
        dead = await workers.dead(session, running.worker)
        if not dead:
            return
        freed = await batches.free(session, dead)
        await workers.remove(session, dead)
    log.warning("worker.died", workers=dead, batches=freed)


async def _readmit(running: Running) -> int:
    readmitted = 0
    for _ in range(READMITTED_AT_ONCE):
        async with running.database.transaction() as session:
            found = await batch_release.readmit(session)
        if not found:
            break
        readmitted += found
    return readmitted
