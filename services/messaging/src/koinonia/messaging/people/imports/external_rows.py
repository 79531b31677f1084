"""Rows that have an id of another system: who is known by the id is that person, whatever they are
called in the file and whatever their number is there."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging import names
from koinonia.messaging.people import external_ids
from koinonia.messaging.people.imports import earlier_rows
from koinonia.messaging.people.imports.candidates import Candidate, RowOutcome, Written
from koinonia.messaging.people.imports.earlier_rows import Job
from koinonia.messaging.people.imports.row_reasons import SOMEBODY_ELSE, id_taken

COLUMNS = (
    *("first_name", "last_name", "first_key", "last_key", "phone_sealed", "phone_index"),
    *("phone_last_four", "phone_last_seven", "zones"),
)


class _Known(NamedTuple):
    id: UUID
    first_name: str
    last_name: str
    first_key: str
    last_key: str
    phone_sealed: str
    phone_index: str
    phone_last_four: int | None
    phone_last_seven: int | None
    zones: str | None


async def follow(
    session: AsyncSession, church_id: UUID, people: Sequence[Candidate], job: Job
) -> list[Candidate]:
    """Give members whom an id means the name and phone of their row; returns whose row can be
    written. A row about somebody of an earlier row, or that would make two members one, fails."""
    ids = [each.external_id for each in people if each.external_id]
    linked = await external_ids.found(session, church_id, job.system or "", ids) if ids else {}
    known = await _locked(session, list(linked.values()))
    moving = {
        each.external_id: each
        for each in people
        if (member := known.get(linked.get(each.external_id, each.id)))
        and not _is_same(each, member)
    }
    earlier = await earlier_rows.find(session, job, [linked[each] for each in moving])
    taken = await _taken(session, list(moving.values()))
    failed: set[str] = set()
    for external_id, person in moving.items():
        member = known[linked[external_id]]
        if member.id in earlier:
            person.line.reason = id_taken(earlier[member.id].row)
        elif (person.phone_index, person.first_key) in taken:
            person.line.reason = SOMEBODY_ELSE
        else:
            person.id = member.id
            person.written = _written(person, member)
            continue
        person.line.outcome = RowOutcome.FAILED
        failed.add(external_id)
    await move(session, [each for key, each in moving.items() if key not in failed])
    return [each for each in people if each.external_id not in failed]


async def link(
    session: AsyncSession, church_id: UUID, people: Collection[Candidate], job: Job
) -> set[UUID]:
    """Let these members be known by the ids of their rows; returns who was not."""
    if job.system is None:
        return set()
    by_id = {each.external_id: each for each in people if each.external_id}
    given = {external_id: each.id for external_id, each in by_id.items()}
    added = await external_ids.add(session, church_id, job.system, given)
    for external_id in added:
        if written := by_id[external_id].written:
            written.is_linked = True
    return {by_id[each].id for each in added}


def _is_same(person: Candidate, member: _Known) -> bool:
    if not person.first_key:
        person.first_name, person.last_name = member.first_name, member.last_name
        person.first_key, person.last_key = member.first_key, member.last_key
    return (person.phone_index, person.first_key) == (member.phone_index, member.first_key)


def _written(person: Candidate, member: _Known) -> Written:
    before: dict[str, object] = {
        name: each for name, each in member._asdict().items() if name in COLUMNS
    }
    return Written(before, dict(zip(COLUMNS, _columns(person), strict=True)))


def _columns(person: Candidate) -> tuple[object, ...]:
    return (
        person.first_name,
        person.last_name,
        names.key(person.first_name, person.last_name),
        names.key(person.last_name, person.first_name),
        person.phone_sealed,
        person.phone_index,
        *person.endings,
        person.zones,
    )


async def _locked(session: AsyncSession, member_ids: Sequence[UUID]) -> dict[UUID, _Known]:
    found = await db.rows(
        session,
        _Known,
        f"""
        SELECT id, {", ".join(COLUMNS)} FROM members
         WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE
        """,
        {"ids": list(member_ids)},
    )
    return {each.id: each for each in found}


class _Person(NamedTuple):
    phone_index: str
    first_key: str


async def _taken(session: AsyncSession, people: Sequence[Candidate]) -> set[_Person]:
    """The phones and names that members have already."""
    found = await db.rows(
        session,
        _Person,
        """
        SELECT m.phone_index, m.first_key
          FROM unnest(CAST(:indexes AS text[]), CAST(:keys AS text[])) AS given (index, key)
          JOIN members m ON m.phone_index = given.index AND m.first_key = given.key
        """,
        {
            "indexes": [each.phone_index for each in people],
            "keys": [each.first_key for each in people],
        },
    )
    return set(found)


async def move(session: AsyncSession, people: Sequence[Candidate]) -> None:
    """Write the names and phones of these members."""
    if not people:
        return
    rows = [(each.id, *_columns(each)) for each in people]
    await write(session, rows)


async def write(session: AsyncSession, rows: Sequence[tuple[object, ...]]) -> None:
    """Each row is the id of a member and ``COLUMNS``."""
    types = ("uuid", *("text",) * 6, "bigint", "bigint", "text")
    arrays = ", ".join(
        f"CAST(:{name} AS {kind}[])" for name, kind in zip(("id", *COLUMNS), types, strict=True)
    )
    await db.run(
        session,
        f"""
        UPDATE members m
           SET {", ".join(f"{name} = given.{name}" for name in COLUMNS)}, updated_at = now()
          FROM unnest({arrays}) AS given (id, {", ".join(COLUMNS)})
         WHERE m.id = given.id
        """,
        {name: [row[place] for row in rows] for place, name in enumerate(("id", *COLUMNS))},
    )
