"""Jobs as staff see them: the first rows are opened, and the guess stands beside the mapping."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.importing import (
    file_reading,
    jobs,
    limits,
    mappings,
    sample_rows,
    stored_parts,
)
from koinonia.messaging.importing.errors import HeadNotKept
from koinonia.messaging.importing.jobs import Job
from koinonia.messaging.importing.mappings import ImportTarget, MappingIn
from koinonia.messaging.importing.schemas import (
    ColumnOut,
    FirstRow,
    ImportCounts,
    ImportJobOut,
    ImportSummary,
    MappingOut,
    UndoCounts,
)
from koinonia.messaging.people import branches
from koinonia.messaging.people.targets import resolution
from koinonia.messaging.people.targets.target_schemas import TargetType

FIRST_ROWS = 5


def summary(job: Job) -> ImportSummary:
    done = min(job.rows, job.position * limits.ROWS_OF_A_PART)
    return ImportSummary(
        **{
            name: each
            for name, each in job._asdict().items()
            if name in ImportSummary.model_fields and name not in ("counts", "undo")
        },
        rows_done=done,
        counts=ImportCounts.model_validate(job.counts),
        undo=None if job.undo is None else UndoCounts.model_validate(job.undo),
    )


async def shown(session: db.Session, phones: Phones, job: Job) -> ImportJobOut:
    lines = await stored_parts.lines(session, phones, job.id, 0)
    keys = sorted(set((await custom_fields.columns(session)).values()))
    mapping = MappingIn.model_validate(job.mapping) if job.mapping else None
    heads = [str(each["head"]) for each in job.columns]
    unread = mappings.layout(job.columns, mapping).unread if mapping else []
    return ImportJobOut(
        **dict(summary(job)),
        columns=[
            ColumnOut.model_validate({"column": at, **each})
            for at, each in enumerate(job.columns, 1)
        ],
        has_head=job.has_head,
        head_row=_row(lines[0]) if job.first_row is not None and lines else None,
        first_rows=list(map(_row, job.rows_of_people(lines)[:FIRST_ROWS])),
        targets=list(ImportTarget),
        fields=keys,
        mapping=MappingOut.model_validate(mapping) if mapping else None,
        columns_left_out=[heads[at] for at in unread],
        new_groups=job.made.get("groups", []),
        new_fields=sorted(set(mapping.new_fields) - set(keys)) if mapping else [],
        sample=sample_rows.shown(job, phones),
    )


def _row(line: stored_parts.Line) -> FirstRow:
    number, cells = line
    return FirstRow(row=number, cells=cells)


async def read_anew(session: AsyncSession, phones: Phones, job: Job, *, has_head: bool) -> None:
    """Take the first row for the names of the columns, or for a person. Raises ``HeadNotKept``."""
    if job.has_head == has_head:
        return
    lines = await stored_parts.lines(session, phones, job.id, 0)
    if job.first_row is None or (has_head and job.rows == 1):
        raise HeadNotKept
    own = await custom_fields.columns(session)
    columns = await asyncio.to_thread(
        file_reading.read_anew, lines, job.columns, own, job.filename, has_head=has_head
    )
    await jobs.read_anew(session, job, columns, has_head=has_head)


async def check(session: AsyncSession, job: Job, mapping: MappingIn) -> None:
    """Raises what is wrong with a mapping: ``BadImportMapping``, ``ColumnUndecided``,
    ``NoSuchBranch``, ``NoSuchGroup``, ``UnknownCustomField``."""
    if mapping.branch_id:
        await branches.get(session, mapping.branch_id)
    if mapping.group_ids:
        await resolution.check_targets(session, job.church_id, TargetType.GROUPS, mapping.group_ids)
    found = mappings.layout(job.columns, mapping)
    mappings.check_consent(job.columns, found, mapping)
    await custom_fields.check(session, job.church_id, found.own.keys() - mapping.new_fields.keys())
