"""``/api/schedules``: messages for later, once or again and again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from koinonia.common.web import (
    TAGGED,
    ActionDep,
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
    StaffOrAbove,
    by_names,
    json_page,
)
from koinonia.messaging import audited
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.messages import drafts
from koinonia.messaging.people.targets import shown_target
from koinonia.messaging.people.targets.target_schemas import IdsTarget, TargetType
from koinonia.messaging.preview import previews
from koinonia.messaging.preview.schemas import Preview
from koinonia.messaging.schedules import coming_dates, held_dates, queries, schedules
from koinonia.messaging.schedules.queries import Schedule
from koinonia.messaging.schedules.schemas import (
    DateOfSchedule,
    OccurrenceOut,
    ScheduleChange,
    ScheduleDates,
    ScheduleDatesRequest,
    ScheduleOut,
    ScheduleRequest,
    ScheduleStatus,
)
from koinonia.messaging.timing import recurrence, recurrence_rules, texting_rules

router = APIRouter(prefix="/api/schedules", tags=["messages"], route_class=CreatingRoute)

Many = Annotated[int, Query(ge=1, le=100)]

_OCCURRENCE = by_names(OccurrenceOut)


@router.get("", dependencies=TAGGED, response_model=Page[ScheduleOut])
async def list_schedules(
    read: ReadDep,
    admin: CurrentAdmin,
    params: PageQuery,
    status: ScheduleStatus | None = None,
) -> Response:
    """Latest first."""
    page = await queries.page(read, admin.church_id, params, status)
    return json_page(page, _shown)


@router.post("", status_code=201)
async def create_schedule(
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    body: ScheduleRequest,
    idempotency_key: IdempotencyKey,
) -> ScheduleOut:
    """Send this later, or by ``rrule`` again and again. Who is in the target is looked up each
    time it leaves."""
    schedule_id = await schedules.create(session, admin, body, running.phones)
    return _shown(await queries.get(session, schedule_id))


@router.post("/dates")
async def list_dates_of_rule(
    session: SessionDep, running: RunningDep, admin: CurrentAdmin, body: ScheduleDatesRequest
) -> ScheduleDates:
    """When a message would leave, before it is made: the next instants of a rule."""
    hours = await texting_rules.hours(session, running.settings, admin.church_id)
    wall = body.scheduled_for
    rule = recurrence_rules.parse(body.rrule) if body.rrule else None
    found = recurrence.from_start(rule, wall.local_time, wall.timezone)
    return coming_dates.shown_dates(found, body.count, hours)


@router.get("/{schedule_id}", dependencies=TAGGED)
async def read_schedule(read: ReadDep, schedule_id: UUID) -> ScheduleOut:
    return _shown(await queries.get(read, schedule_id))


@router.patch("/{schedule_id}")
async def change_schedule(
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    schedule_id: UUID,
    body: ScheduleChange,
) -> ScheduleOut:
    """Change what is sent, to whom or when. A new rule begins with the next occurrence."""
    await schedules.change(session, admin, schedule_id, body.given(), running.phones)
    return _shown(await queries.get(session, schedule_id))


@router.delete("/{schedule_id}", status_code=204)
async def cancel_schedule(session: SessionDep, admin: StaffOrAbove, schedule_id: UUID) -> Response:
    """Send nothing of it any more. Messages that were made already are cancelled by themselves."""
    await schedules.cancel(session, schedule_id)
    return Response(status_code=204)


@router.post("/{schedule_id}/pause")
async def pause_schedule(
    session: SessionDep, admin: StaffOrAbove, schedule_id: UUID
) -> ScheduleOut:
    """Send nothing of it until it is resumed. Dates that pass meanwhile are skipped."""
    await held_dates.pause(session, schedule_id)
    return _shown(await queries.get(session, schedule_id))


@router.post("/{schedule_id}/resume")
async def resume_schedule(
    session: SessionDep, admin: StaffOrAbove, schedule_id: UUID
) -> ScheduleOut:
    """Go on with the next date."""
    await held_dates.resume(session, schedule_id)
    return _shown(await queries.get(session, schedule_id))


@router.post("/{schedule_id}/skip")
async def skip_schedule_date(
    session: SessionDep, admin: StaffOrAbove, schedule_id: UUID, body: DateOfSchedule
) -> ScheduleOut:
    """Send nothing on this one date. A new rule or start forgets skipped dates."""
    await held_dates.skip(session, schedule_id, body.date)
    return _shown(await queries.get(session, schedule_id))


@router.post("/{schedule_id}/unskip")
async def unskip_schedule_date(
    session: SessionDep, admin: StaffOrAbove, schedule_id: UUID, body: DateOfSchedule
) -> ScheduleOut:
    """Send on this date after all."""
    await held_dates.unskip(session, schedule_id, body.date)
    return _shown(await queries.get(session, schedule_id))


@router.get("/{schedule_id}/dates")
async def list_schedule_dates(
    read: ReadDep,
    running: RunningDep,
    admin: CurrentAdmin,
    schedule_id: UUID,
    count: Many = 10,
) -> ScheduleDates:
    """The instants that come next."""
    hours = await texting_rules.hours(read, running.settings, admin.church_id)
    schedule = await queries.get(read, schedule_id)
    return coming_dates.shown_dates(coming_dates.occurrences(schedule), count, hours, schedule)


@router.post("/{schedule_id}/preview")
async def preview_schedule(
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    action: ActionDep,
    schedule_id: UUID,
) -> Preview:
    """What the next occurrence would do and cost, to the people of now. Sends nothing."""
    schedule = await queries.get(session, schedule_id)
    request = schedules.kept_request(schedule)
    draft = await drafts.from_request(session, admin.church_id, request, running.phones)
    at = schedule.next_at
    preview = await previews.make(session, running.settings, admin.church_id, draft, at)
    audited.describe_preview(action, preview)
    return preview


@router.get("/{schedule_id}/occurrences", response_model=Page[OccurrenceOut])
async def list_occurrences(read: ReadDep, schedule_id: UUID, params: PageQuery) -> Response:
    """What became of each instant that has passed, latest first."""
    await queries.get(read, schedule_id)
    page = await queries.past_occurrences(read, schedule_id, params)
    return json_page(page, _OCCURRENCE)


def _shown(row: Schedule) -> ScheduleOut:
    said = schedules.kept_request(row)
    return ScheduleOut(
        id=row.id,
        name=row.name,
        status=(
            ScheduleStatus.PAUSED if row.paused_at and row.next_at else ScheduleStatus(row.status)
        ),
        content=said.content,
        template_id=said.template_id,
        target_type=TargetType(said.whom.type),
        target_ids=said.whom.ids if isinstance(said.whom, IdsTarget) else [],
        target=shown_target.kept(said.whom),
        media_urls=said.media_urls,
        media_ids=said.media_ids,
        from_number_id=said.from_number_id,
        priority=said.priority,
        rrule=row.rule,
        local_time=row.starts_local,
        timezone=row.timezone,
        next_at=coming_dates.next_leaving(row),
        skip_if_later_minutes=row.skip_if_later_minutes,
        emergency=said.emergency,
        created_at=row.created_at,
        changed_at=row.changed_at,
        cancelled_at=row.cancelled_at,
        paused_at=row.paused_at,
        skipped_dates=row.skipped_dates,
    )
