"""What staff hold of a schedule: all of it for a while, or one date."""

from collections.abc import Iterable
from datetime import date
from itertools import islice
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.schedules import coming_dates, schedules
from koinonia.messaging.schedules.queries import Schedule
from koinonia.messaging.schedules.schemas import ScheduleStatus
from koinonia.messaging.timing.errors import NoSuchDate, ScheduleOver, TooManySkipped

MOST_SKIPPED = 100
LOOKED_AT = 1_000  # coming dates that a date is looked for among


async def pause(session: AsyncSession, schedule_id: UUID) -> None:
    """Send nothing of it until it is resumed; dates that pass meanwhile are skipped. Asked for
    again, it changes nothing."""
    await _active(session, schedule_id)
    await db.run(
        session,
        "UPDATE schedules SET paused_at = coalesce(paused_at, :now) WHERE id = :id",
        {"id": schedule_id, "now": clock.now()},
    )


async def resume(session: AsyncSession, schedule_id: UUID) -> None:
    """Go on with the next date. Asked for again, it changes nothing."""
    await _active(session, schedule_id)
    await db.run(
        session, "UPDATE schedules SET paused_at = NULL WHERE id = :id", {"id": schedule_id}
    )


async def skip(session: AsyncSession, schedule_id: UUID, day: date) -> None:
    """Send nothing on this date, which is one of the schedule's own zone. Raises ``NoSuchDate``
    where nothing leaves on it."""
    schedule = await _active(session, schedule_id)
    coming = islice(coming_dates.occurrences(schedule), LOOKED_AT)
    before = next((each.local.date() for each in coming if each.local.date() >= day), None)
    if before != day:
        raise NoSuchDate
    today = clock.now().date()
    kept = {each for each in schedule.skipped_dates if (today - each).days < 2} | {day}
    if len(kept) > MOST_SKIPPED:
        raise TooManySkipped
    await _keep(session, schedule_id, kept)


async def unskip(session: AsyncSession, schedule_id: UUID, day: date) -> None:
    """Send on this date after all. Asked for again, it changes nothing."""
    schedule = await _active(session, schedule_id)
    await _keep(session, schedule_id, set(schedule.skipped_dates) - {day})


async def _active(session: AsyncSession, schedule_id: UUID) -> Schedule:
    schedule = await schedules.locked(session, schedule_id)
    if schedule.status != ScheduleStatus.ACTIVE:
        raise ScheduleOver
    return schedule


async def _keep(session: AsyncSession, schedule_id: UUID, days: Iterable[date]) -> None:
    await db.run(
        session,
        "UPDATE schedules SET skipped_dates = CAST(:days AS date[]) WHERE id = :id",
        {"id": schedule_id, "days": sorted(days)},
    )
