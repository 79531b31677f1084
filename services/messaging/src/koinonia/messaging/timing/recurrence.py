"""From wall times to instants: when a message "at 9 on Sundays in Chicago" leaves.

A schedule keeps a wall time in a zone and not instants, because the rules of zones change. Where
hours are set forward, a wall time that does not exist is that much later (02:30 becomes 03:30);
where they are set back, the first of two equal wall times counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from koinonia.messaging.timing.recurrence_rules import Rule

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """``wall`` is the wall time that was asked for, naive; ``at`` the instant, in UTC; ``note``
    says how the clocks changed it, if they did."""

    wall: datetime
    at: datetime
    zone: str
    note: str | None = None

    @property
    def local(self) -> datetime:
        """What a clock there shows then, with its offset."""
        return self.at.astimezone(ZoneInfo(self.zone))


def occurrence(wall: datetime, zone: str) -> Occurrence:
    """The instant of a wall time."""
    there = ZoneInfo(zone)
    at = wall.replace(tzinfo=there, fold=0).astimezone(UTC)
    shown = at.astimezone(there)
    if shown.replace(tzinfo=None) != wall:
        note = f"The clocks skip {wall:%H:%M} on this day, so it is sent at {shown:%H:%M}."
        return Occurrence(wall, at, zone, note)
    if wall.replace(tzinfo=there, fold=1).astimezone(UTC) != at:
        note = f"The clocks show {wall:%H:%M} twice on this day; it is sent the first time."
        return Occurrence(wall, at, zone, note)
    return Occurrence(wall, at, zone)


def occurrences(
    rule: Rule | None, start: datetime, zone: str, after: datetime
) -> Iterator[Occurrence]:
    """All from wall time ``start`` on that lie after the instant ``after``, in order. Without a
    rule there is one."""
    if rule is None:
        walls: Iterator[datetime] = iter([start])
    else:
        near = after.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - A_DAY
        walls = rule.walls(start, zone, near)
    for wall in walls:
        found = occurrence(wall, zone)
        if found.at > after:
            yield found


def from_start(rule: Rule | None, start: datetime, zone: str) -> Iterator[Occurrence]:
    """All from wall time ``start`` on, the past ones too."""
    return occurrences(rule, start, zone, start.replace(tzinfo=UTC) - 2 * A_DAY)
