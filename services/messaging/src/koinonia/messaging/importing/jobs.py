"""The imports of a church: what was sent, what staff say of it, how far it is."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import ImportProgressed, ImportStatus
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.importing import limits, stored_parts
from koinonia.messaging.importing.errors import (
    NoSuchImport,
    NotMapped,
    NotNow,
    TooManyImports,
)
from koinonia.messaging.importing.file_reading import Read
from koinonia.messaging.importing.mappings import MappingIn
from koinonia.messaging.importing.stored_parts import Line

TOLD_EVERY = timedelta(seconds=1)
Status = ImportStatus


MAPPABLE = (Status.UPLOADED, Status.CHECKED)
UNDOABLE = (Status.DONE, Status.CANCELLED, Status.FAILED)


class Job(NamedTuple):
    """An import."""

    id: UUID
    church_id: UUID
    filename: str
    format: str
    status: str
    code: str | None
    reason: str | None
    rows: int
    first_row: int | None
    has_head: bool
    parts: int
    position: int
    columns: list[dict[str, object]]
    mapping: dict[str, object] | None
    statement: str | None
    address: str | None
    made: dict[str, list[str]]
    counts: dict[str, int]
    sample: list[dict[str, object]]
    sample_people: bytes | None
    undo: dict[str, int] | None
    attempts: int
    created_by: UUID
    created_at: datetime
    started_by: UUID | None
    started_at: datetime | None
    ended_at: datetime | None
    told_at: datetime | None
    kept_until: datetime

    def rows_of_people(self, lines: list[Line]) -> list[Line]:
        """Those of a part, without the row that names the columns."""
        names_columns = self.has_head and bool(lines) and lines[0][0] == self.first_row
        return lines[1:] if names_columns else lines


_SHOWN = f"SELECT {', '.join(Job._fields)} FROM import_jobs j"
NEWEST_FIRST = db.Order({"id": UUID}, descending=True, prefix="j.")


async def page(session: db.Session, params: PageParams) -> Page[Job]:
    """The newest first."""
    return await db.page(
        session,
        Job,
        f"{_SHOWN} WHERE true",
        {},
        params,
        NEWEST_FIRST,
        counted="SELECT count(*) FROM import_jobs",
    )


async def get(session: db.Session, job_id: UUID, *, locked: bool = False) -> Job:
    """Raises ``NoSuchImport``. The due row is locked before the job, as the worker does."""
    lock = "FOR UPDATE" if locked else ""
    if locked:
        await db.exists(
            session, "SELECT 1 FROM due_imports WHERE job_id = :id FOR UPDATE", {"id": job_id}
        )
    return await db.one(
        session, Job, f"{_SHOWN} WHERE j.id = :id {lock}", {"id": job_id}, missing=NoSuchImport
    )


async def create(
    session: AsyncSession, church_id: UUID, job_id: UUID, admin_id: UUID, filename: str, found: Read
) -> None:
    """Keep a file. Raises ``TooManyImports``."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"import jobs {church_id}"},
    )
    if await db.count(session, "SELECT count(*) FROM import_jobs", {}) >= limits.MOST_JOBS:
        raise TooManyImports
    until = clock.now() + limits.KEPT
    await db.run(
        session,
        """
        INSERT INTO import_jobs (church_id, id, filename, format, status, rows, first_row, has_head,
                                 parts, columns, created_by, created_at, kept_until)
        VALUES (:church, :id, :filename, :format, 'uploaded', :rows, :first_row, :has_head,
                :parts, CAST(:columns AS jsonb), :by, :now, :until)
        """,
        {
            "church": church_id,
            "id": job_id,
            "filename": filename,
            "format": found.format,
            "rows": found.rows,
            "first_row": found.first_row,
            "has_head": found.has_head,
            "parts": len(found.parts),
            "columns": _json(found.columns),
            "by": admin_id,
            "now": clock.now(),
            "until": until,
        },
    )
    await stored_parts.add(session, church_id, job_id, found.parts)
    await db.run(
        session,
        "INSERT INTO due_imports (job_id, church_id, due_at) VALUES (:job, :church, :until)",
        {"job": job_id, "church": church_id, "until": until},
    )


async def map_columns(
    session: AsyncSession, job: Job, mapping: MappingIn, statement: str | None
) -> None:
    """``statement``, sealed, is how people agreed; without it they did not."""
    _check_status(job, MAPPABLE, "mapped")
    await db.run(
        session,
        """
        UPDATE import_jobs
           SET mapping = CAST(:mapping AS jsonb), statement = :statement, status = 'uploaded',
               counts = '{}', sample = '[]', sample_people = NULL
         WHERE id = :id
        """,
        {
            "id": job.id,
            "mapping": mapping.model_dump_json(by_alias=True, exclude_unset=True),
            "statement": statement,
        },
    )


async def read_anew(
    session: AsyncSession, job: Job, columns: list[dict[str, object]], *, has_head: bool
) -> None:
    """The first row names the columns, or is a person; whatever was said of them is void."""
    _check_status(job, MAPPABLE, "read in another way")
    await db.run(
        session,
        """
        UPDATE import_jobs
           SET columns = CAST(:columns AS jsonb), has_head = :has_head, rows = :rows,
               mapping = NULL, statement = NULL, status = 'uploaded', counts = '{}', sample = '[]',
               sample_people = NULL
         WHERE id = :id
        """,
        {
            "id": job.id,
            "columns": _json(columns),
            "has_head": has_head,
            "rows": job.rows + int(job.has_head) - int(has_head),
        },
    )


