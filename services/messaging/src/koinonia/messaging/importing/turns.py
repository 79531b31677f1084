"""The loop that works on imports: a part at a time, of the church that has waited longest.

One transaction holds the row of the due job, writes the part, and moves the job on. So no row is
written twice, whenever a worker dies; and jobs of several churches take turns.
"""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, errors, leases
from koinonia.messaging.importing import jobs, part_runs, undoing
from koinonia.messaging.importing.jobs import Job, Status
from koinonia.messaging.running import Running

log = structlog.get_logger()

AGAIN = timedelta(seconds=30)  # what broke is tried again, and holds up nobody meanwhile
MOST_ATTEMPTS = 5
BROKEN = "IMPORT_BROKEN"
BROKEN_SENTENCE = (
    "Something went wrong on our side at this row, several times. What was written before stays; "
    "undo it, or tell support."
)


class Due(NamedTuple):
    job_id: UUID
    church_id: UUID


DUE = leases.DueTable("due_imports", Due, key=("job_id",), due="due_at")


async def work(running: Running) -> None:
    """A loop's action: all parts of all jobs that are due, and the end of what was kept."""
    while not running.stop.is_set() and await take(running):
        pass


async def take(running: Running) -> bool:
    """Work on the job that has waited longest; False when none is due."""
    due = None
    try:
        async with running.database.transaction(bulk=True) as session:
            due = next(iter(await leases.lock(session, DUE, most=1)), None)
            if due is not None:
                await db.enter_church(session, due.church_id)
                await _turn(session, running, due.job_id)
    except Exception as problem:
        if due is None:
            raise
        await _broken(running, due, problem)
    return due is not None


async def _turn(session: AsyncSession, running: Running, job_id: UUID) -> None:
    job = await jobs.get(session, job_id, locked=True)
    match Status(job.status):
        case Status.CHECKING | Status.RUNNING:
            await _next_part(session, running, job)
        case Status.UNDOING:
            await undoing.turn(session, running.phones, job)
        case _ if job.kept_until <= clock.now():
            await jobs.remove(session, job)
        case _:
            await jobs.due(session, job_id, job.kept_until)


async def _next_part(session: AsyncSession, running: Running, job: Job) -> None:
    is_kept = job.status == Status.RUNNING
    job = await part_runs.run(session, running.phones, job, is_kept=is_kept)
    is_last = job.position + 1 >= job.parts
    if is_last:
        shared = await part_runs.households(session, job.id)
        job = job._replace(counts={**job.counts, "households": shared})
    await jobs.advance(session, job, job.position + 1)
    if is_last:
        status = Status.DONE if is_kept else Status.CHECKED
        await jobs.end(session, job._replace(position=job.parts), status)
        log.info("import.ended", import_id=str(job.id), status=status, **job.counts)


async def _broken(running: Running, due: Due, problem: Exception) -> None:
    """What staff can mend ends the job; everything else is tried again."""
    is_theirs = isinstance(problem, errors.AppError) and not isinstance(problem, errors.Unavailable)
    if not is_theirs:
        log.exception("import.broken", import_id=str(due.job_id))
    async with running.database.transaction(due.church_id) as session:
        job = await jobs.get(session, due.job_id, locked=True)
        await db.run(
            session,
            "UPDATE import_jobs SET attempts = attempts + 1 WHERE id = :id",
            {"id": job.id},
        )
        failed = Status.UPLOADED if job.status == Status.CHECKING else Status.FAILED
        if isinstance(problem, errors.AppError) and is_theirs:
            await jobs.end(session, job, failed, problem.code, problem.message)
        elif job.attempts + 1 >= MOST_ATTEMPTS and Status(job.status).is_under_way:
            await jobs.end(session, job, failed, BROKEN, BROKEN_SENTENCE)
        else:
            await jobs.due(session, job.id, clock.now() + AGAIN)
