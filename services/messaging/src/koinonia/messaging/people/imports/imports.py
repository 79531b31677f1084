"""An import: reads the file, then writes its groups and members in one transaction."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.people import branches
from koinonia.messaging.people.consent.entries import Attestation
from koinonia.messaging.people.imports import candidates, csv_groups, csv_members
from koinonia.messaging.people.imports.candidates import Line, Outcome
from koinonia.messaging.people.imports.csv_groups import Placed


@dataclass(frozen=True, slots=True)
class Imported:
    id: UUID
    counts: dict[str, int]  # by outcome; together the rows of the file
    lines: list[Line]
    placed: Placed


async def read(
    data: bytes, church_id: UUID, phones: Phones, own: Mapping[str, str]
) -> candidates.Gathered:
    """The people of a file, checked, before anything is written. ``own`` are the columns of the
    church's own fields (``custom_fields.columns``)."""
    return await asyncio.to_thread(candidates.gather, data, church_id, phones, own)


async def write(
    session: AsyncSession,
    church_id: UUID,
    filename: str,
    gathered: candidates.Gathered,
    branch_id: UUID | None,
    attested: Attestation | None = None,
) -> Imported:
    """Writes everything or nothing. Two imports of one church take turns."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"import {church_id}"},
    )
    if branch_id:
        await branches.get(session, branch_id)
    await custom_fields.check(
        session, church_id, {key for each in gathered.people for key in each.fields}
    )
    wanted = dict.fromkeys(name for person in gathered.people for name in person.groups)
    placed = await csv_groups.place(session, church_id, wanted, branch_id)
    await csv_members.write(session, church_id, gathered.people, placed.group_ids, attested)
    candidates.settle(gathered.people)
    tally = Counter(line.outcome for line in gathered.lines)
    counts = {outcome.value: tally[outcome] for outcome in Outcome}
    import_id = await _record(session, church_id, filename, counts)
    return Imported(import_id, counts, gathered.lines, placed)


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