async def start(
    session: AsyncSession, job: Job, admin_id: UUID, address: str | None, *, is_dry_run: bool
) -> None:
    """Let the worker check or write the rows, from the first one on. What the mapping makes is made
    now, but for a dry run."""
    _check_status(job, MAPPABLE, "checked" if is_dry_run else "started")
    if job.mapping is None:
        raise NotMapped
    await stored_parts.forget_results(session, job.id)
    mapping = MappingIn.model_validate(job.mapping)
    fields = [] if is_dry_run else await _new_fields(session, job.church_id, mapping)
    await db.run(
        session,
        """
        UPDATE import_jobs
           SET status = :status, position = 0, counts = '{}', sample = '[]', sample_people = NULL,
               attempts = 0,
               made = CAST(:made AS jsonb),
               started_by = :by, started_at = :now, address = :address, code = NULL, reason = NULL
         WHERE id = :id
        """,
        {
            "id": job.id,
            "status": Status.CHECKING if is_dry_run else Status.RUNNING,
            "by": admin_id,
            "now": clock.now(),
            "address": address,
            "made": _json({"fields": fields}),
        },
    )
    await due(session, job.id, clock.now())


async def _new_fields(session: AsyncSession, church_id: UUID, mapping: MappingIn) -> list[str]:
    """Make the fields that the mapping asks for and that do not exist; returns their ids."""
    known = set((await custom_fields.columns(session)).values())
    made = [
        await custom_fields.create(session, church_id, key, label)
        for key, label in mapping.new_fields.items()
        if key not in known
    ]
    return [str(each.id) for each in made]


async def cancel(session: AsyncSession, job: Job) -> None:
    """A check ends as if never begun. What was written stays written."""
    _check_status(job, (Status.CHECKING, Status.RUNNING), "cancelled")
    if job.status == Status.CHECKING:
        await end(session, job, Status.UPLOADED)
    else:
        await end(session, job, Status.CANCELLED)


async def undo(session: AsyncSession, job: Job, admin_id: UUID, address: str | None) -> None:
    """Let the worker put back what was written, the last row first."""
    _check_status(job, UNDOABLE, "undone")
    await db.run(
        session,
        """
        UPDATE import_jobs
           SET status = 'undoing', undo = '{}', attempts = 0, started_by = :by, address = :address,
               code = NULL, reason = NULL, ended_at = NULL
         WHERE id = :id
        """,
        {"id": job.id, "by": admin_id, "address": address},
    )
    await due(session, job.id, clock.now())


async def remove(session: AsyncSession, job: Job) -> None:
    """Forget the file and its results; what was written stays, and cannot be undone any more."""
    if Status(job.status).is_under_way:
        raise NotNow.in_status(job.status, "removed")
    await db.run(session, "DELETE FROM import_jobs WHERE id = :id", {"id": job.id})
    await db.run(session, "DELETE FROM due_imports WHERE job_id = :id", {"id": job.id})


async def due(session: AsyncSession, job_id: UUID, at: datetime) -> None:
    """The worker has something to do for it from then on."""
    await db.run(
        session,
        "UPDATE due_imports SET due_at = :at WHERE job_id = :id",
        {"id": job_id, "at": at},
    )


async def advance(session: AsyncSession, job: Job, position: int) -> None:
    """A part is done: note how far the job is, and let others have their turn before it."""
    now = clock.now()
    is_told = job.told_at is None or now - job.told_at >= TOLD_EVERY
    await db.run(
        session,
        """
        UPDATE import_jobs
           SET position = :position, counts = CAST(:counts AS jsonb), made = CAST(:made AS jsonb),
               sample = CAST(:sample AS jsonb), sample_people = :sample_people,
               undo = CAST(:undo AS jsonb), attempts = 0,
               told_at = CASE WHEN :is_told THEN :now ELSE told_at END
         WHERE id = :id
        """,
        {
            "id": job.id,
            "position": position,
            "counts": _json(job.counts),
            "made": _json(job.made),
            "sample": _json(job.sample),
            "sample_people": job.sample_people,
            "undo": None if job.undo is None else _json(job.undo),
            "is_told": is_told,
            "now": now,
        },
    )
    await due(session, job.id, now)
    if is_told:
        await publish(session, job._replace(position=position))


async def end(
    session: AsyncSession, job: Job, status: Status, code: str | None = None, why: str | None = None
) -> None:
    """It is kept for a while from now on."""
    now = clock.now()
    await db.run(
        session,
        """
        UPDATE import_jobs
           SET status = :status, code = :code, reason = :reason, kept_until = :until,
               ended_at = CASE WHEN :is_over THEN CAST(:now AS timestamptz) END
         WHERE id = :id
        """,
        {
            "id": job.id,
            "status": status,
            "code": code,
            "reason": why,
            "now": now,
            "until": now + limits.KEPT,
            "is_over": status not in MAPPABLE,
        },
    )
    await due(session, job.id, now + limits.KEPT)
    await publish(session, job._replace(status=status))


async def publish(session: AsyncSession, job: Job) -> None:
    done = job.rows if job.position >= job.parts else job.position * limits.ROWS_OF_A_PART
    event = ImportProgressed(
        church_id=job.church_id,
        import_id=job.id,
        status=Status(job.status),
        rows=job.rows,
        rows_done=done,
        counts=job.counts,
        admin_id=job.started_by or job.created_by,
    )
    await outbox.add(session, event)


def _check_status(job: Job, allowed: tuple[Status, ...], wish: str) -> None:
    if job.status not in allowed:
        raise NotNow.in_status(job.status, wish)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
