"""The limits that one process grants alone while Redis is away."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from koinonia.common import clock
from koinonia.common.throttle.buckets import Bucket, DailyCap, Limit


@dataclass(slots=True)
class Day:
    """One day of a cap: the total that Redis last gave, and what was granted without it."""

    began: float
    seen: float = 0
    granted: float = 0
    told: float = 0  # of granted, what Redis knows

    @property
    def untold(self) -> float:
        return self.granted - self.told


class Alone:
    """Buckets of this process, at ``fraction`` of their rate and burst."""

    def __init__(self, fraction: float) -> None:
        self._fraction = fraction
        self._levels: dict[str, tuple[float, float]] = {}  # tokens, and when
        self._holds: dict[str, float] = {}
        self._owed: dict[str, float] = {}
        self._days: dict[str, Day] = {}

    def take(self, limits: Sequence[Limit], units: int, offset: float) -> float:
        """As ``Throttle.take``, without anybody's help."""
        now = time.monotonic()
        wait = self.held(limits)
        for limit in limits:
            if isinstance(limit, Bucket):
                need = min(units, self._room(limit)) - self._filled(limit, now)
                wait = max(wait, need / (limit.rate_per_second * self._fraction))
            elif self.day(limit, offset).untold + units > self._left(limit, offset):
                tomorrow = limit.midnights(offset)[2]
                wait = max(wait, tomorrow - clock.now().timestamp() - offset)
        if wait == 0:
            for limit in limits:
                self._grant(limit, units, offset)
        return wait

    def hold(self, key: str, seconds: float) -> None:
        self._holds[key] = max(self._holds.get(key, 0.0), time.monotonic() + seconds)

    def held(self, limits: Sequence[Limit]) -> float:
        """Seconds for which one of them is held; 0.0 when none was."""
        if not self._holds:
            return 0.0
        now = time.monotonic()
        self._holds = {key: end for key, end in self._holds.items() if end > now}
        return max((self._holds.get(limit.key, now) - now for limit in limits), default=0.0)

    def day(self, cap: DailyCap, offset: float) -> Day:
        """What is known of the day that it is now."""
        began = cap.midnights(offset)[1]
        known = self._days.get(cap.key)
        if known is None or known.began < began:
            known = self._days[cap.key] = Day(began)
        return known

    def owed(self, bucket: Bucket) -> float:
        """What was granted without Redis and not reported to it yet."""
        return self._owed.pop(bucket.key, 0.0) if self._owed else 0.0

    def owe(self, key: str, units: float) -> None:
        if units:
            self._owed[key] = self._owed.get(key, 0.0) + units

    def learn(self, cap: DailyCap, began: float, total: float, told: float) -> None:
        """Note what Redis says of a cap, and that it knows what was granted without it."""
        known = self._days.get(cap.key)
        if known is None or known.began != began:
            self._days[cap.key] = Day(began, seen=total)
            return
        known.seen, known.told = max(known.seen, total), max(known.told, told)

    def rest(self) -> None:
        """Redis decides again: the next time alone begins with empty buckets."""
        if self._levels:
            self._levels.clear()

    def _room(self, bucket: Bucket) -> float:
        return max(1.0, bucket.burst * self._fraction)

    def _filled(self, bucket: Bucket, now: float) -> float:
        tokens, at = self._levels.get(bucket.key, (0.0, now))
        flowed = (now - at) * bucket.rate_per_second * self._fraction
        tokens = min(self._room(bucket), tokens + flowed)
        self._levels[bucket.key] = (tokens, now)
        return tokens

    def _left(self, cap: DailyCap, offset: float) -> float:
        return max(0.0, cap.limit - self.day(cap, offset).seen) * self._fraction

    def _grant(self, limit: Limit, units: int, offset: float) -> None:
        if isinstance(limit, Bucket):
            tokens, at = self._levels[limit.key]
            self._levels[limit.key] = (tokens - units, at)
            self.owe(limit.key, units)
        else:
            self.day(limit, offset).granted += units
