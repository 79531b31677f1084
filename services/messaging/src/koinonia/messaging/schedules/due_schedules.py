"""The loop that makes messages of schedules whose time has come.

Churches take turns, those that wait longest first: a turn is up to a hundred schedules of one
church in one transaction. It holds their due rows (nobody else takes them), makes the messages and
moves the schedules on; a message's id follows from schedule and instant. So several workers never
send an occurrence twice, and after a crash it is sent later. After a downtime only the latest of
the missed occurrences is sent.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, errors, leases
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts.accepting import acceptance
from koinonia.messaging.broadcasts.accepting.acceptance import NewMessage
from koinonia.messaging.messages import drafts
from koinonia.messaging.messages.church_facts import ChurchFacts
from koinonia.messaging.running import Running
from koinonia.messaging.schedules import coming_dates, queries, schedules
from koinonia.messaging.schedules.queries import Schedule
from koinonia.messaging.schedules.schemas import HeldCode, OccurrenceOutcome
from koinonia.messaging.timing.recurrence import Occurrence

log = structlog.get_logger()

TOGETHER = 2  # transactions of one worker at a time; the others of its pool are for texts
AT_ONCE = 100  # schedules in a turn
CHURCHES_AT_ONCE = 100
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


DUE = leases.DueTable(
    "due_schedules", Due, key=("schedule_id",), due="due_at", condition="church_id = :church"
)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What became of a schedule's occurrences, and when the next is; None: it is over."""

    schedule_id: UUID
    outcomes: Sequence[Outcome]
    following: datetime | None


async def make_messages(running: Running) -> None:
    """Make the messages of all schedules that are due, of any church."""
    while not running.stop.is_set() and await _round(running):
        pass


async def _round(running: Running) -> int:
    """A turn for each church that waits; returns how many schedules came to theirs."""
    async with running.database.transaction() as session:
        churches = iter(await waiting_churches(session))
    async with asyncio.TaskGroup() as tasks:
        turns = [tasks.create_task(_turns(running, churches)) for _ in range(TOGETHER)]
    return sum(each.result() for each in turns)


async def _turns(running: Running, churches: Iterator[UUID]) -> int:
    """What the others that take from ``churches`` leave."""
    taken = 0
    for church_id in churches:
        if running.stop.is_set():
            break
        taken += await _turn(running, church_id, AT_ONCE)
    return taken


async def waiting_churches(session: AsyncSession) -> list[UUID]:
    """Churches with schedules that are due, those that wait longest first."""
    return await db.values(
        session,
        UUID,
        """
        SELECT church_id FROM due_schedules WHERE due_at <= :now
         GROUP BY church_id ORDER BY min(due_at), church_id LIMIT :most
        """,
        {"now": clock.now(), "most": CHURCHES_AT_ONCE},
    )


async def _turn(running: Running, church_id: UUID, most: int) -> int:
    """Make the messages of what is due for longest; one by one where one of them is broken."""
    due: list[Due] = []
    try:
        async with running.database.transaction() as session:
            due = await claim(session, church_id, most)
            if due:
                await _make(session, church_id, due, running.phones)
    except Exception:
        if not due:
            raise
        if most > 1:
            return sum([await _turn(running, church_id, most=1) for _ in due])
        log.exception("schedule.broken", schedule_id=str(due[0].schedule_id))
        await _postpone(running.database, due[0].schedule_id)
    return len(due)


async def claim(session: AsyncSession, church_id: UUID, most: int) -> list[Due]:
    """Schedules that are due for longest, held until the transaction ends."""
    return await leases.lock(session, DUE, most=most, parameters={"church": church_id})


async def _make(session: AsyncSession, church_id: UUID, due: Sequence[Due], phones: Phones) -> None:
    await db.enter_church(session, church_id)
    making = _Making(session, ChurchFacts(session, church_id), phones, clock.now())
    concluded = [
        await making.conclusion(schedule)
        for schedule in await queries.locked(session, [each.schedule_id for each in due])
    ]
    await making.write()
    await acceptance.begin(session, church_id, making.made)
    await conclude(session, church_id, concluded)


