"""Entries become rows of members, in one statement for those who are new and one for the others."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.errors import MemberExists
from koinonia.messaging.people.upserts.errors import ChangedMeanwhile
from koinonia.messaging.people.upserts.known_members import Known
from koinonia.messaging.people.upserts.upsert_entries import Entry, UpsertOutcome, accepted

# Columns by the name of their parameter, with their types.
COLUMNS = {
    "id": "uuid",
    "first_name": "text",
    "last_name": "text",
    "first_key": "text",
    "last_key": "text",
    "email": "text",
    "phone_sealed": "text",
    "phone_index": "text",
    "phone_last_four": "bigint",
    "phone_last_seven": "bigint",
    "timezone": "text",
    "zones": "text",
    "custom": "text",
}
_NAMES = ", ".join(COLUMNS)
_GIVEN = f"""
    unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in COLUMNS.items())})
    AS given ({_NAMES})
"""


class _Columns(NamedTuple):
    id: UUID
    first_name: str
    last_name: str
    first_key: str
    last_key: str
    email: str | None
    phone_sealed: str
    phone_index: str
    phone_last_four: int
    phone_last_seven: int
    timezone: str | None
    zones: str
    custom: str


async def write(
    session: AsyncSession, church_id: UUID, entries: Sequence[Entry], known: Mapping[UUID, Known]
) -> None:
    """Create who is not ``known``, change who is other than ``known``, with each outcome. Nobody
    becomes somebody else who is known already (``MemberExists``)."""
    wanted = accepted(entries)
    changing = [
        each
        for each in wanted
        if each.member_id in known and _completed(each, known[each.member_id])
    ]
    await _refuse_doubles(session, changing)
    await _update(session, accepted(changing))
    for each in accepted(changing):
        each.touch()
    new = [each for each in wanted if each.member_id not in known]
    created = await _insert(session, church_id, new)
    for each in new:
        if each.member_id in created:
            each.outcome = UpsertOutcome.CREATED
        else:
            each.refuse(ChangedMeanwhile())


def _completed(entry: Entry, known: Known) -> bool:
    """Fill in what was not said, from what is known; returns whether anything is to change."""
    if "last_name" not in entry.given:
        entry.last_name = known.last_name
    if "email" not in entry.given:
        entry.email = known.email
    if "timezone" not in entry.given:
        entry.timezone = known.timezone
    merged: dict[str, str | None] = {**known.custom, **entry.fields}
    entry.fields = {key: value for key, value in merged.items() if value}
    if entry.phone_index == known.phone_index:
        entry.phone_sealed = known.phone_sealed
    now = (entry.first_name, entry.last_name, entry.email, entry.timezone, entry.phone_index)
    before = (known.first_name, known.last_name, known.email, known.timezone, known.phone_index)
    return now != before or entry.fields != known.custom


async def _refuse_doubles(session: AsyncSession, changing: Sequence[Entry]) -> None:
    """Refuse to make two members one person."""
    doubles = await db.values(
        session,
        UUID,
        """
        SELECT given.id
          FROM unnest(CAST(:ids AS uuid[]), CAST(:indexes AS text[]), CAST(:keys AS text[]))
               AS given (id, index, key)
          JOIN members m ON m.phone_index = given.index AND m.first_key = given.key
                        AND m.id <> given.id
        """,
        {
            "ids": [each.member_id for each in changing],
            "indexes": [each.phone_index for each in changing],
            "keys": [each.first_key for each in changing],
        },
    )
    taken = set(doubles)
    for each in changing:
        if each.member_id in taken:
            each.refuse(MemberExists())


async def _update(session: AsyncSession, entries: Sequence[Entry]) -> None:
    changed = ", ".join(
        f"{name} = given.{name}" for name in COLUMNS if name not in ("id", "custom")
    )
    with db.violations_as(ChangedMeanwhile):
        await db.run(
            session,
            f"""
            UPDATE members m
               SET {changed}, custom = CAST(given.custom AS jsonb), updated_at = now()
              FROM {_GIVEN}
             WHERE m.id = given.id
            """,
            _arrays(entries),
        )


async def _insert(session: AsyncSession, church_id: UUID, entries: Sequence[Entry]) -> set[UUID]:
    names = _NAMES.removesuffix(", custom")
    created = await db.values(
        session,
        UUID,
        f"""
        INSERT INTO members (church_id, source, {names}, custom)
        SELECT :church, 'sync', {names}, CAST(custom AS jsonb) FROM {_GIVEN}
        ON CONFLICT (church_id, phone_index, first_key) DO NOTHING
        RETURNING id
        """,
        {"church": church_id, **_arrays(entries)},
    )
    return set(created)


def _arrays(entries: Sequence[Entry]) -> dict[str, object]:
    rows = [_columns(each) for each in entries]
    return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}


def _columns(entry: Entry) -> _Columns:
    custom = {key: value for key, value in entry.fields.items() if value}
    return _Columns(
        id=entry.member_id,
        first_name=entry.first_name,
        last_name=entry.last_name,
        first_key=entry.first_key,
        last_key=entry.last_key,
        email=entry.email,
        phone_sealed=entry.phone_sealed,
        phone_index=entry.phone_index,
        phone_last_four=entry.endings.phone_last_four,
        phone_last_seven=entry.endings.phone_last_seven,
        timezone=entry.timezone,
        zones=entry.zones,
        custom=orjson.dumps(custom).decode() if custom else "{}",
    )
