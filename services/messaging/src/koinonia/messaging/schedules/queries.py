"""Schedules and their past occurrences, as staff see them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging.schedules.schemas import ScheduleStatus
from koinonia.messaging.timing.errors import NoSuchSchedule


class Schedule(NamedTuple):
    """``request`` is what was asked for, without its time; ``rule`` an RRULE; ``starts_local`` the
    wall time in ``timezone``, naive; ``next_at`` is None when nothing comes any more."""

    id: UUID
    church_id: UUID
    name: str | None
    status: str
    request: dict[str, object]
    rule: str | None
    starts_local: datetime
    timezone: str
    next_at: datetime | None
    skip_if_later_minutes: int | None
    created_by: UUID
    created_at: datetime
    changed_at: datetime
    cancelled_at: datetime | None
    paused_at: datetime | None
    skipped_dates: list[date]  # in its zone

    def is_held(self, day: date) -> bool:
        """Whether nothing leaves on this date of its zone, because staff said so."""
        return self.paused_at is not None or day in self.skipped_dates


class PastOccurrence(NamedTuple):
    """What became of an instant that has passed."""

    occurs_at: datetime
    outcome: str
    message_id: UUID | None
    code: str | None
    reason: str | None


_SHOWN = """
    SELECT id, church_id, name, status, request, rule, starts_local, timezone, next_at,
           skip_if_later_minutes, created_by, created_at, changed_at, cancelled_at,
           paused_at, skipped_dates
      FROM schedules
"""


_IS = {
    ScheduleStatus.ACTIVE: "status = 'active' AND paused_at IS NULL",
    ScheduleStatus.PAUSED: "status = 'active' AND paused_at IS NOT NULL",
    ScheduleStatus.FINISHED: "status = 'finished'",
    ScheduleStatus.CANCELLED: "status = 'cancelled'",
}


async def get(session: db.Session, schedule_id: UUID, *, locked: bool = False) -> Schedule:
    """Raises ``NoSuchSchedule``. ``locked``: nobody changes it until the transaction ends."""
    return await db.one(
        session,
        Schedule,
        f"{_SHOWN} WHERE id = :id {'FOR UPDATE' if locked else ''}",
        {"id": schedule_id},
        missing=NoSuchSchedule,
    )


async def locked(session: AsyncSession, schedule_ids: Sequence[UUID]) -> list[Schedule]:
    """Nobody changes them until the transaction ends; raises ``NoSuchSchedule``."""
    found = await db.rows(
        session,
        Schedule,
        f"{_SHOWN} WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE",
        {"ids": list(schedule_ids)},
    )
    if len(found) < len(schedule_ids):
        raise NoSuchSchedule
    return found


async def page(
    session: db.Session, church_id: UUID, params: PageParams, status: ScheduleStatus | None
) -> Page[Schedule]:
    """The latest first (ix_schedules_church_id_created_at_id)."""
    condition = f"church_id = :church {f'AND {_IS[status]}' if status else ''}"
    return await db.page(
        session,
        Schedule,
        f"{_SHOWN} WHERE {condition}",
        {"church": church_id},
        params,
        db.Order({"created_at": datetime, "id": UUID}, descending=True),
        counted=f"SELECT count(*) FROM schedules WHERE {condition}",
    )


async def past_occurrences(
    session: db.Session, schedule_id: UUID, params: PageParams
) -> Page[PastOccurrence]:
    """The latest first (the primary key)."""
    return await db.page(
        session,
        PastOccurrence,
        """
        SELECT occurs_at, outcome, message_id, code, reason FROM schedule_occurrences
         WHERE schedule_id = :id
        """,
        {"id": schedule_id},
        params,
        db.Order({"occurs_at": datetime}, descending=True),
        counted="SELECT count(*) FROM schedule_occurrences WHERE schedule_id = :id",
    )
