"""``/api/imports``: files of people, which a worker checks, writes and undoes."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from koinonia.common import db, web
from koinonia.common.identity import Role
from koinonia.common.web import (
    ActionDep,
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    LeasedIdempotencyKey,
    OneFile,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
)
from koinonia.common.web.answer_headers import declared
from koinonia.messaging import names
from koinonia.messaging.api.attestation import AddressDep
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.importing import (
    file_reading,
    jobs,
    limits,
    mappings,
    result_files,
    shown_jobs,
)
from koinonia.messaging.importing.errors import (
    BadImportMapping,
    BadTextEncoding,
    BadWorkbook,
    CellTooLong,
    ColumnUndecided,
    ContactCards,
    HeadNotKept,
    ImportTooLarge,
    ImportTooLong,
    NoRows,
    NotAList,
    NotMapped,
    NotNow,
    OldWorkbook,
    TooManyColumns,
    TooManyImports,
    WorkbookTooLarge,
)
from koinonia.messaging.importing.jobs import Job
from koinonia.messaging.importing.mappings import MappingIn
from koinonia.messaging.importing.schemas import HeadIn, ImportJobOut, ImportSummary, StartIn
from koinonia.messaging.people.consent import sealed_words

router = APIRouter(prefix="/api/imports", tags=["people"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]
CSV: dict[int | str, dict[str, Any]] = {  # Any: as FastAPI has it
    200: {
        "description": "The rows, one to a line",
        "content": {"text/csv": {}},
        "headers": declared("Content-Disposition"),
    }
}


# No transaction waits for a file.
@router.post("", status_code=201, dependencies=STAFF)
@web.raises(
    *(BadTextEncoding, BadWorkbook, CellTooLong, ImportTooLarge, ImportTooLong, NoRows),
    *(ContactCards, NotAList, OldWorkbook, TooManyColumns, TooManyImports, WorkbookTooLarge),
)
async def create_import(
    running: RunningDep,
    admin: CurrentAdmin,
    file: OneFile,
    action: ActionDep,
    idempotency_key: LeasedIdempotencyKey,
) -> ImportJobOut:
    """Send a CSV or .xlsx file of up to 25 MB and 200,000 rows, whose first row names the columns
    or is a person already. Nothing is imported yet: the answer shows what is in the file, and what
    we think each column is. Go on with the mapping."""
    if (file.size or 0) > limits.MOST_BYTES:
        raise ImportTooLarge
    job_id = idempotency_key.resource_id if idempotency_key else db.uuid7()
    async with running.database.transaction(admin.church_id) as session:
        own = await custom_fields.columns(session)
    filename = names.tidy(file.filename or "")[:200]
    found = await file_reading.read(
        file.file, admin.church_id, job_id, running.phones, own, filename
    )
    async with running.database.transaction(admin.church_id, bulk=True) as session:
        await jobs.create(session, admin.church_id, job_id, admin.admin_id, filename, found)
        action.thing_id = job_id
        await action.record(session)
        return await _shown(session, running, job_id)


@router.get("", dependencies=STAFF, response_model=Page[ImportSummary])
async def list_imports(read: ReadDep, params: PageQuery) -> Response:
    """The newest first. An import is kept for 30 days after it ended."""
    page = await jobs.page(read, params)
    return web.json_page(page, shown_jobs.summary)


@router.get("/{import_id}", dependencies=STAFF)
async def read_import(read: ReadDep, running: RunningDep, import_id: UUID) -> ImportJobOut:
    return await _shown(read, running, import_id)


@router.put("/{import_id}/head", dependencies=STAFF)
@web.raises(HeadNotKept, NotNow)
async def say_head(
    session: SessionDep, running: RunningDep, import_id: UUID, body: HeadIn
) -> ImportJobOut:
    """Say whether the first row names the columns. We guess it when the file is read; where that is
    wrong, the columns are guessed anew, and what was said of them before is void."""
    job = await jobs.get(session, import_id, locked=True)
    await shown_jobs.read_anew(session, running.phones, job, has_head=body.has_head)
    return await _shown(session, running, import_id)


@router.put("/{import_id}/mapping", dependencies=STAFF)
@web.raises(BadImportMapping, ColumnUndecided, NotNow)
async def map_import(
    session: SessionDep, running: RunningDep, import_id: UUID, body: MappingIn
) -> ImportJobOut:
    """Say what each column is, and how these people agreed to be texted."""
    job = await jobs.get(session, import_id, locked=True)
    await shown_jobs.check(session, job, body)
    said = mappings.words(body.consent) if body.consent.agreed else None
    statement = sealed_words.sealed(running.phones, said) if said else None
    await jobs.map_columns(session, job, body, statement)
    return await _shown(session, running, import_id)


@router.post("/{import_id}/start", status_code=202, dependencies=STAFF)
@web.raises(NotMapped, NotNow)
async def start_import(
    session: SessionDep,
    running: RunningDep,
    admin: CurrentAdmin,
    address: AddressDep,
    import_id: UUID,
    body: StartIn,
    idempotency_key: IdempotencyKey,
) -> ImportJobOut:
    """Let a worker write the rows, or with ``dryRun`` see what it would write. Each row is written
    once, whatever happens to the worker. Progress comes as ``import.progressed``."""
    job = await jobs.get(session, import_id, locked=True)
    await jobs.start(session, job, admin.admin_id, address, is_dry_run=body.dry_run)
    return await _shown(session, running, import_id)


@router.post("/{import_id}/cancel", dependencies=STAFF)
@web.raises(NotNow)
async def cancel_import(session: SessionDep, running: RunningDep, import_id: UUID) -> ImportJobOut:
    """Stop it where it is. What was written stays, and can be undone."""
    job = await jobs.get(session, import_id, locked=True)
    await jobs.cancel(session, job)
    return await _shown(session, running, import_id)


@router.post("/{import_id}/undo", status_code=202, dependencies=STAFF)
@web.raises(NotNow)
async def undo_import(
    session: SessionDep,
    running: RunningDep,
    admin: CurrentAdmin,
    address: AddressDep,
    import_id: UUID,
    idempotency_key: IdempotencyKey,
) -> ImportJobOut:
    """Let a worker put back what it wrote: new people are removed, changed ones are as before where
    nobody changed them since, groups that it made and that are empty go, and the consent that it
    recorded is annulled in the ledger. Opt-outs that the file said stay."""
    job = await jobs.get(session, import_id, locked=True)
    await jobs.undo(session, job, admin.admin_id, address)
    return await _shown(session, running, import_id)


@router.delete("/{import_id}", status_code=204, dependencies=STAFF)
@web.raises(NotNow)
async def remove_import(session: SessionDep, import_id: UUID) -> Response:
    """Forget the file and its results now. What it wrote stays, and cannot be undone any more."""
    await jobs.remove(session, await jobs.get(session, import_id, locked=True))
    return Response(status_code=204)


@router.get(
    "/{import_id}/refused", dependencies=STAFF, response_class=StreamingResponse, responses=CSV
)
async def read_refused_rows(
    running: RunningDep, action: ActionDep, import_id: UUID
) -> StreamingResponse:
    """The rows that were refused, or would be after a check, as they are in the file, with their
    number and the reason. Correct them and import that file."""
    job = await _exported(running, action, import_id)
    return _file(result_files.refused(running, job), "refused")


@router.get(
    "/{import_id}/kept", dependencies=STAFF, response_class=StreamingResponse, responses=CSV
)
async def read_kept_rows(
    running: RunningDep, action: ActionDep, import_id: UUID
) -> StreamingResponse:
    """The rows of which something could not be undone, and why."""
    job = await _exported(running, action, import_id)
    return _file(result_files.kept(running, job), "kept")


async def _exported(running: RunningDep, action: ActionDep, import_id: UUID) -> Job:
    async with running.database.transaction(action.admin.church_id) as session:
        job = await jobs.get(session, import_id)
        await action.record(session)
        return job


async def _shown(session: db.Session, running: RunningDep, import_id: UUID) -> ImportJobOut:
    return await shown_jobs.shown(session, running.phones, await jobs.get(session, import_id))


def _file(pieces: AsyncIterator[str], name: str) -> StreamingResponse:
    return StreamingResponse(
        pieces,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