@dataclass(slots=True)
class _Making:
    """The messages of one turn. The rows of all that are ``made`` are written together; the first
    ``written`` of them are."""

    session: AsyncSession
    facts: ChurchFacts
    phones: Phones
    now: datetime
    made: list[NewMessage] = field(default_factory=list)
    written: int = 0

    async def conclusion(self, schedule: Schedule) -> Conclusion:
        due: list[Occurrence] = []
        held: list[Outcome] = []
        following = None
        for each in coming_dates.occurrences(schedule):
            if each.at > self.now:
                following = each.at
                break
            if schedule.is_held(each.local.date()):
                code = HeldCode.PAUSED if schedule.paused_at else HeldCode.SKIPPED
                held.append(_skipped(each, code))
            else:
                due.append(each)
        outcomes = held + [_missed(each, HeldCode.SUPERSEDED) for each in due[:-1]]
        if due:
            outcomes.append(await self._outcome(schedule, due[-1]))
        return Conclusion(schedule.id, outcomes, following)

    async def write(self) -> None:
        """Write the rows of what is made."""
        if waiting := self.made[self.written :]:
            await acceptance.write(self.session, waiting[0].church_id, waiting)
            self.written += len(waiting)

    async def _outcome(self, schedule: Schedule, occurrence: Occurrence) -> Outcome:
        minutes = schedule.skip_if_later_minutes
        latest = occurrence.at + timedelta(minutes=minutes) if minutes else None
        if latest and self.now > latest:
            return _missed(occurrence, HeldCode.TOO_LATE)
        try:
            message = await self._message(schedule, occurrence, latest)
        except errors.Unavailable:
            raise
        except errors.AppError as problem:  # staff must mend it, so to try again helps nobody
            log.info("schedule.failed", schedule_id=str(schedule.id), code=problem.code)
            return Outcome(
                occurrence.at, OccurrenceOutcome.FAILED, code=problem.code, reason=problem.message
            )
        self.made.append(message)
        log.info("schedule.fired", schedule_id=str(schedule.id), message_id=str(message.id))
        return Outcome(occurrence.at, OccurrenceOutcome.SENT, message.id)

    async def _message(
        self, schedule: Schedule, occurrence: Occurrence, latest: datetime | None
    ) -> NewMessage:
        request = schedules.kept_request(schedule)
        church_id = schedule.church_id
        draft = await drafts.from_request(self.session, church_id, request, self.phones, self.facts)
        draft = replace(
            draft, schedule_id=schedule.id, occurrence_at=occurrence.at, latest_at=latest
        )
        message_id = uuid5(schedule.id, occurrence.at.isoformat())
        if await self.facts.budget(draft.priority) is not None:
            await self.write()  # it counts what people get of this turn, too
        return await acceptance.place(
            self.session, self.facts, church_id, message_id, draft, schedule.created_by
        )


def _skipped(occurrence: Occurrence, code: HeldCode) -> Outcome:
    return Outcome(occurrence.at, OccurrenceOutcome.SKIPPED, code=code, reason=SENTENCES[code])


def _missed(occurrence: Occurrence, code: HeldCode) -> Outcome:
    return Outcome(occurrence.at, OccurrenceOutcome.MISSED, code=code, reason=SENTENCES[code])


async def conclude(session: AsyncSession, church_id: UUID, concluded: Sequence[Conclusion]) -> None:
    """Record the outcomes; each schedule waits for its following instant, or is over."""
    noted = [(each.schedule_id, outcome) for each in concluded for outcome in each.outcomes]
    await db.run(
        session,
        _CONCLUDE,
        {
            "church": church_id,
            "now": clock.now(),
            "schedules": [each.schedule_id for each in concluded],
            "following": [each.following for each in concluded],
            "of": [schedule_id for schedule_id, _ in noted],
            "times": [outcome.at for _, outcome in noted],
            "outcomes": [outcome.outcome for _, outcome in noted],
            "messages": [outcome.message_id for _, outcome in noted],
            "codes": [outcome.code for _, outcome in noted],
            "reasons": [outcome.reason for _, outcome in noted],
        },
    )


_CONCLUDE = """
    WITH noted AS (
        INSERT INTO schedule_occurrences (schedule_id, church_id, occurs_at, outcome, message_id,
                                          code, reason, noted_at)
        SELECT schedule_id, :church, at, outcome, message_id, code, reason, :now
          FROM unnest(CAST(:of AS uuid[]), CAST(:times AS timestamptz[]),
                      CAST(:outcomes AS text[]), CAST(:messages AS uuid[]),
                      CAST(:codes AS text[]), CAST(:reasons AS text[]))
               AS noted (schedule_id, at, outcome, message_id, code, reason)
    ), moved AS MATERIALIZED (
        SELECT schedule_id, following
          FROM unnest(CAST(:schedules AS uuid[]), CAST(:following AS timestamptz[]))
               AS moved (schedule_id, following)
    ), postponed AS (
        UPDATE due_schedules d SET due_at = moved.following FROM moved
         WHERE d.schedule_id = moved.schedule_id AND moved.following IS NOT NULL
    ), over AS (
        DELETE FROM due_schedules d USING moved
         WHERE d.schedule_id = moved.schedule_id AND moved.following IS NULL
    )
    UPDATE schedules s SET next_at = moved.following,
           status = CASE WHEN moved.following IS NULL AND s.status = 'active'
                         THEN 'finished' ELSE s.status END
      FROM moved WHERE s.id = moved.schedule_id
"""


async def _postpone(database: db.Database, schedule_id: UUID) -> None:
    async with database.transaction() as session:
        await db.run(
            session,
            "UPDATE due_schedules SET due_at = :at WHERE schedule_id = :id",
            {"id": schedule_id, "at": clock.now() + AGAIN},
        )
