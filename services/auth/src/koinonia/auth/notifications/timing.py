"""When something is told outside of the app: at once, with others of the day, never at night.

Night and day are those of the person; a zone of their own, or the church's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from koinonia.auth.notifications.defaults import Choice, MailWhen

SOON = timedelta(minutes=5)  # what is read in the app meanwhile is not mailed
QUIET_FROM, QUIET_UNTIL, DIGEST_AT = time(21), time(8), time(8)


class Channel(StrEnum):
    """Where something is told besides the list in the app."""

    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody may be disturbed. No hours are quiet where both ends are the same."""

    timezone: str
    quiet_from: time
    quiet_until: time
    digest_at: time


@dataclass(frozen=True, slots=True)
class Reachable:
    """How somebody is told of one kind of notification."""

    choice: Choice
    hours: Hours


def dispatches(person: Reachable, now: datetime) -> Iterator[tuple[Channel, datetime]]:
    """Each channel that is told, and when."""
    match person.choice.mail:
        case MailWhen.SOON:
            yield Channel.MAIL, after_quiet(person.hours, now + SOON)
        case MailWhen.DAILY:
            yield Channel.MAIL, next_at(person.hours, person.hours.digest_at, now)


def after_quiet(hours: Hours, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    clock = moment.astimezone(ZoneInfo(hours.timezone)).time()
    start, end = hours.quiet_from, hours.quiet_until
    is_quiet = start <= clock < end if start <= end else clock >= start or clock < end
    return next_at(hours, end, moment) if is_quiet else moment


def next_at(hours: Hours, at: time, after: datetime) -> datetime:
    """The next time that the person's clock shows ``at``. Of a time that a clock leaves out it is
    the moment when it moves on."""
    zone = ZoneInfo(hours.timezone)
    local = after.astimezone(zone)
    for days in range(3):
        day = local.date() + timedelta(days=days)
        instant = datetime.combine(day, at, zone).astimezone(after.tzinfo)
        if instant > after:
            return instant
    raise AssertionError("a clock shows every time within three days")
