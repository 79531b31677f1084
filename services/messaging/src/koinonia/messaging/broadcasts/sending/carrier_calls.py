"""Calling the carrier for the texts of a claimed batch, many at a time, in turn, within the lease.

The worst case fits: no call begins after ``BEGIN_SECONDS``, and one text takes at most
``TRIES_SECONDS`` and a last call of ten. Together that is less than ``batches.LEASE_SECONDS``.

A worker whose hold ends is dead to the others, who take its batch over: no call begins without the
hold, and those under way are given up at its end, before another worker can repeat them.
"""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from koinonia.carriers.contract import Accepted, Carrier, OutgoingText
from koinonia.carriers.failures import CarrierFailure, Failure, Follows
from koinonia.common import retry, telemetry
from koinonia.common.leases.workers import Hold
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


@dataclass(slots=True)
class _Calls:
    """What the calls of a batch share; none begins after ``until``, a time of the event loop, or
    without the ``hold``."""

    carrier: Carrier
    lane: asyncio.Semaphore
    pace: Pace
    until: float
    hold: Hold
    under_way: set[asyncio.Task[object] | None] = field(default_factory=set)

    @property
    def may_begin(self) -> bool:
        return self.hold.is_kept and asyncio.get_running_loop().time() <= self.until

    @contextlib.contextmanager
    def call_under_way(self) -> Iterator[None]:
        task = asyncio.current_task()
        self.under_way.add(task)
        try:
            yield
        finally:
            self.under_way.discard(task)

    async def send(self, text: OutgoingText) -> Accepted:
        """The call itself; to have waited, before it is repeated, may have taken the hold."""
        if not self.hold.is_kept:
            raise CarrierFailure(Failure.NOT_CONNECTED, detail="no hold")
        return await self.carrier.send(text)

    async def give_up_without_hold(self) -> None:
        await self.hold.lapsed()
        self.until = 0.0  # a row that is renewed late brings none of them back
        for task in self.under_way:
            if task is not None:
                task.cancel()


async def call(
    running: Running,
    batch: Batch,
    message: OutgoingMessage,
    texts: Sequence[Claimed],
    allowed: Rates,
    hold: Hold,
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
        hold,
    )
    return await _call_in_turn(calls, texts, outgoing)


async def _call_in_turn(
    calls: _Calls, texts: Sequence[Claimed], outgoing: Sequence[OutgoingText]
) -> list[Outcome]:
    """As many texts at once as the limits give; the rest is not called when its turn is far."""
    begun: list[asyncio.Task[Outcome]] = []
    wait = 0.0
    watch = asyncio.create_task(calls.give_up_without_hold())
    try:
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
    finally:
        watch.cancel()
    rest = texts[len(begun) :]
    return [
        *(
            _given_up(calls, text) if each.cancelled() else each.result()
            for text, each in zip(texts, begun, strict=False)
        ),
        *(call_failures.not_called(text, wait) for text in rest),
    ]


def _given_up(calls: _Calls, text: Claimed) -> Outcome:
    """What follows from a call whose answer we did not wait for."""
    failure = CarrierFailure(Failure.NO_ANSWER, detail="hold ended", ambiguous=True)
    return call_failures.outcome(
        text,
        failure,
        may_be_sent=text.may_be_sent,
        is_repeatable=calls.carrier.is_repeatable,
    )


async def _call(calls: _Calls, text: Claimed, outgoing: OutgoingText) -> Outcome:
    failures: list[CarrierFailure] = []
    async with calls.lane:
        if not calls.may_begin:
            return call_failures.not_called(text)
        with calls.call_under_way():
            answer = await _answer(calls, outgoing, failures)
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
    calls: _Calls, text: OutgoingText, failures: list[CarrierFailure]
) -> Accepted | None:
    """None when every call failed; ``failures`` gets what went wrong, call by call.

    Nearly every first call succeeds, so only what follows a failure pays for being repeated: more
    than half as much as the call itself.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        return await calls.send(text)
    except CarrierFailure as failure:
        failures.append(failure)
    left = TRIES_SECONDS - (clock() - began)
    if left <= 0 or not _may_pass(calls.carrier, failures[0]):
        return None
    return await _repeated(calls, text, failures, left)


async def _repeated(
    calls: _Calls, text: OutgoingText, failures: list[CarrierFailure], left: float
) -> Accepted | None:
    """The call that failed counts as the first of the tries."""

    def may_pass(failure: Exception) -> bool:
        return isinstance(failure, CarrierFailure) and _may_pass(calls.carrier, failure)

    is_first = True
    with contextlib.suppress(CarrierFailure):
        async for attempt in retry.retrying(may_pass, attempts=TRIES, timeout=left):
            with attempt:
                if is_first:
                    is_first = False
                    raise failures[0]
                try:
                    return await calls.send(text)
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
