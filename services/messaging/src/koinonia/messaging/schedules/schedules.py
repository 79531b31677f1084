"""Schedules: messages for later, once or by a rule. What was asked for is kept; who gets it is
looked up when the time has come.

``schedules.next_at`` is the next instant, ``due_schedules`` when to look. Code that needs both
locks the second first.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.identity import Identity
from koinonia.common.phone import Phones
from koinonia.common.web import validation
from koinonia.messaging.broadcasts.accepting import emergencies
from koinonia.messaging.composing import uploads
from koinonia.messaging.messages import drafts
from koinonia.messaging.messages.church_facts import ChurchFacts
from koinonia.messaging.messages.drafts import Draft
from koinonia.messaging.messages.schemas import AcceptedSchedule, SendRequest
from koinonia.messaging.people.targets import target_schemas
from koinonia.messaging.preview import allowance, audience_count, saved_previews
from koinonia.messaging.schedules import coming_dates, queries, requested_time
from koinonia.messaging.schedules.queries import Schedule
from koinonia.messaging.schedules.requested_time import Moment
from koinonia.messaging.schedules.schemas import ScheduleRequest, ScheduleStatus
from koinonia.messaging.timing.errors import EmergencyRecurs, ScheduleOver

WORDS = {
    "content", "template_id", "target_type", "target_ids", "media_urls", "media_ids",
    "from_number_id", "priority", "emergency",
}  # fmt: skip


async def accept(
    session: AsyncSession, identity: Identity, request: SendRequest, phones: Phones
) -> AcceptedSchedule:
    """What ``POST /api/messages/send`` does with a request for later."""
    later = ScheduleRequest.from_names(**dict(request))
    schedule_id = await create(session, identity, later, phones)
    schedule = await queries.get(session, schedule_id)
    assert schedule.next_at is not None  # it is a minute ahead at least
    return AcceptedSchedule(
        id=schedule_id,
        schedule_id=schedule_id,
        total_recipients=(await _drafted(session, identity.church_id, later, phones)).phones,
        scheduled_at=schedule.next_at,
    )


async def create(
    session: AsyncSession, identity: Identity, request: ScheduleRequest, phones: Phones
) -> UUID:
    """Keep a request until its time comes; raises what is wrong with it now."""
    schedule_id = db.uuid7()
    draft = await _check(session, identity, request, phones)
    moment = await requested_time.checked(session, identity.church_id, request, request.rrule)
    await db.run(
        session,
        """
        INSERT INTO schedules (id, church_id, name, request, rule, starts_local, timezone, next_at,
                               skip_if_later_minutes, created_by, created_at, changed_at)
        VALUES (:id, :church, :name, CAST(:request AS jsonb), :rule, :start, :zone, :next,
                :skip, :admin, :now, :now)
        """,
        _values(request, moment)
        | {"id": schedule_id, "church": identity.church_id, "admin": identity.admin_id},
    )
    await _set_due(session, identity.church_id, schedule_id, moment.first.at)
    if draft.media_ids:
        await uploads.use(session, identity.church_id, schedule_id, draft.media_ids)
    return schedule_id


async def change(
    session: AsyncSession,
    identity: Identity,
    schedule_id: UUID,
    given: Mapping[str, object],
    phones: Phones,
) -> None:
    """Change what ``given`` names, fields of a ``ScheduleRequest``; raises ``ScheduleOver``."""
    held = await locked(session, schedule_id)
    if held.status != ScheduleStatus.ACTIVE:
        raise ScheduleOver
    request = _merged(held, given)
    draft = await _check(session, identity, request, phones)
    if draft.media_ids or {"media_ids", "media_urls", "template_id"} & set(given):
        await uploads.use(session, identity.church_id, schedule_id, draft.media_ids)
    is_moved = bool({"scheduled_at", "scheduled_for", "rrule"} & set(given))
    if not is_moved:
        await _rewrite(session, schedule_id, request)
        return
    moment = await requested_time.checked(session, identity.church_id, request, request.rrule)
    await db.run(
        session,
        """
        UPDATE schedules
           SET name = :name, request = CAST(:request AS jsonb), rule = :rule,
               starts_local = :start, timezone = :zone, next_at = :next, skipped_dates = '{}',
               skip_if_later_minutes = :skip, changed_at = :now
         WHERE id = :id
        """,
        _values(request, moment) | {"id": schedule_id},
    )
    await _set_due(session, identity.church_id, schedule_id, moment.first.at)


async def cancel(session: AsyncSession, schedule_id: UUID) -> None:
    """Send nothing more of a schedule; what has been sent stays. To cancel again changes
    nothing."""
    held = await locked(session, schedule_id)
    if held.status == ScheduleStatus.FINISHED:
        raise ScheduleOver("This schedule is over, so there is nothing left to cancel.")
    await db.run(session, "DELETE FROM due_schedules WHERE schedule_id = :id", {"id": schedule_id})
    await db.run(
        session,
        """
        UPDATE schedules SET status = 'cancelled', next_at = NULL, cancelled_at = :now
         WHERE id = :id AND status = 'active'
        """,
        {"id": schedule_id, "now": clock.now()},
    )


def kept_request(schedule: Schedule) -> ScheduleRequest:
    """What was asked for, without its time."""
    said = schedule.request | {"skipIfLaterMinutes": schedule.skip_if_later_minutes}
    return ScheduleRequest.model_validate(
        target_schemas.kept(said),
        extra="ignore",  # another version of this program may have kept it
    )


class _Drafted(NamedTuple):
    draft: Draft
    phones: int


async def _drafted(
    session: AsyncSession, church_id: UUID, request: ScheduleRequest, phones: Phones
) -> _Drafted:
    """The draft of a request, and how many phones it would text if it were sent now; checks it
    against its preview, if it names one."""
    draft = await drafts.from_request(session, church_id, request, phones)
    chosen = await drafts.number(ChurchFacts(session, church_id), draft)
    count = await audience_count.count(session, church_id, draft, strangers=False)
    if request.preview_hash:
        money = await allowance.current(session, church_id)
        number = chosen.sender if chosen else None
        now = saved_previews.summary(
            draft,
            count.phones,
            count.parts,
            count.excluded,
            money,
            number,
            phones_digest=count.phones_digest,
        )
        await saved_previews.check(session, church_id, request.preview_hash, now)
    return _Drafted(draft, count.phones)


async def _check(
    session: AsyncSession, identity: Identity, request: ScheduleRequest, phones: Phones
) -> Draft:
    """The draft of the request; raises what is wrong with it."""
    emergencies.check(identity, request)
    drafted = await _drafted(session, identity.church_id, request, phones)
    if request.emergency and request.rrule:
        raise EmergencyRecurs
    return drafted.draft


async def locked(session: AsyncSession, schedule_id: UUID) -> Schedule:
    """A schedule that nobody sends or changes until the transaction ends; raises
    ``NoSuchSchedule``."""
    await queries.get(session, schedule_id)  # before what knows no church
    await db.run(
        session,
        "SELECT FROM due_schedules WHERE schedule_id = :id FOR UPDATE",
        {"id": schedule_id},
    )
    return await queries.get(session, schedule_id, locked=True)


async def _rewrite(session: AsyncSession, schedule_id: UUID, request: ScheduleRequest) -> None:
    await db.run(
        session,
        """
        UPDATE schedules
           SET name = :name, request = CAST(:request AS jsonb), skip_if_later_minutes = :skip,
               changed_at = :now
         WHERE id = :id
        """,
        _columns(request) | {"id": schedule_id},
    )


async def _set_due(session: AsyncSession, church_id: UUID, schedule_id: UUID, at: datetime) -> None:
    await db.run(
        session,
        """
        INSERT INTO due_schedules (schedule_id, church_id, due_at) VALUES (:id, :church, :at)
        ON CONFLICT (schedule_id) DO UPDATE SET due_at = excluded.due_at
        """,
        {"id": schedule_id, "church": church_id, "at": at},
    )


def _merged(schedule: Schedule, given: Mapping[str, object]) -> ScheduleRequest:
    """The kept request with what is ``given`` in its place. Of two fields that exclude each other
    the given one stays."""
    kept = dict(kept_request(schedule))
    kept |= {"name": schedule.name, "rrule": schedule.rule}
    if schedule.next_at and not {"scheduled_at", "scheduled_for"} & set(given):
        kept["scheduled_for"] = {
            "local_time": coming_dates.next_local_time(schedule, schedule.next_at),
            "timezone": schedule.timezone,
        }
    for name, other in (("content", "template_id"), ("template_id", "content")):
        if given.get(name):
            kept[other] = "" if other == "content" else None
    kept |= _other_target(given)
    try:
        return ScheduleRequest.from_names(**kept | dict(given))
    except ValidationError as problem:
        raise validation.invalid(problem.errors(), ScheduleRequest) from None


def _other_target(given: Mapping[str, object]) -> dict[str, object]:
    """What of the kept target gives way to the one that is given."""
    if given.get("target"):
        return {"target_type": None, "target_ids": []}
    if given.get("target_type"):
        return {"target": None} | ({"target_ids": []} if given["target_type"] == "all" else {})
    return {}


def _columns(request: ScheduleRequest) -> dict[str, object]:
    said = request.model_dump(mode="json", by_alias=True, include=WORDS, exclude_none=True)
    if request.target:
        said["target"] = request.target.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {
        "name": request.name,
        "request": orjson.dumps(said).decode(),
        "skip": request.skip_if_later_minutes,
        "now": clock.now(),
    }


def _values(request: ScheduleRequest, moment: Moment) -> dict[str, object]:
    return _columns(request) | {
        "rule": moment.rule and moment.rule.text,
        "start": moment.start,
        "zone": moment.zone,
        "next": moment.first.at,
    }
