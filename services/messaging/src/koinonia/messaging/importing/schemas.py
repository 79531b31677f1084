"""Imports as clients see them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from koinonia.common.events.messaging import ImportStatus
from koinonia.common.schema import Input, Schema
from koinonia.messaging.importing.column_guesses import ColumnContent
from koinonia.messaging.importing.file_reading import ImportFormat
from koinonia.messaging.importing.mappings import ImportTarget
from koinonia.messaging.people.imports.candidates import RowOutcome
from koinonia.messaging.people.imports.day_cells import DayOrder
from koinonia.messaging.people.imports.row_reasons import RowCode

ErrorCode = Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]*$")]


class StartIn(Input):
    """``dryRun``: check every row and change nothing."""

    dry_run: bool = False


class HeadIn(Input):
    """Whether the first row of the file names its columns; else it is a person like the others."""

    has_head: bool


class ColumnOut(Schema):
    """A column of the file, counted from 1. ``to`` and ``field`` are our guess, null where staff
    have to say; ``filled`` is how many rows have something in it. ``speaksOfConsent``: where
    people are said to have agreed, the mapping must say what it is. ``system`` is whose ids they
    are, where the head or the name of the file tells. ``dayOrder`` is how its days are written, as
    they tell by themselves; ``asksDayOrder``: they could be read either way, and staff say."""

    column: int
    head: str
    looks_like: ColumnContent
    filled: int
    speaks_of_consent: bool
    to: ImportTarget | None
    field: str | None = None
    system: str | None = None
    day_order: DayOrder | None = None
    asks_day_order: bool = False


class ImportCounts(Schema):
    """``created + updated + skipped + failed`` are the rows so far; ``granted`` are phones whose
    consent went into the ledger, ``optedOut`` those that the file says want no texts;
    ``households`` are phones that several people of the file share, counted at the end."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    failed: int = 0
    granted: int = 0
    opted_out: int = 0
    households: int = 0


class SampleRow(Schema):
    """``row`` counts as a spreadsheet does; ``name`` and ``phone`` are as they are in the file.
    ``code`` says the reason to programs, with the ``values`` that a sentence needs."""

    row: int
    name: str
    phone: str
    outcome: RowOutcome
    member_id: UUID | None = None
    reason: str | None = Field(None, description="a sentence for people")
    code: RowCode | None = None
    values: dict[str, str] = Field(default_factory=dict)


class UndoCounts(Schema):
    """``kept`` are rows of which something stayed, because somebody changed it since: GET
    /api/imports/{importId}/kept lists them with the reason. ``annulled`` are entries of the ledger
    by which people were said to have agreed."""

    removed: int = 0
    put_back: int = 0
    kept: int = 0
    annulled: int = 0
    groups_removed: int = 0
    groups_kept: int = 0
    branches_removed: int = 0
    fields_removed: int = 0


class ImportSummary(Schema):
    """An import in a list. ``rowsDone`` of its ``rows`` are checked or written; while it is undone
    they become fewer."""

    id: UUID
    filename: str
    format: ImportFormat
    status: ImportStatus
    code: ErrorCode | None = Field(description="why it failed, as an error has it")
    reason: str | None
    rows: int
    rows_done: int
    counts: ImportCounts
    undo: UndoCounts | None
    created_by: UUID
    created_at: datetime
    started_by: UUID | None
    started_at: datetime | None
    ended_at: datetime | None
    kept_until: datetime


class FirstRow(Schema):
    row: int
    cells: list[str]


class ColumnMappingOut(Schema):
    """What staff say a column is."""

    column: int
    to: ImportTarget
    field: str | None
    label: str | None
    day_order: DayOrder | None


class StatementOut(Schema):
    agreed: bool
    wording: str | None
    on: date | None
    source: str | None = Field(max_length=200)


class MappingOut(Schema):
    """The mapping as it was sent."""

    columns: list[ColumnMappingOut]
    consent: StatementOut
    branch_id: UUID | None
    group_ids: list[UUID]
    external_system: str | None


class ImportJobOut(ImportSummary):
    """``targets`` is what a column can be, ``fields`` the keys of yours. ``columnsLeftOut`` are the
    heads of which nothing is read by ``mapping``. After a check ``newGroups`` are those that would
    be made, afterwards those that were (ids). ``sample`` has some rows of each outcome."""

    columns: list[ColumnOut]
    has_head: bool = Field(description="the first row names the columns")
    head_row: FirstRow | None = Field(description="that row; null of files from before it was kept")
    first_rows: list[FirstRow]
    targets: list[ImportTarget]
    fields: list[str]
    mapping: MappingOut | None
    columns_left_out: list[str]
    new_groups: list[str]
    new_fields: list[str] = Field(description="keys of fields that the mapping makes")
    sample: list[SampleRow]
