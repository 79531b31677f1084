"""One part of an import: its rows are read, judged and written as those of every other import."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.errors import NoSuchGroup, TooManyGroups
from koinonia.messaging.importing import limits, mappings, sample_rows, stored_parts
from koinonia.messaging.importing.jobs import Job
from koinonia.messaging.importing.mappings import MappingIn
from koinonia.messaging.importing.stored_parts import PartResult, RowResult
from koinonia.messaging.people.consent.entries import Attestation, ConsentMethod
from koinonia.messaging.people.imports import candidates, csv_groups, csv_rows, imports
from koinonia.messaging.people.imports.candidates import Candidate, Line, RowOutcome
from koinonia.messaging.people.imports.csv_columns import Layout
from koinonia.messaging.people.imports.csv_groups import Placed
from koinonia.messaging.people.imports.earlier_rows import Job as Writing
from koinonia.messaging.people.imports.row_reasons import same_person


class _TakenBack(Exception):
    """What was written to see what would be is not to stay."""


@dataclass(frozen=True, slots=True)
class _Part:
    gathered: candidates.Gathered
    placed: Placed
    granted: Mapping[str, UUID]
    branches: Mapping[UUID, str]  # names


async def run(session: AsyncSession, phones: Phones, job: Job, *, is_kept: bool) -> Job:
    """Write the part that is next, or see what would be written; returns the job with its counts.
    In a check nothing stays but the result."""
    mapping = MappingIn.model_validate(job.mapping)
    await imports.take_turn(session, job.church_id)
    lines = job.rows_of_people(await stored_parts.lines(session, phones, job.id, job.position))
    layout = mappings.layout(job.columns, mapping)
    unmade = set() if is_kept else mapping.new_fields.keys()
    # Somebody may have removed a field since it was mapped; nobody does while the part is written.
    await custom_fields.check(session, job.church_id, layout.own.keys() - unmade)
    gathered = await _gathered(job, layout, lines, phones)
    if is_kept:
        part = await _written(session, job, mapping, gathered)
    else:
        with suppress(_TakenBack):
            async with session.begin_nested():
                part = await _written(session, job, mapping, gathered)
                raise _TakenBack
        await _note_seen(session, job, gathered.people)
    made = _made(job, part, is_kept=is_kept)
    if len(made["groups"]) > csv_groups.MOST_GROUPS:
        raise TooManyGroups
    rows = await asyncio.to_thread(_results, gathered, is_kept=is_kept)
    sealed = {each.phone_index: each.phone_sealed for each in gathered.people}
    granted = [(each, index, sealed[index]) for index, each in part.granted.items()]
    result = PartResult(rows=rows, granted=granted if is_kept else [])
    await stored_parts.keep(session, phones, job.id, job.position, result)
    counts = _counts(job.counts, rows, part)
    job = job._replace(counts=counts, made=made)
    return await asyncio.to_thread(sample_rows.extended, job, phones, rows, lines, layout)


async def households(session: AsyncSession, job_id: UUID) -> int:
    """Phones that several people of the file share."""
    return await db.count(
        session,
        """
        SELECT count(*) FROM (SELECT FROM import_people WHERE job_id = :job
                               GROUP BY phone_index HAVING count(*) > 1) AS shared
        """,
        {"job": job_id},
    )


async def _gathered(
    job: Job, layout: Layout, lines: Sequence[stored_parts.Line], phones: Phones
) -> candidates.Gathered:
    sheet = csv_rows.Sheet(iter(lines), layout, limits.MOST_ROWS)
    gathering = candidates.Gathering(sheet, job.church_id, phones)
    while await asyncio.to_thread(gathering.take, candidates.MOST_AT_ONCE):
        pass
    return gathering.found


async def _written(
    session: AsyncSession, job: Job, mapping: MappingIn, gathered: candidates.Gathered
) -> _Part:
    attested = Attestation(
        method=ConsentMethod.IMPORT,
        words=job.statement,
        actor_id=job.started_by,
        address=job.address,
    )
    with db.violations_as(gone=NoSuchGroup):
        placed, granted = await imports.write_people(
            session,
            job.church_id,
            gathered,
            mapping.branch_id,
            attested,
            grants=mapping.consent.agreed,
            job=Writing(job.id, mapping.external_system, mapping.group_ids),
        )
    candidates.settle(gathered.people)
    return _Part(gathered, placed, granted, await _branches(session, placed))


async def _branches(session: AsyncSession, placed: Placed) -> dict[UUID, str]:
    """The names of branches, which only a new group is shown with."""
    if not placed.created_groups:
        return {}
    found = await db.rows(session, _Branch, "SELECT id, name FROM branches")
    return {each.id: each.name for each in found}


class _Branch(NamedTuple):
    id: UUID
    name: str


class _Seen(NamedTuple):
    member_id: UUID
    row: int


async def _note_seen(session: AsyncSession, job: Job, people: Sequence[Candidate]) -> None:
    """What was written is gone, so a check remembers by itself of whom a row was."""
    there = [each for each in people if each.line.outcome is not RowOutcome.FAILED]
    keys = {uuid5(job.id, f"{each.phone_index} {each.first_key}"): each for each in there}
    found = await db.rows(
        session,
        _Seen,
        """
        SELECT member_id, first_row AS row FROM import_people
         WHERE job_id = :job AND member_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"job": job.id, "ids": list(keys)},
    )
    for each in found:
        line = keys[each.member_id].line
        if line.outcome is RowOutcome.CREATED:
            line.outcome, line.reason = RowOutcome.SKIPPED, same_person(each.row)
    await db.run(
        session,
        """
        INSERT INTO import_people (church_id, job_id, member_id, phone_index, first_row, given)
        SELECT :church, :job, id, phone_index, row, '[]'
          FROM unnest(CAST(:ids AS uuid[]), CAST(:phones AS text[]), CAST(:rows AS integer[]))
               AS given (id, phone_index, row)
        ON CONFLICT DO NOTHING
        """,
        {
            "church": job.church_id,
            "job": job.id,
            "ids": list(keys),
            "phones": [each.phone_index for each in keys.values()],
            "rows": [each.line.row for each in keys.values()],
        },
    )


