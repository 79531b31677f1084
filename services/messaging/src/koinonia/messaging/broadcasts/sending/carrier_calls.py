"""Calling the carrier for the texts of a claimed batch, many at a time, in turn, within the lease.

The worst case fits: no call begins after ``BEGIN_SECONDS``, and one text takes at most
``TRIES_SECONDS`` and a last call of ten. Together that is less than ``batches.LEASE_SECONDS``.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from koinonia.carriers.contract import Accepted, Carrier, OutgoingText
from koinonia.carriers.failures import CarrierFailure, Follows
from koinonia.common import retry, telemetry
from koinonia.messaging.broadcasts.sending import call_failures
from koinonia.messaging.broadcasts.sending.call_failures import Outcome
from koinonia.messaging.broadcasts.sending.claims import Claimed, OutgoingMessage
from koinonia.messaging.broadcasts.sending.pace import Pace
from koinonia.messaging.broadcasts.tracking.text_updates import TextNews
from koinonia.messaging.lanes import Lane
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.numbers.rates import Rates
from koinonia.messaging.running import Running

BEGIN_SECONDS = 20.0
TRIES_SECONDS = 10.0
TRIES = 3

_calls = telemetry.counter("koinonia_texts_called_total")


@dataclass(frozen=True, slots=True)
class _Calls:
    """What the calls of a batch share; none begins after ``until``, a time of the event loop."""

    carrier: Carrier
    lane: asyncio.Semaphore
    pace: Pace
    until: float


async def call(
    running: Running,
    batch: Batch,
    message: OutgoingMessage,
    texts: Sequence[Claimed],
    allowed: Rates,
) -> list[Outcome]:
    """What the carrier's answer to each text means. Raises ``SealBroken`` before any call is
    made."""
    phones = [running.phones.open(text.phone_sealed) for text in texts]
    origin = running.settings.webhooks_origin
    outgoing = [
        message.addressed(text.recipient_id, phone, text.merge_values, origin)
        for text, phone in zip(texts, phones, strict=True)
    ]
    calls = _Calls(
        running.carriers[message.carrier],
        running.lanes[batch.lane],
        Pace(running.throttle, allowed, is_urgent=batch.lane is Lane.REPLY),
        asyncio.get_running_loop().time() + BEGIN_SECONDS,
    )
    return await _call_in_turn(calls, texts, outgoing)


async def _call_in_turn(
    calls: _Calls, texts: Sequence[Claimed], outgoing: Sequence[OutgoingText]
) -> list[Outcome]:
    """As many texts at once as the limits give; the rest is not called when its turn is far."""
    begun: list[asyncio.Task[Outcome]] = []
    wait = 0.0
    async with asyncio.TaskGroup() as tasks:
        for portion in calls.pace.portions(texts):
            wait = await calls.pace.wait(portion)
            if wait:
                break
            start = len(begun)
            begun += [
                tasks.create_task(_call(calls, text, addressed))
                for text, addressed in zip(portion, outgoing[start:], strict=False)
            ]
    rest = texts[len(begun) :]
    return [
        *(each.result() for each in begun),
        *(call_failures.not_called(text, wait) for text in rest),
    ]


async def _call(calls: _Calls, text: Claimed, outgoing: OutgoingText) -> Outcome:
    failures: list[CarrierFailure] = []
    async with calls.lane:
        if asyncio.get_running_loop().time() > calls.until:
            return call_failures.not_called(text)
        answer = await _answer(calls.carrier, outgoing, failures)
    if answer is not None:
        _calls.add(1, {"carrier": calls.carrier.name, "outcome": "accepted"})
        return accepted(text, calls.carrier.name, answer)
    *earlier, last = failures
    _calls.add(1, {"carrier": calls.carrier.name, "outcome": last.failure})
    await calls.pace.slow_down(last)
    may_be_sent = text.may_be_sent or any(each.ambiguous for each in earlier)
    is_repeatable = calls.carrier.is_repeatable
    return call_failures.outcome(text, last, may_be_sent=may_be_sent, is_repeatable=is_repeatable)


def accepted(text: Claimed, carrier: str, answer: Accepted) -> TextNews:
    return TextNews(
        recipient_id=text.recipient_id,
        status=answer.status,
        carrier=carrier,
        carrier_message_id=answer.carrier_message_id,
        parts=answer.parts,
        cost=answer.cost,
    )


async def _answer(
    carrier: Carrier, text: OutgoingText, failures: list[CarrierFailure]
) -> Accepted | None:
    """None when every call failed; ``failures`` gets what went wrong, call by call.

    Nearly every first call succeeds, so only what follows a failure pays for being repeated: more
    than half as much as the call itself.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        return await carrier.send(text)
    except CarrierFailure as failure:
        failures.append(failure)
    left = TRIES_SECONDS - (clock() - began)
    if left <= 0 or not _may_pass(carrier, failures[0]):
        return None
    return await _repeated(carrier, text, failures, left)


async def _repeated(
    carrier: Carrier, text: OutgoingText, failures: list[CarrierFailure], left: float
) -> Accepted | None:
    """The call that failed counts as the first of the tries."""

    def may_pass(failure: Exception) -> bool:
        return isinstance(failure, CarrierFailure) and _may_pass(carrier, failure)

    is_first = True
    with contextlib.suppress(CarrierFailure):
        async for attempt in retry.retrying(may_pass, attempts=TRIES, timeout=left):
            with attempt:
                if is_first:
                    is_first = False
                    raise failures[0]
                try:
                    return await carrier.send(text)
                except CarrierFailure as failure:
                    failures.append(failure)
                    raise
    return None


def _may_pass(carrier: Carrier, failure: CarrierFailure) -> bool:
    return (
        failure.failure.follows is Follows.RETRY_LATER
        and failure.retry_after is None
        and (carrier.is_repeatable or not failure.ambiguous)
    )
