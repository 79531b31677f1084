"""Some rows of each outcome, to be looked at: what became of them, and whom they are about."""

from collections.abc import Collection, Sequence
from uuid import UUID

import orjson

from koinonia.common.phone import Phones
from koinonia.messaging.importing import limits
from koinonia.messaging.importing.jobs import Job
from koinonia.messaging.importing.schemas import SampleRow
from koinonia.messaging.importing.stored_parts import Line, RowResult
from koinonia.messaging.people.imports import candidates, csv_columns, csv_rows
from koinonia.messaging.people.imports.candidates import RowOutcome
from koinonia.messaging.people.imports.csv_columns import Layout
from koinonia.messaging.people.imports.row_reasons import Unusable

SHOWN_OF_EACH = 20  # rows of each outcome
LONGEST = 200  # letters of a name or a phone
Person = tuple[str, str]  # name and phone, as they are in the file


def extended(
    job: Job, phones: Phones, rows: Sequence[RowResult], lines: Sequence[Line], layout: Layout
) -> Job:
    """The job with the rows of a further part, as long as there is room. Slow (CPU)."""
    room = dict.fromkeys(RowOutcome, SHOWN_OF_EACH)
    for shown in job.sample:
        room[RowOutcome(str(shown["outcome"]))] -= 1
    added: list[RowResult] = []
    for row in rows:
        if room[RowOutcome(row.outcome)] > 0:
            room[RowOutcome(row.outcome)] -= 1
            added.append(row)
    if not added:
        return job
    people = _people(phones, job) | _found(lines, layout, {row.row for row in added})
    sealed = phones.ring.seal(orjson.dumps(list(people.items())), _context(job.id))
    return job._replace(
        sample=[*job.sample, *map(_kept, added)],
        sample_people=sealed,
    )


def shown(job: Job, phones: Phones) -> list[SampleRow]:
    """The rows with names and phones, for staff of the church."""
    people = _people(phones, job)
    return [_row(row, *people.get(int(str(row["row"])), ("", ""))) for row in job.sample]


def _row(row: dict[str, object], name: str, phone: str) -> SampleRow:
    return SampleRow.model_validate({**row, "name": name, "phone": phone})


def _kept(row: RowResult) -> dict[str, object]:
    wanted = {"row", "outcome", "member_id", "reason", "code", "values"}
    said = row.model_dump_json(by_alias=True, exclude_defaults=True, include=wanted)
    kept: dict[str, object] = orjson.loads(said)
    return kept


def _people(phones: Phones, job: Job) -> dict[int, Person]:
    if job.sample_people is None:
        return {}
    said = orjson.loads(phones.ring.open(job.sample_people, _context(job.id)))
    return {row: (name, phone) for row, (name, phone) in said}


def _found(lines: Sequence[Line], layout: Layout, wanted: Collection[int]) -> dict[int, Person]:
    chosen = [line for line in lines if line[0] in wanted]
    sheet = csv_rows.Sheet(iter(chosen), layout, limits.MOST_ROWS)
    return {row.number: _person(row) for row in sheet.portion(len(chosen)) or ()}


def _person(row: csv_rows.Row) -> Person:
    try:
        name = " ".join(filter(None, candidates.names_of(row)))
    except Unusable:
        name = row.values.get(csv_columns.FIRST_NAME, "") or row.values[csv_columns.FULL_NAME]
    return name[:LONGEST], next(iter(row.phones), "")[:LONGEST]


def _context(job_id: UUID) -> bytes:
    return f"sample of import {job_id}".encode()
