"""Which members the entries are about, and what is known of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.people import unnamed_members
from koinonia.messaging.people.unnamed_members import Name
from koinonia.messaging.people.upserts.errors import ChangedMeanwhile, SamePerson
from koinonia.messaging.people.upserts.upsert_entries import Entry, accepted


class Known(NamedTuple):
    """A member as they are; nobody else changes them until the transaction ends."""

    id: UUID
    first_name: str
    last_name: str
    email: str | None
    timezone: str | None
    custom: dict[str, str]
    phone_index: str
    phone_sealed: str


class _Match(NamedTuple):
    position: int
    id: UUID


async def find(
    session: AsyncSession,
    church_id: UUID,
    entries: Sequence[Entry],
    linked: Mapping[str, UUID],
    taken: dict[UUID, int],
) -> dict[UUID, Known]:
    """Give entries the ids of the members whom they mean: ``linked`` by the id of the other system,
    else by phone and name. A member without a name on the phone gets the name. ``taken`` are the
    members of all rows so far; a second row about one is refused. Returns who is known, by id."""
    by_name: list[Entry] = []
    for each in accepted(entries):
        if each.external_id in linked:
            each.member_id = linked[each.external_id or ""]
        else:
            by_name.append(each)
    named = await unnamed_members.name(
        session, church_id, [Name(e.phone_index, e.first_name, e.last_name) for e in by_name]
    )
    for match in await _matches(session, by_name):
        found = by_name[match.position - 1]
        if (row := taken.setdefault(match.id, found.row)) != found.row:
            found.refuse(SamePerson.as_in(row))
        found.member_id = match.id
        if match.id in named:
            found.touch()
    known = await _locked(session, [each.member_id for each in accepted(entries)])
    for each in accepted(entries):
        if each.external_id in linked and each.member_id not in known:
            each.refuse(ChangedMeanwhile())
    return known


async def _matches(session: AsyncSession, entries: Sequence[Entry]) -> list[_Match]:
    return await db.rows(
        session,
        _Match,
        """
        SELECT given.position, m.id
          FROM unnest(CAST(:indexes AS text[]), CAST(:keys AS text[])) WITH ORDINALITY
               AS given (index, key, position)
          JOIN members m ON m.phone_index = given.index AND m.first_key = given.key
         ORDER BY given.position
        """,
        {
            "indexes": [each.phone_index for each in entries],
            "keys": [each.first_key for each in entries],
        },
    )


async def _locked(session: AsyncSession, member_ids: Sequence[UUID]) -> dict[UUID, Known]:
    found = await db.rows(
        session,
        Known,
        """
        SELECT id, first_name, last_name, email, timezone, custom, phone_index, phone_sealed
          FROM members WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE
        """,
        {"ids": list(member_ids)},
    )
    return {member.id: member for member in found}
