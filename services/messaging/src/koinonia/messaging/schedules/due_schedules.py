"""The loop that makes messages of schedules whose time has come.

One transaction holds the due row (nobody else takes it), makes the message and moves the schedule
on; the message's id follows from schedule and instant. So several workers never send an occurrence
twice, and after a crash it is sent later. After a downtime only the latest of the missed
occurrences is sent.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, errors, leases
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts.accepting import acceptance
from koinonia.messaging.messages import drafts
from koinonia.messaging.running import Running
from koinonia.messaging.schedules import coming_dates, queries, schedules
from koinonia.messaging.schedules.queries import Schedule
from koinonia.messaging.schedules.schemas import HeldCode, OccurrenceOutcome
from koinonia.messaging.timing.recurrence import Occurrence

log = structlog.get_logger()

TOGETHER = 2  # transactions of one worker at a time; the others of its pool are for texts
AGAIN = timedelta(minutes=1)  # what broke is looked at again, and holds up nobody meanwhile

SENTENCES = {
    HeldCode.TOO_LATE: "Koinonia could not send it in time, and it was not to be sent later.",
    HeldCode.SUPERSEDED: "Koinonia could not send it in time; only the latest one was sent "
    "afterwards.",
    HeldCode.PAUSED: "The schedule was paused.",
    HeldCode.SKIPPED: "This date was skipped.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an occurrence: a message, or a reason."""

    at: datetime
    outcome: OccurrenceOutcome
    message_id: UUID | None = None
    code: str | None = None
    reason: str | None = None


class Due(NamedTuple):
    schedule_id: UUID
    church_id: UUID


DUE = leases.DueTable("due_schedules", Due, key=("schedule_id",), due="due_at")


async def make_messages(running: Running) -> None:
    """Make the messages of all schedules that are due, of any church."""
    async with asyncio.TaskGroup() as tasks:
        for _ in range(TOGETHER):
            tasks.create_task(_all(running))


async def _all(running: Running) -> None:
    while not running.stop.is_set() and await _next(running):
        pass


async def _next(running: Running) -> bool:
    """Make the message of what is due for longest; False when nothing is."""
    due = None
    try:
        async with running.database.transaction() as session:
            due = await claim(session)
            if due is not None:
                await _make(session, due.church_id, due.schedule_id, running.phones)
    except Exception:
        if due is None:
            raise
        log.exception("schedule.broken", schedule_id=str(due.schedule_id))
        await _postpone(running.database, due.schedule_id)
    return due is not None


async def claim(session: AsyncSession) -> Due | None:
    """The schedule that is due for longest, held until the transaction ends."""
    return next(iter(await leases.lock(session, DUE, most=1)), None)


async def _make(session: AsyncSession, church_id: UUID, schedule_id: UUID, phones: Phones) -> None:
    await db.enter_church(session, church_id)
    schedule = await queries.get(session, schedule_id, locked=True)
    now = clock.now()
    due: list[Occurrence] = []
    held: list[Outcome] = []
    following = None
    for each in coming_dates.occurrences(schedule):
        if each.at > now:
            following = each.at
            break
        if schedule.is_held(each.local.date()):
            held.append(_skipped(each, HeldCode.PAUSED if schedule.paused_at else HeldCode.SKIPPED))
        else:
            due.append(each)
    outcomes = held + [_missed(each, HeldCode.SUPERSEDED) for each in due[:-1]]
    if due:
        outcomes.append(await _outcome(session, schedule, due[-1], now, phones))
    await conclude(session, schedule, outcomes, following)


async def _outcome(
    session: AsyncSession,
    schedule: Schedule,
    occurrence: Occurrence,
    now: datetime,
    phones: Phones,
) -> Outcome:
    minutes = schedule.skip_if_later_minutes
    latest = occurrence.at + timedelta(minutes=minutes) if minutes else None
    if latest and now > latest:
        return _missed(occurrence, HeldCode.TOO_LATE)
    message_id = uuid5(schedule.id, occurrence.at.isoformat())
    try:
        async with session.begin_nested():
            request = schedules.kept_request(schedule)
            draft = await drafts.from_request(session, schedule.church_id, request, phones)
            draft = replace(
                draft, schedule_id=schedule.id, occurrence_at=occurrence.at, latest_at=latest
            )
            await acceptance.make(
                session, schedule.church_id, message_id, draft, schedule.created_by
            )
    except errors.Unavailable:
        raise
    except errors.AppError as problem:  # staff must mend it, so to try again helps nobody
        log.info("schedule.failed", schedule_id=str(schedule.id), code=problem.code)
        return Outcome(
            occurrence.at, OccurrenceOutcome.FAILED, code=problem.code, reason=problem.message
        )
    log.info("schedule.fired", schedule_id=str(schedule.id), message_id=str(message_id))
    return Outcome(occurrence.at, OccurrenceOutcome.SENT, message_id)


def _skipped(occurrence: Occurrence, code: HeldCode) -> Outcome:
    return Outcome(occurrence.at, OccurrenceOutcome.SKIPPED, code=code, reason=SENTENCES[code])


def _missed(occurrence: Occurrence, code: HeldCode) -> Outcome:
    return Outcome(occurrence.at, OccurrenceOutcome.MISSED, code=code, reason=SENTENCES[code])


async def conclude(
    session: AsyncSession,
    schedule: Schedule,
    outcomes: Sequence[Outcome],
    following: datetime | None,
) -> None:
    """Record the outcomes; the schedule waits for its ``following`` instant, or is over."""
    await db.run(
        session,
        _CONCLUDE,
        {
            "schedule": schedule.id,
            "church": schedule.church_id,
            "now": clock.now(),
            "next": following,
            "times": [each.at for each in outcomes],
            "outcomes": [each.outcome for each in outcomes],
            "messages": [each.message_id for each in outcomes],
            "codes": [each.code for each in outcomes],
            "reasons": [each.reason for each in outcomes],
        },
    )


_CONCLUDE = """
    WITH noted AS (
        INSERT INTO schedule_occurrences (schedule_id, church_id, occurs_at, outcome, message_id,
                                          code, reason, noted_at)
        SELECT :schedule, :church, at, outcome, message_id, code, reason, :now
          FROM unnest(CAST(:times AS timestamptz[]), CAST(:outcomes AS text[]),
                      CAST(:messages AS uuid[]), CAST(:codes AS text[]), CAST(:reasons AS text[]))
               AS noted (at, outcome, message_id, code, reason)
    ), postponed AS (
        UPDATE due_schedules SET due_at = :next
         WHERE schedule_id = :schedule AND CAST(:next AS timestamptz) IS NOT NULL
    ), over AS (
        DELETE FROM due_schedules
         WHERE schedule_id = :schedule AND CAST(:next AS timestamptz) IS NULL
    )
    UPDATE schedules SET next_at = :next,
           status = CASE WHEN CAST(:next AS timestamptz) IS NULL AND status = 'active'
                         THEN 'finished' ELSE status END
     WHERE id = :schedule
"""


async def _postpone(database: db.Database, schedule_id: UUID) -> None:
    async with database.transaction() as session:
        await db.run(
            session,
            "UPDATE due_schedules SET due_at = :at WHERE schedule_id = :id",
            {"id": schedule_id, "at": clock.now() + AGAIN},
        )
