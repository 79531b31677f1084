"""``/api/members/import``."""

from collections.abc import Iterator
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import StreamingResponse
from pydantic import Field, TypeAdapter

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.schema import Schema
from koinonia.common.web import ActionDep, CurrentAdmin, OneFile
from koinonia.messaging import names
from koinonia.messaging.api.attestation import ByImport
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.errors import FileTooLarge, TooManyRows
from koinonia.messaging.people.imports import csv_columns, imports
from koinonia.messaging.people.imports.candidates import Line, RowOutcome
from koinonia.messaging.people.imports.csv_columns import Wishes
from koinonia.messaging.people.imports.imports import Imported

router = APIRouter(prefix="/api/members", tags=["people"])
STAFF = [Depends(web.require(Role.STAFF))]
KNOWN_SENTENCE = (
    "Somebody of this name is known with another number, and both are texted now. If this is the "
    "same person, give that member the new number and remove this one."
)
ROWS_AT_ONCE = 500
MOST_BYTES = 10 * 1024 * 1024


class ImportHint(Schema):
    """Something to look at: ``memberId`` is who may be the same person with an older number. If so,
    change that member's phone and remove the one of this row."""

    code: Literal["KNOWN_UNDER_ANOTHER_NUMBER"] = "KNOWN_UNDER_ANOTHER_NUMBER"
    message: str
    member_id: UUID


class ImportedRow(Schema):
    """``row`` counts as a spreadsheet does: the header is row 1."""

    row: int
    outcome: RowOutcome
    member_id: UUID | None = None
    reason: str | None = Field(default=None, description="Why it was not read, in a sentence.")
    hint: ImportHint | None = None
    opt_out_not_recorded: bool = False


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
    ignored_columns: list[str] = Field(
        description="Heads of the columns of which nothing was read", examples=[["Birthday"]]
    )
    opted_out: int = Field(
        description="Phones that the file says want no texts; it is in the ledger with its words"
    )
    opt_outs_not_recorded: int = Field(
        description="Rows that say so without a phone that can be read (`optOutNotRecorded`). The "
        "ledger has nothing of them: somebody has to record them by POST /api/consents"
    )


_ROWS = TypeAdapter(list[ImportedRow])


# The transaction begins when the file has been read, so that a large one holds no connection.
@router.post("/import", dependencies=STAFF, response_model=ImportOut)
@web.raises(TooManyRows)
async def import_members(
    running: RunningDep,
    admin: CurrentAdmin,
    attested: ByImport,
    action: ActionDep,
    file: OneFile,
    branch_id: UUID | None = Form(None, alias="branchId"),
    consent: bool = Form(True),
    mapping: str | None = Form(
        None,
        max_length=20_000,
        description="What columns are, where their heads do not say it: a JSON object from head to "
        f"one of {', '.join(csv_columns.TARGETS)}, the key of a field of yours, or "
        f"{csv_columns.LEFT_OUT}. In optIn an empty cell is no yes; all but a no in optOut goes "
        "into the ledger as a revocation.",
        examples=['{"Cell #": "phone", "Do Not Text": "optOut"}'],
    ),
    ignore_columns: list[str] = Form(
        [],
        alias="ignoreColumns",
        max_length=200,
        description="Heads of columns that say nothing of consent to be texted, though they look "
        "so. A file with such a column is refused (CONSENT_COLUMN) unless it is here or mapped.",
    ),
) -> Response:
    wishes = Wishes.parsed(mapping, ignore_columns)
    if (file.size or 0) > MOST_BYTES:
        raise FileTooLarge
    async with running.database.transaction(admin.church_id) as session:
        own = await custom_fields.columns(session)
    gathered = await imports.read(
        await file.read(), admin.church_id, running.phones, own, wishes, grants=consent
    )
    async with running.database.transaction(admin.church_id) as session:
        done = await imports.write(
            session,
            admin.church_id,
            names.tidy(file.filename or "")[:200],
            gathered,
            branch_id,
            attested,
            grants=consent,
        )
        action.thing_id = done.id
        action.details |= {**done.counts, "consent": consent}
        await action.record(session)
    return StreamingResponse(_pieces(done), media_type="application/json")


def _pieces(done: Imported) -> Iterator[str]:
    """The JSON of ``ImportOut``. Its rows may be tens of thousands, so they come in portions."""
    shown = ImportOut(
        id=done.id,
        **done.counts,
        rows=[],
        created_branches=list(map(BranchMade.model_validate, done.placed.created_branches)),
        created_groups=list(map(GroupMade.model_validate, done.placed.created_groups)),
        ignored_columns=done.ignored_columns,
        opted_out=done.opted_out,
        opt_outs_not_recorded=done.opt_outs_lost,
    )
    yield shown.model_dump_json(by_alias=True, exclude={"rows"})[:-1] + ',"rows":['
    for start in range(0, len(done.lines), ROWS_AT_ONCE):
        rows = _ROWS.dump_json(
            list(map(_row, done.lines[start : start + ROWS_AT_ONCE])), by_alias=True
        )
        yield ("," if start else "") + rows.decode()[1:-1]
    yield "]}"


def _row(line: Line) -> ImportedRow:
    hint = None
    if line.hint:
        hint = ImportHint(message=KNOWN_SENTENCE, member_id=line.hint)
    return ImportedRow(
        row=line.row,
        outcome=line.outcome,
        member_id=line.member_id,
        reason=line.reason and line.reason.sentence,
        hint=hint,
        opt_out_not_recorded=line.opt_out_is_lost,
    )
