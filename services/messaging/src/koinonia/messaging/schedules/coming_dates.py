"""The coming dates of a schedule."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from koinonia.messaging.schedules.queries import Schedule
from koinonia.messaging.schedules.schemas import Coming, ScheduleDates
from koinonia.messaging.timing import recurrence, recurrence_rules
from koinonia.messaging.timing.quiet_hours import Hours
from koinonia.messaging.timing.recurrence import Occurrence

AN_INSTANT = timedelta(microseconds=1)


def occurrences(schedule: Schedule) -> Iterator[Occurrence]:
    """The occurrences of a schedule from the next one on, in order."""
    if schedule.next_at is None:
        return iter(())
    if schedule.rule is None:
        return iter([Occurrence(schedule.starts_local, schedule.next_at, schedule.timezone)])
    rule = recurrence_rules.parse(schedule.rule)
    before = schedule.next_at - AN_INSTANT
    return recurrence.occurrences(rule, schedule.starts_local, schedule.timezone, before)


def next_local_time(schedule: Schedule, next_at: datetime) -> datetime:
    """The wall time of the occurrence at ``next_at``, as it was asked for."""
    day = next_at.astimezone(ZoneInfo(schedule.timezone)).date()
    return datetime.combine(day, schedule.starts_local.time())


def next_leaving(schedule: Schedule) -> datetime | None:
    """The next instant at which something leaves; None while it is paused."""
    if schedule.paused_at is not None or not schedule.skipped_dates:
        return None if schedule.paused_at else schedule.next_at
    coming = islice(occurrences(schedule), len(schedule.skipped_dates) + 1)
    return next((each.at for each in coming if not schedule.is_held(each.local.date())), None)


def shown_dates(
    occurrences: Iterator[Occurrence], count: int, hours: Hours, schedule: Schedule | None = None
) -> ScheduleDates:
    """The next ``count``, how clocks and quiet hours change each, and which are held of the
    ``schedule``."""
    found = list(islice(occurrences, count + 1))
    return ScheduleDates(
        occurrences=[
            _coming(each, hours, is_skipped=bool(schedule and schedule.is_held(each.local.date())))
            for each in found[:count]
        ],
        is_complete=len(found) <= count,
    )


def _coming(each: Occurrence, hours: Hours, *, is_skipped: bool) -> Coming:
    opening = hours.opening(each.at, each.zone)
    quiet = None
    if opening > each.at:
        local = opening.astimezone(ZoneInfo(each.zone))
        quiet = f"These are quiet hours there: texts leave from {local:%H:%M}."
    return Coming(
        at=each.at,
        local_time=each.local.replace(tzinfo=None),
        timezone=each.zone,
        note=" ".join(filter(None, [each.note, quiet])) or None,
        is_skipped=is_skipped,
    )
