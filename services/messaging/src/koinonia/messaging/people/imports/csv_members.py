"""Candidates become members, in a handful of statements for any number of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import MemberCreated, MemberSnapshot, MemberUpdated
from koinonia.messaging.people import group_membership, unnamed_members
from koinonia.messaging.people.group_membership import Pair
from koinonia.messaging.people.imports import earlier_rows, external_rows
from koinonia.messaging.people.imports.candidates import Candidate, RowOutcome, Written
from koinonia.messaging.people.imports.earlier_rows import Job
from koinonia.messaging.people.imports.row_reasons import GONE, NOTHING_NEW
from koinonia.messaging.people.unnamed_members import Name

EVENT_SIZE = 500


class _Known(NamedTuple):
    position: int
    id: UUID
    first_name: str
    last_name: str
    email: str | None
    timezone: str | None
    custom: dict[str, str]
    phone_sealed: str


class _Namesake(NamedTuple):
    position: int
    id: UUID


async def write(
    session: AsyncSession,
    church_id: UUID,
    people: Sequence[Candidate],
    group_ids: dict[str, UUID],
    job: Job | None = None,
) -> None:
    """Creates who is new, adds what a row says to who is not, and writes down each outcome. A
    member without a name, who came by a keyword, gets the name of a row. In a job everybody also
    has what was written of them, and joins the groups of the job."""
    if job and job.system:
        people = await external_rows.follow(session, church_id, people, job)
    moved = {person.id for person in people if person.written}
    named = await unnamed_members.name(
        session,
        church_id,
        [
            Name(each.phone_index, each.first_name, each.last_name)
            for each in people
            if each.first_key
        ],
    )
    namesakes = {} if job else await _namesakes(session, people)  # a job shows no hints
    created = await _insert(session, church_id, people)
    for person in people:
        person.is_new = person.id in created
    existing = [person for person in people if not person.is_new]
    present, changed = await _match(session, existing, named, job)
    gone = [person for person in existing if person.id not in present]
    there = [person for person in people if person.is_new or person.id in present]
    if job:
        _note_new(there)
        changed |= await external_rows.link(session, church_id, there, job)
    joined = await group_membership.join(session, church_id, _pairs(there, group_ids, job))
    if existing:
        changed |= moved | named | {pair.member_id for pair in joined}
    for person in people:
        person.line.outcome = RowOutcome.CREATED if person.is_new else RowOutcome.SKIPPED
        if person.is_new and namesakes:
            person.line.hint = namesakes.get(person.phone_index, {}).get(person.first_key)
    for person in existing:
        if person.id in changed:
            person.line.outcome = RowOutcome.UPDATED
        else:
            person.line.reason = person.line.reason or NOTHING_NEW
    for person in gone:
        person.line.outcome, person.line.reason = RowOutcome.FAILED, GONE
    if job:
        _note_groups(there, joined)
        await earlier_rows.add(session, church_id, there, job)
    await _publish(session, church_id, there)


def _pairs(
    people: Sequence[Candidate], group_ids: Mapping[str, UUID], job: Job | None
) -> list[tuple[UUID, UUID]]:
    """Who is to be in which group."""
    everybody = job.group_ids if job else ()
    return [
        (group_id, person.id)
        for person in people
        for group_id in (*map(group_ids.__getitem__, person.groups), *everybody)
    ]


def _note_new(people: Sequence[Candidate]) -> None:
    for person in people:
        if person.is_new:
            after: dict[str, object] = {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": person.email,
                "timezone": person.timezone,
                "phone_index": person.phone_index,
                "custom": person.fields,
            }
            person.written = Written(None, after)
        elif person.written is None:
            person.written = Written({}, {})


def _note_groups(people: Sequence[Candidate], joined: Collection[Pair]) -> None:
    groups: dict[UUID, list[UUID]] = defaultdict(list)
    for pair in joined:
        groups[pair.member_id].append(pair.group_id)
    for person in people:
        if person.written and (into := groups.get(person.id)):
            person.written.joined = into


async def _namesakes(
    session: AsyncSession, people: Sequence[Candidate]
) -> dict[str, dict[str, UUID]]:
    """Members of the same name with another phone, by phone and name of the row: perhaps the same
    people with a new number."""
    found = await db.rows(
        session,
        _Namesake,
        """
        SELECT DISTINCT ON (given.position) given.position, m.id
          FROM unnest(CAST(:indexes AS text[]), CAST(:keys AS text[])) WITH ORDINALITY
               AS given (index, key, position)
          JOIN members m ON m.first_key = given.key AND m.phone_index <> given.index
         WHERE given.key <> ''
         ORDER BY given.position, m.id
        """,
        {
            "indexes": [person.phone_index for person in people],
            "keys": [person.first_key for person in people],
        },
    )
    namesakes: dict[str, dict[str, UUID]] = defaultdict(dict)
    for row in found:
        person = people[row.position - 1]
        namesakes[person.phone_index][person.first_key] = row.id
    return namesakes


async def _insert(session: AsyncSession, church_id: UUID, people: Sequence[Candidate]) -> set[UUID]:
    created = await db.values(
        session,
        UUID,
        """
        INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key, email,
                             phone_sealed, phone_index, phone_last_four, phone_last_seven,
                             timezone, zones, custom, source)
        SELECT id, :church_id, first_name, last_name, first_key, last_key, email, sealed, index,
               last_four, last_seven, timezone, zones, custom, 'import'
          FROM json_to_recordset(CAST(:people AS json))
               AS given (id uuid, first_name text, last_name text, first_key text, last_key text,
                         email text, sealed text, index text, last_four bigint, last_seven bigint,
                         timezone text, zones text, custom jsonb)
         WHERE first_key <> '' OR NOT EXISTS (SELECT FROM members known
                                               WHERE known.church_id = :church_id
                                                 AND known.phone_index = given.index)
        ON CONFLICT (church_id, phone_index, first_key) DO NOTHING
        RETURNING id
        """,
        {"church_id": church_id, "people": db.records(map(_new, people))},
    )
    return set(created)


def _new(person: Candidate) -> dict[str, object]:
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "first_key": person.first_key,
        "last_key": person.last_key,
        "email": person.email,
        "sealed": person.phone_sealed,
        "index": person.phone_index,
        "last_four": person.endings.phone_last_four,
        "last_seven": person.endings.phone_last_seven,
        "timezone": person.timezone,
        "zones": person.zones,
        "custom": person.fields,
    }


async def _match(
    session: AsyncSession,
    existing: Sequence[Candidate],
    named: Collection[UUID],
    job: Job | None,
) -> tuple[set[UUID], set[UUID]]:
    """Gives those who exist their ids and names; returns these ids, and which of them changed.

    The row locks keep them from being removed until their groups are written.
    """
    found = await db.rows(
        session,
        _Known,
        """
        SELECT given.position, m.id, m.first_name, m.last_name, m.email, m.timezone,
               m.custom, m.phone_sealed
          FROM json_to_recordset(CAST(:people AS json))
               AS given (position integer, index text, key text)
          JOIN members m ON m.phone_index = given.index
                        AND (m.first_key = given.key OR given.key = '')
           FOR NO KEY UPDATE OF m
        """,
        {
            "people": db.records(
                {"position": at, "index": person.phone_index, "key": person.first_key}
                for at, person in enumerate(existing)
            )
        },
    )
    earlier = await earlier_rows.find(session, job, [row.id for row in found]) if job else {}
    changed: list[Candidate] = []
    for row in found:
        person = existing[row.position]
        if row.id in earlier:
            earlier[row.id].hold_back(person)
        person.id, person.phone_sealed = row.id, row.phone_sealed
        person.first_name, person.last_name = row.first_name, row.last_name
        email, timezone = person.email or row.email, person.timezone or row.timezone
        fields = row.custom | person.fields
        if (email, timezone, fields) != (row.email, row.timezone, row.custom):
            changed.append(person)
        if job:
            _note_change(person, row, is_named=row.id in named)
    await _update(session, changed)
    return {row.id for row in found}, {person.id for person in changed}


def _note_change(person: Candidate, row: _Known, *, is_named: bool) -> None:
    written = person.written or Written({}, {})
    before = written.before = written.before or {}
    if is_named:
        before |= {"first_name": "", "last_name": ""}
        written.after |= {"first_name": row.first_name, "last_name": row.last_name}
    for name, old, new in (
        ("email", row.email, person.email),
        ("timezone", row.timezone, person.timezone),
    ):
        if new and new != old:
            before[name], written.after[name] = old, new
    fields = {key: each for key, each in person.fields.items() if row.custom.get(key) != each}
    if fields:
        before["custom"] = {key: row.custom.get(key) for key in fields}
        written.after["custom"] = fields
    person.written = written


async def _update(session: AsyncSession, people: Sequence[Candidate]) -> None:
    await db.run(
        session,
        """
        UPDATE members m
           SET email = coalesce(given.email, m.email),
               timezone = coalesce(given.timezone, m.timezone),
               custom = m.custom || given.custom, updated_at = now()
          FROM json_to_recordset(CAST(:people AS json))
               AS given (id uuid, email text, timezone text, custom jsonb)
         WHERE m.id = given.id
        """,
        {
            "people": db.records(
                {
                    "id": person.id,
                    "email": person.email,
                    "timezone": person.timezone,
                    "custom": person.fields,
                }
                for person in people
            )
        },
    )


async def _publish(session: AsyncSession, church_id: UUID, people: Sequence[Candidate]) -> None:
    for event, outcome in (
        (MemberCreated, RowOutcome.CREATED),
        (MemberUpdated, RowOutcome.UPDATED),
    ):
        told = [_snapshot(person) for person in people if person.line.outcome is outcome]
        events = [event(church_id=church_id, members=part) for part in _parts(told)]
        await outbox.add(session, *events)


def _snapshot(person: Candidate) -> MemberSnapshot:
    return MemberSnapshot(
        member_id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        sealed_phone=person.phone_sealed,
        phone_index=person.phone_index,
    )


def _parts(snapshots: list[MemberSnapshot]) -> Iterator[list[MemberSnapshot]]:
    for start in range(0, len(snapshots), EVENT_SIZE):
        yield snapshots[start : start + EVENT_SIZE]
