"""The two kinds of limits: a rate, and a sum per day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

from koinonia.common import clock

KEPT_SECONDS = 2 * 24 * 3600
"""How long Redis remembers a limit that nobody asks for."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """``rate_per_second`` units flow in, ``burst`` fit in; it begins full.

    ``key`` names what is limited and is the same for all workers; the figures may change at any
    time and hold from the next take on. Raises ValueError unless both are positive.
    """

    key: str
    rate_per_second: float
    burst: float

    def __post_init__(self) -> None:
        if not (self.rate_per_second > 0 and self.burst > 0):
            raise ValueError(f"{self.key}: rate_per_second and burst must be greater than 0.")

    @property
    def lifetime(self) -> int:
        """Seconds after which it is full again and need not be remembered."""
        return max(KEPT_SECONDS, ceil(self.burst / self.rate_per_second) + 1)


@dataclass(frozen=True, slots=True)
class DailyCap:
    """At most ``limit`` units from one midnight to the next in ``zone``, an IANA name.

    A day is as long as it is there: 23 hours when the clocks go forward. A request that is larger
    than ``limit`` is never granted. Raises ``zoneinfo.ZoneInfoNotFoundError`` when first used with
    a zone that does not exist.
    """

    key: str
    limit: int
    zone: str

    @property
    def lifetime(self) -> int:
        """Seconds to remember it."""
        return KEPT_SECONDS

    def midnights(self, offset: float = 0.0) -> tuple[float, ...]:
        """Four midnights around now, as Unix times: the second is the last one that passed.

        Redis chooses among them by its own clock, so ours may be wrong by up to a day.
        ``offset``: seconds to add to our clock.
        """
        now = clock.now() + timedelta(seconds=offset)
        return midnights(self.zone, now.astimezone(ZoneInfo(self.zone)).date())


Limit = Bucket | DailyCap


@lru_cache(maxsize=256)
def midnights(zone: str, day: date) -> tuple[float, ...]:
    """When the day before ``day``, itself and the next two begin in ``zone``, as Unix times."""
    place = ZoneInfo(zone)
    days = (day + timedelta(days=distance) for distance in (-1, 0, 1, 2))
    return tuple(datetime.combine(one, time(), place).timestamp() for one in days)
