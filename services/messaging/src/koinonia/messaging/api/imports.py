"""``/api/members/import``."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response, UploadFile

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.schema import Schema
from koinonia.common.web import CurrentAdmin
from koinonia.messaging import names
from koinonia.messaging.api.attestation import ByImport
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.errors import FileTooLarge
from koinonia.messaging.people.imports import imports
from koinonia.messaging.people.imports.candidates import Outcome
from koinonia.messaging.people.imports.imports import Imported

router = APIRouter(prefix="/api/members", tags=["people"])
STAFF = [Depends(web.require(Role.STAFF))]
MOST_BYTES = 10 * 1024 * 1024


class ImportedRow(Schema):
    """``row`` counts as a spreadsheet does: the header is row 1."""

    row: int
    outcome: Outcome
    member_id: UUID | None = None
    reason: str | None = None


class BranchMade(Schema):
    id: UUID
    name: str


class GroupMade(BranchMade):
    branch_id: UUID


class ImportOut(Schema):
    """``created + updated + skipped + failed`` is the number of rows."""

    id: UUID
    created: int
    updated: int
    skipped: int
    failed: int
    rows: list[ImportedRow]
    created_branches: list[BranchMade]
    created_groups: list[GroupMade]


# The transaction begins when the file has been read, so that a large one holds no connection.
@router.post("/import", dependencies=STAFF, response_model=ImportOut)
async def import_members(
    running: RunningDep,
    admin: CurrentAdmin,
    attested: ByImport,
    file: UploadFile,
    branch_id: UUID | None = Form(None, alias="branchId"),
    consent: bool = Form(True),
) -> Response:
    if (file.size or 0) > MOST_BYTES:
        raise FileTooLarge
    async with running.database.transaction(admin.church_id) as session:
        own = await custom_fields.columns(session)
    gathered = await imports.read(await file.read(), admin.church_id, running.phones, own)
    async with running.database.transaction(admin.church_id) as session:
        done = await imports.write(
            session,
            admin.church_id,
            names.tidy(file.filename or "")[:200],
            gathered,
            branch_id,
            attested if consent else None,
        )
    body = await asyncio.to_thread(_answer, done)  # tens of thousands of rows, perhaps
    return Response(body, media_type="application/json")


def _answer(done: Imported) -> str:
    shown = ImportOut(
        id=done.id,
        **done.counts,
        rows=[ImportedRow.model_validate(line) for line in done.lines],
        created_branches=list(map(BranchMade.model_validate, done.placed.created_branches)),
        created_groups=list(map(GroupMade.model_validate, done.placed.created_groups)),
    )
    return shown.model_dump_json(by_alias=True)
