"""What staff say of a file: what each column is, where people go, and how they agreed."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from koinonia.common.schema import Input
from koinonia.common.schema.rules import lacking, refused, where
from koinonia.messaging.importing import limits
from koinonia.messaging.importing.errors import BadImportMapping, ColumnUndecided, MappingFault
from koinonia.messaging.names import Name
from koinonia.messaging.people.external_ids import System
from koinonia.messaging.people.imports import csv_columns
from koinonia.messaging.people.imports.csv_columns import Layout
from koinonia.messaging.people.imports.day_cells import DayOrder


class ImportTarget(StrEnum):
    """What a column can be."""

    FIRST_NAME = csv_columns.FIRST_NAME
    LAST_NAME = csv_columns.LAST_NAME
    FULL_NAME = csv_columns.FULL_NAME
    PHONE = csv_columns.PHONE
    EMAIL = csv_columns.EMAIL
    BIRTHDAY = "birthday"
    GROUPS = csv_columns.GROUPS
    BRANCH = csv_columns.BRANCH
    TIMEZONE = csv_columns.TIMEZONE
    OPT_IN = csv_columns.OPT_IN
    OPT_OUT = csv_columns.OPT_OUT
    EXTERNAL_ID = csv_columns.EXTERNAL_ID
    FIELD = "field"
    NEW_FIELD = "newField"
    LEFT_OUT = "leftOut"


SEVERAL = (  # columns may be: the first that can be read counts, or all of them
    *(csv_columns.PHONE, csv_columns.EMAIL, csv_columns.GROUPS),
    *(csv_columns.OPT_IN, csv_columns.OPT_OUT),
)
BIRTHDAY = ("birthday", "Birthday")  # the key and the label of the field that is made for it
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9]{0,39}$")]


class ColumnIn(Input):
    """``column`` is counted from 1. ``field`` is the key of a field of yours (``field``), or that
    of one to be made (``newField``), which also has a ``label``. ``birthday`` is your field
    ``birthday``, made where it is missing. In ``optIn`` an empty cell is no yes; all but a no in
    ``optOut`` goes into the ledger as a revocation. ``dayOrder`` is how a column of days writes
    them; without it, as they tell by themselves, else the month first."""

    column: Annotated[int, Field(ge=1, le=limits.MOST_COLUMNS)]
    to: ImportTarget
    field: Key | None = None
    label: Name | None = None
    day_order: DayOrder | None = None


class StatementIn(Input):
    """How these people agreed to be texted: what they read and agreed to (``wording``), when, and
    where (``source``). Not ``agreed``: they are imported, and nobody of them is texted for it."""

    model_config = ConfigDict(
        json_schema_extra=refused(where("agreed", True, lacking("wording", "source")))
    )

    agreed: bool
    wording: Annotated[Words, Field(max_length=2000)] | None = None
    on: date | None = None
    source: Annotated[Words, Field(max_length=200)] | None = Field(
        None, examples=["the connect card of 2026"]
    )

    @model_validator(mode="after")
    def _said(self) -> Self:
        if self.agreed and not (self.wording and self.source):
            raise ValueError(
                "Say in wording what these people agreed to, and in source where, or agreed: false."
            )
        return self


class MappingIn(Input):
    """Columns that are not named are left out. Everybody joins ``groupIds``; a group of the file
    that names no branch is in ``branchId``. Groups and branches that do not exist are made."""

    columns: Annotated[list[ColumnIn], Field(min_length=1, max_length=limits.MOST_COLUMNS)]
    consent: StatementIn
    branch_id: UUID | None = None
    group_ids: Annotated[list[UUID], Field(max_length=20)] = Field(default_factory=list)
    external_system: System | None = None

    @property
    def new_fields(self) -> dict[str, str]:
        """Labels by key."""
        new = {
            each.field: each.label or each.field
            for each in self._to(ImportTarget.NEW_FIELD)
            if each.field
        }
        if self._to(ImportTarget.BIRTHDAY):
            new.setdefault(*BIRTHDAY)
        return new

    def _to(self, target: ImportTarget) -> list[ColumnIn]:
        return [each for each in self.columns if each.to is target]


def words(said: StatementIn) -> str:
    """What the ledger keeps."""
    day = f" on {said.on.isoformat()}" if said.on else ""
    return (
        f"Staff imported this number and said how its owner agreed{day}, by {said.source}: "
        f"{said.wording}"
    )


def layout(columns: Sequence[Mapping[str, object]], mapping: MappingIn) -> Layout:
    """``columns`` are those of the job. Raises ``BadImportMapping`` for one that does not fit."""
    heads = [str(each["head"]) for each in columns]
    places: dict[str, list[int]] = {}
    own: dict[str, int] = {}
    left_out: set[int] = set()
    seen: set[int] = set()
    for each in mapping.columns:
        at = each.column - 1
        if at >= len(heads):
            problem = f"There is no column {each.column}; the file has {len(heads)}."
            raise BadImportMapping.because(MappingFault.NO_SUCH_COLUMN, problem, each.column)
        if at in seen:
            problem = f"Column {each.column} is named twice."
            raise BadImportMapping.because(MappingFault.COLUMN_TWICE, problem, each.column)
        seen.add(at)
        if each.to is ImportTarget.LEFT_OUT:
            left_out.add(at)
        elif each.to in (ImportTarget.FIELD, ImportTarget.NEW_FIELD, ImportTarget.BIRTHDAY):
            _add_field(own, each, at)
        else:
            places.setdefault(each.to.value, []).append(at)
    _check(places, mapping)
    for several in (csv_columns.PHONE, csv_columns.EMAIL):
        places.get(several, []).sort(key=lambda at: csv_columns.rank(heads[at]))
    return Layout(
        heads,
        places,
        own,
        csv_columns.labels(heads, places[csv_columns.PHONE]),
        frozenset(left_out),
        _days(columns, mapping),
    )


def _days(columns: Sequence[Mapping[str, object]], mapping: MappingIn) -> dict[str, DayOrder]:
    """How days are written, by the key of the field: of birthdays, and of what looks like days."""
    found: dict[str, DayOrder] = {}
    for each in mapping.columns:
        known = columns[each.column - 1]
        key = BIRTHDAY[0] if each.to is ImportTarget.BIRTHDAY else each.field
        if key and (key == BIRTHDAY[0] or known["looksLike"] == "date"):
            order = each.day_order or known.get("dayOrder") or DayOrder.MONTH_FIRST
            found[key] = DayOrder(str(order))
    return found


def check_consent(
    columns: Sequence[Mapping[str, object]], found: Layout, mapping: MappingIn
) -> None:
    """Raises ``ColumnUndecided`` where everybody is said to have agreed, and a column that nobody
    spoke of speaks of consent. ``columns`` are those of the job."""
    if not mapping.consent.agreed:
        return
    raised = [
        found.heads[at]
        for at in found.unread
        if at not in found.left_out and columns[at]["speaksOfConsent"]
    ]
    if raised:
        raise ColumnUndecided.named(raised)


def _add_field(own: dict[str, int], said: ColumnIn, at: int) -> None:
    key = BIRTHDAY[0] if said.to is ImportTarget.BIRTHDAY else said.field
    if not key:
        raise BadImportMapping.because(
            MappingFault.FIELD_UNNAMED,
            f"Say in field which one column {said.column} is: the key of a field.",
            said.column,
        )
    if own.setdefault(key, at) != at:
        raise BadImportMapping.because(
            MappingFault.FIELD_TWICE,
            f"Two columns are the field {key}. Leave one out.",
            said.column,
        )


def _check(places: Mapping[str, Sequence[int]], mapping: MappingIn) -> None:
    if csv_columns.PHONE not in places:
        raise BadImportMapping.because(
            MappingFault.NO_PHONE, "No column is the phone. Say which one is."
        )
    for target, each in places.items():
        if len(each) > 1 and target not in SEVERAL:
            raise BadImportMapping.because(
                MappingFault.TARGET_TWICE, f"Two columns are {target}. Leave one out.", each[1] + 1
            )
    if csv_columns.BRANCH in places and csv_columns.GROUPS not in places:
        raise BadImportMapping.because(
            MappingFault.BRANCH_WITHOUT_GROUPS,
            "A branch is a part of a group's name. Say which column names the groups, too.",
            places[csv_columns.BRANCH][0] + 1,
        )
    if csv_columns.EXTERNAL_ID in places and not mapping.external_system:
        raise BadImportMapping.because(
            MappingFault.SYSTEM_UNNAMED,
            "Say in externalSystem which system the external ids are of, such as planning-center.",
            places[csv_columns.EXTERNAL_ID][0] + 1,
        )
