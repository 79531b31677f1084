"""Calls to a carrier about its numbers: in their own pace, and inside a circuit.

Texts are not slowed down by them: they have a pace of their own, ``number_calls_per_minute`` of all
workers together. A carrier that fails is left alone for a while, by the circuit that orders of
numbers share.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from koinonia.carriers.failures import CarrierFailure, Failure, Follows
from koinonia.common import retry
from koinonia.common.retry import CircuitOpen
from koinonia.common.throttle import Bucket
from koinonia.messaging.running import Running

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
CARRIERS_OWN = (Follows.RETRY_LATER, Follows.PAUSE_ALL)
"""What follows from failures that are the carrier's, and say nothing about a number."""


def is_carriers_own(failure: CarrierFailure) -> bool:
    return failure.failure.follows in CARRIERS_OWN


async def turn(running: Running, carrier: str, calls: int = 1) -> None:
    """Wait until so many calls may be made. Raises ``CarrierFailure`` where that takes too long."""
    per_minute = running.settings.number_calls_per_minute
    bucket = Bucket(_bucket(carrier), per_minute / 60, max(1.0, per_minute / 6))
    deadline = time.monotonic() + PATIENCE_SECONDS
    seconds = await running.throttle.wait([bucket], calls, deadline)
    if seconds:
        raise CarrierFailure(Failure.THROTTLED, detail="our own pace", retry_after=seconds)


async def call(
    running: Running, carrier: str, act: Callable[[], Awaitable[T]], *, calls: int = 1
) -> T:
    """What ``act`` answers, which makes up to ``calls`` calls. Raises ``CarrierFailure``, also
    where the circuit is open."""
    await turn(running, carrier, calls)
    try:
        async with retry.breaker(f"{carrier} numbers"):
            try:
                return await act()
            except CarrierFailure as failure:
                if is_carriers_own(failure):
                    raise
                refused = failure
    except CircuitOpen as circuit:
        raise CarrierFailure(Failure.NOT_CONNECTED, detail="the circuit is open") from circuit
    except CarrierFailure as failure:
        await running.throttle.hold(_bucket(carrier), failure.retry_after or 0.0)
        raise
    raise refused


def _bucket(carrier: str) -> str:
    return f"numbers:{carrier}"