def _results(gathered: candidates.Gathered, *, is_kept: bool) -> list[RowResult]:
    people = {each.line.row: each for each in gathered.people}
    return [_result(line, people.get(line.row), is_kept=is_kept) for line in gathered.lines]


def _result(line: Line, person: Candidate | None, *, is_kept: bool) -> RowResult:
    is_new = line.outcome is RowOutcome.CREATED
    written = person.written if person and is_kept else None
    return RowResult(
        row=line.row,
        outcome=line.outcome.value,
        member_id=None if is_new and not is_kept else line.member_id,
        reason=line.reason and line.reason.sentence,
        code=line.reason and line.reason.code.value,
        values=dict(line.reason.values) if line.reason else {},
        before=written and written.before,
        after=written and written.after,
        joined=written.joined if written else [],
        linked=person.external_id if person and written and written.is_linked else None,
    )


def _made(job: Job, part: _Part, *, is_kept: bool) -> dict[str, list[str]]:
    """Ids of the groups and branches that were made; in a check, names."""
    placed = part.placed
    if is_kept:
        groups = [str(each.id) for each in placed.created_groups]
        branches = [str(each.id) for each in placed.created_branches]
    else:
        groups = [f"{part.branches[each.branch_id]}/{each.name}" for each in placed.created_groups]
        branches = [each.name for each in placed.created_branches]
    found = {"groups": groups, "branches": branches}
    return job.made | {
        kind: list(dict.fromkeys([*job.made.get(kind, []), *each])) for kind, each in found.items()
    }


def _counts(before: Mapping[str, int], rows: Sequence[RowResult], part: _Part) -> dict[str, int]:
    counts = {outcome.value: before.get(outcome, 0) for outcome in RowOutcome}
    for each in rows:
        counts[each.outcome] += 1
    return {
        **counts,
        "granted": before.get("granted", 0) + len(part.granted),
        "optedOut": before.get("optedOut", 0) + len(part.gathered.refusals),
    }
