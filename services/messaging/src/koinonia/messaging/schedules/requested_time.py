"""The time that a request to send asks for, checked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.timing import recurrence, recurrence_rules, texting_rules
from koinonia.messaging.timing.errors import (
    NeverOccurs,
    NoTime,
    RuleWithoutZone,
    TooFar,
    TooSoon,
)
from koinonia.messaging.timing.recurrence import Occurrence
from koinonia.messaging.timing.recurrence_rules import Rule

SOONEST, LATEST = timedelta(minutes=1), timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Moment:
    """Wall time ``start`` (naive) in ``zone``, and by ``rule`` on; ``first`` is when it begins."""

    start: datetime
    zone: str
    rule: Rule | None
    first: Occurrence


def is_given(request: SendRequest) -> bool:
    """Whether the request is for later."""
    return request.scheduled_at is not None or request.scheduled_for is not None


async def checked(
    session: AsyncSession, church_id: UUID, request: SendRequest, rrule: str | None = None
) -> Moment:
    """The time of a request; raises what is wrong with it."""
    rule = recurrence_rules.parse(rrule) if rrule else None
    if request.scheduled_for:
        wall = request.scheduled_for
        return _recurring(wall.local_time, wall.timezone, rule)
    if request.scheduled_at is None:
        raise NoTime
    if rule:
        raise RuleWithoutZone
    return _once(request.scheduled_at, await texting_rules.church_zone(session, church_id))


def _once(at: datetime, zone: str) -> Moment:
    _check(at)
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return Moment(wall, zone, None, Occurrence(wall, at.astimezone(UTC), zone))


def _recurring(start: datetime, zone: str, rule: Rule | None) -> Moment:
    _check(start.replace(tzinfo=UTC), leeway=timedelta(days=1))
    start = start.replace(microsecond=0)
    long_ago = clock.now() - timedelta(days=2)
    first = next(recurrence.occurrences(rule, start, zone, long_ago), None)
    if first is None:
        raise NeverOccurs
    _check(first.at)
    return Moment(start, zone, rule, first)


def _check(at: datetime, leeway: timedelta = timedelta(0)) -> None:
    """``leeway`` is for a wall time whose zone is not applied yet."""
    now = clock.now()
    if at < now + SOONEST - leeway:
        raise TooSoon
    if at > now + LATEST + leeway:
        raise TooFar
