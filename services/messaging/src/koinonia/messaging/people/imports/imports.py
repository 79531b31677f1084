"""An import: reads the file, then writes its groups and members in one transaction."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.people import branches
from koinonia.messaging.people.consent.entries import Attestation
from koinonia.messaging.people.imports import (
    candidates,
    csv_consents,
    csv_groups,
    csv_members,
    csv_rows,
)
from koinonia.messaging.people.imports.candidates import Candidate, Line, RowOutcome
from koinonia.messaging.people.imports.csv_columns import Wishes
from koinonia.messaging.people.imports.csv_groups import Placed
from koinonia.messaging.people.imports.earlier_rows import Job

AT_ONCE = 1_000  # people of one statement


@dataclass(frozen=True, slots=True)
class Imported:
    id: UUID
    counts: dict[str, int]  # by outcome; together the rows of the file
    lines: list[Line]
    placed: Placed
    ignored_columns: list[str]
    opted_out: int  # phones that the file itself says want no texts
    opt_outs_lost: int  # rows that say so, of which no phone can be read


async def read(
    data: bytes,
    church_id: UUID,
    phones: Phones,
    own: Mapping[str, str],
    wishes: Wishes,
    *,
    grants: bool,
) -> candidates.Gathered:
    """The people of a file, checked, before anything is written. ``own`` are the columns of the
    church's own fields (``custom_fields.columns``). ``grants``: whoever is in the file agreed, so
    no column may say otherwise without being read (``ConsentColumn``)."""
    sheet = await asyncio.to_thread(csv_rows.opened, data, own, wishes)
    gathering = candidates.Gathering(sheet, church_id, phones)
    while await asyncio.to_thread(gathering.take, candidates.MOST_AT_ONCE):
        pass
    if grants:
        sheet.check_consent()
    return gathering.found


async def write(
    session: AsyncSession,
    church_id: UUID,
    filename: str,
    gathered: candidates.Gathered,
    branch_id: UUID | None,
    attested: Attestation,
    *,
    grants: bool = True,
) -> Imported:
    """Writes everything or nothing. Two imports of one church take turns."""
    await take_turn(session, church_id)
    if branch_id:
        await branches.get(session, branch_id)
    fields, _ = await asyncio.to_thread(_named, gathered)
    await custom_fields.check(session, church_id, fields)
    placed, _ = await write_people(session, church_id, gathered, branch_id, attested, grants=grants)
    counts = await asyncio.to_thread(_settled, gathered)
    import_id = await _record(session, church_id, filename, counts)
    return Imported(
        id=import_id,
        counts=counts,
        lines=gathered.lines,
        placed=placed,
        ignored_columns=gathered.ignored_columns,
        opted_out=len(gathered.refusals),
        opt_outs_lost=sum(line.opt_out_is_lost for line in gathered.lines),
    )


async def take_turn(session: AsyncSession, church_id: UUID) -> None:
    """Nobody else writes many people of the church until the transaction ends."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"import {church_id}"},
    )


async def write_people(
    session: AsyncSession,
    church_id: UUID,
    gathered: candidates.Gathered,
    branch_id: UUID | None,
    attested: Attestation,
    *,
    grants: bool,
    job: Job | None = None,
) -> tuple[Placed, dict[str, UUID]]:
    """Write the groups, the members and their consent; returns the groups, and the entries of the
    ledger that grant, by phone. Every row of ``gathered`` has its outcome afterwards."""
    _, wanted = await asyncio.to_thread(_named, gathered)
    placed = await csv_groups.place(session, church_id, wanted, branch_id)
    for people in _portions(gathered.people):
        await csv_members.write(session, church_id, people, placed.group_ids, job)
    granted = await csv_consents.write(session, church_id, gathered, attested, grants=grants)
    return placed, granted


def _named(gathered: candidates.Gathered) -> tuple[set[str], dict[str, None]]:
    """The own fields and the groups that a file names."""
    fields = {key for each in gathered.people for key in each.fields}
    return fields, dict.fromkeys(name for each in gathered.people for name in each.groups)


def _settled(gathered: candidates.Gathered) -> dict[str, int]:
    """How many rows had each outcome."""
    candidates.settle(gathered.people)
    tally = Counter(line.outcome for line in gathered.lines)
    return {outcome.value: tally[outcome] for outcome in RowOutcome}


def _portions(people: Sequence[Candidate]) -> Iterator[Sequence[Candidate]]:
    """So few at a time that no statement holds the event loop."""
    for start in range(0, len(people), AT_ONCE):
        yield people[start : start + AT_ONCE]


async def _record(
    session: AsyncSession, church_id: UUID, filename: str, counts: dict[str, int]
) -> UUID:
    import_id = db.uuid7()
    await db.run(
        session,
        """
        INSERT INTO imports (id, church_id, filename, counts)
        VALUES (:id, :church_id, :filename, CAST(:counts AS jsonb))
        """,
        {
            "id": import_id,
            "church_id": church_id,
            "filename": filename,
            "counts": orjson.dumps(counts).decode(),
        },
    )
    return import_id
