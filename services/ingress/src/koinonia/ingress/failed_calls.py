"""How many calls of an address failed verification within the last minute.

Every call is verified, so a genuine one is never refused because of others. Who fails too often is
told so, instead of what was wrong. Each process counts by itself.
"""

import contextlib
import time
from collections.abc import Iterator

from koinonia.carriers.contract import BadSignature
from koinonia.common.errors import TooMany
from koinonia.common.web import addresses
from koinonia.mail.contract import BadSignature as BadMailSignature

WINDOW_SECONDS = 60
MOST_ADDRESSES = 10_000


class TooManyFailures(TooMany):
    code = "TOO_MANY_FAILURES"
    message = (
        "Too many calls from your address had no valid signature. Sign your calls; those that are "
        "signed are always taken."
    )


class FailedCalls:
    """Counts of this process, for the addresses that failed last."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._counts: dict[str, tuple[int, int]] = {}  # the minute, and how many in it

    @contextlib.contextmanager
    def counted(self, address: str) -> Iterator[None]:
        """Count a ``BadSignature`` that is raised within; after ``per_minute`` of them it becomes
        ``TooManyFailures``."""
        try:
            yield
        except (BadSignature, BadMailSignature):
            if self._record(addresses.bucket(address)) > self._per_minute:
                raise TooManyFailures(headers={"Retry-After": str(WINDOW_SECONDS)}) from None
            raise

    def _record(self, key: str) -> int:
        minute = int(time.monotonic() / WINDOW_SECONDS)
        known, count = self._counts.pop(key, (minute, 0))
        count = count + 1 if known == minute else 1
        self._counts[key] = (minute, count)
        if len(self._counts) > MOST_ADDRESSES:
            del self._counts[next(iter(self._counts))]
        return count
