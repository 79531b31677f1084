"""Waiting for one's turn: no text is handed to the carrier before all its limits allow it.

A batch does not wait long. While it does, it occupies one of few workers, and a church whose
number is slow must not hold up the others; so what does not come to its turn within
``PATIENCE_SECONDS`` is given back and tried again.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.common.throttle import Throttle
from koinonia.messaging.broadcasts.sending.claims import Claimed
from koinonia.messaging.numbers.rates import Rates

PATIENCE_SECONDS = 3.0
LONGEST_HOLD_SECONDS = 600.0  # then we ask again, whatever the carrier said
ASKS_TO_WAIT = (Failure.THROTTLED, Failure.CARRIER_TROUBLE)


@dataclass(frozen=True, slots=True)
class Pace:
    """The turns of one batch. ``is_urgent`` goes ahead of all that is not."""

    throttle: Throttle
    rates: Rates
    is_urgent: bool = False
    until: float = field(default_factory=lambda: time.monotonic() + PATIENCE_SECONDS)

    def portions(self, texts: Sequence[Claimed]) -> Iterator[Sequence[Claimed]]:
        """The texts in order, cut into what the limits give at once."""
        start, parts = 0, 0
        for place, text in enumerate(texts):
            if place > start and parts + text.parts > self.rates.burst:
                yield texts[start:place]
                start, parts = place, 0
            parts += text.parts
        if texts:
            yield texts[start:]

    async def wait(self, portion: Sequence[Claimed]) -> float:
        """0.0 when it is the portion's turn, else in how many seconds it may be."""
        parts = sum(text.parts for text in portion)
        return await self.throttle.wait(self.rates.limits, parts, self.until, urgent=self.is_urgent)

    async def slow_down(self, failure: CarrierFailure) -> None:
        """Let nobody call this carrier for as long as it asked to be left alone."""
        if failure.retry_after and failure.failure in ASKS_TO_WAIT:
            seconds = min(failure.retry_after, LONGEST_HOLD_SECONDS)
            await self.throttle.hold(self.rates.account, seconds)
