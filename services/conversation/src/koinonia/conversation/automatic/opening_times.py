"""When an office is open: spans of a week in wall time, and the instants they are. Pure functions.

Clocks change. A span begins the first time its hour is shown and ends the last time it is, so an
hour that comes twice is open twice; where an hour is left out, it begins or ends with the change.
"""

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 24 * 60
MOST_A_DAY = 3
AHEAD = 15  # days: a span of a week that clocks leave out opens a week later


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``day`` is ISO's, 1 is Monday; ``start`` and ``end`` are minutes of that day."""

    day: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Week:
    spans: Sequence[Span]
    zone: ZoneInfo

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self._around(at, 1))

    def opens_at(self, at: datetime) -> datetime | None:
        """The next instant after ``at`` when it opens, in UTC; None if it is open, or never is."""
        if self.is_open(at):
            return None
        later = [start for start, end in self._around(at, AHEAD) if at < start < end]
        return min(later, default=None)

    def _around(self, at: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """What is open from the day before ``at`` to some days after, in UTC."""
        today = at.astimezone(self.zone).date()
        for ahead in range(-1, days + 1):
            day = today + timedelta(days=ahead)
            for span in self.spans:
                if span.day == day.isoweekday():
                    first = _instant(day, span.start, self.zone, fold=0)
                    yield first, _instant(day, span.end, self.zone, fold=1)


def minutes(text: str) -> int:
    """``"09:30"`` and ``"24:00"`` as minutes of a day."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def clock_time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def fault(spans: Sequence[Span]) -> str | None:
    """What is wrong with a week, in a sentence."""
    for span in spans:
        if span.start >= span.end:
            return (
                f"On day {span.day}, {clock_time(span.start)} is not before "
                f"{clock_time(span.end)}. Write a night as two spans: one until 24:00, one of "
                "the next day from 00:00."
            )
        if sum(each.day == span.day for each in spans) > MOST_A_DAY:
            return f"Day {span.day} has more than {MOST_A_DAY} spans. Join some of them."
    for first, second in pairwise(sorted(spans)):
        if first.day == second.day and second.start < first.end:
            return (
                f"On day {first.day}, {clock_time(first.start)}-{clock_time(first.end)} and "
                f"{clock_time(second.start)}-{clock_time(second.end)} overlap. Join them."
            )
    return None


def _instant(day: date, minute: int, zone: ZoneInfo, *, fold: int) -> datetime:
    """When clocks show that minute: for the first time (``fold`` 0), or for the last (1)."""
    wall = datetime.combine(day + timedelta(days=minute // DAY), time()) + timedelta(
        minutes=minute % DAY
    )
    at = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    return at if _wall(at, zone) == wall else _change(wall, zone)


def _change(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant when clocks leave ``wall`` out: the first when they show something later."""
    earliest = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    latest = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    seconds = range(int((latest - earliest).total_seconds()) + 1)
    passed = bisect.bisect_left(
        seconds, True, key=lambda after: _wall(earliest + timedelta(seconds=after), zone) > wall
    )
    return earliest + timedelta(seconds=passed)


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
