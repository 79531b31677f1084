"""Schedules of a stage for nine on Sunday, and what became of them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from koinonia.common import clock, db
from koinonia.common.identity import Identity, Role
from koinonia.messaging.schedules import due_schedules, schedules
from koinonia.messaging.schedules.schemas import ScheduleRequest

from . import factories
from .stage import Stage

SATURDAY = datetime.fromisoformat("2027-01-02T12:00:00-06:00")
SUNDAY_AT_NINE = datetime.fromisoformat("2027-01-03T09:00:00-06:00")
WEEK = timedelta(days=7)
WALL = {"local_time": "2027-01-03T09:00:00", "timezone": "America/Chicago"}
SUNDAYS = "FREQ=WEEKLY;BYDAY=SU"


async def schedule(stage: Stage, **given: Any) -> UUID:
    """Made on Saturday for nine on Sunday."""
    asked = {"content": "Hello", "target_type": "all", "scheduled_for": WALL} | given
    owner = Identity(db.uuid7(), stage.church_id, Role.OWNER, db.uuid7())
    with clock.freeze(SATURDAY):
        async with stage.running.database.transaction(stage.church_id) as session:
            return await schedules.create(
                session, owner, ScheduleRequest.from_names(**asked), factories.PHONES
            )


async def fire(stage: Stage, at: datetime) -> None:
    with clock.freeze(at):
        await due_schedules.make_messages(stage.running)


async def sent(stage: Stage) -> list[Any]:
    return await stage.query("SELECT * FROM messages ORDER BY occurrence_at")


async def shown(stage: Stage, schedule_id: UUID) -> Any:
    return (await stage.query("SELECT * FROM schedules WHERE id = :id", id=schedule_id))[0]


async def outcomes(stage: Stage) -> list[tuple[datetime, str, str | None]]:
    rows = await stage.query("SELECT * FROM schedule_occurrences ORDER BY occurs_at")
    return [(row.occurs_at, row.outcome, row.code) for row in rows]
