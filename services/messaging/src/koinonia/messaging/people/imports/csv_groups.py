"""The groups that a file names: found where they exist, made where they are missing.

``North/Youth`` is the group Youth of the branch North. A bare ``Youth`` is the group of the given
branch, else of the church's first branch, else the only group of that name anywhere; when there is
none it is made in the first of these places.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging import names
from koinonia.messaging.errors import TooManyGroups

FIRST_BRANCH = "Main"
MOST_GROUPS = 1_000  # of one file: each is told to all services by itself, before what comes later


@dataclass(frozen=True, slots=True)
class Place:
    """A name taken apart. ``branch`` is empty for a bare name."""

    branch: str
    group: str


class CreatedBranch(NamedTuple):
    id: UUID
    name: str
    name_key: str


class CreatedGroup(NamedTuple):
    id: UUID
    name: str
    branch_id: UUID


class _Branch(NamedTuple):
    id: UUID
    name_key: str


class _Group(NamedTuple):
    id: UUID
    branch_id: UUID
    name_key: str


@dataclass(frozen=True, slots=True)
class Placed:
    group_ids: dict[str, UUID]  # by name as written
    created_branches: list[CreatedBranch]
    created_groups: list[CreatedGroup]


async def place(
    session: AsyncSession, church_id: UUID, written: Iterable[str], branch_id: UUID | None
) -> Placed:
    """The group of every name in ``written``. Raises ``TooManyGroups``."""
    places: dict[str, Place] = {}
    for name in written:
        places[name] = _taken_apart(name)
        if len(places) > MOST_GROUPS:
            raise TooManyGroups
    if not places:
        return Placed({}, [], [])
    branches, created_branches = await _branches(session, church_id, places.values(), branch_id)
    home = branch_id or next(iter(branches.values()))
    known = await _groups(session, places.values())
    spots = {name: _spot(place, branches, home, known, branch_id) for name, place in places.items()}
    missing: dict[Spot, str] = {}
    for name, spot in spots.items():
        if spot not in known:
            missing.setdefault(spot, places[name].group)
    created = await _create_groups(session, church_id, missing)
    known |= {(group.branch_id, names.key(group.name)): group.id for group in created}
    return Placed({name: known[spot] for name, spot in spots.items()}, created_branches, created)


Spot = tuple[UUID, str]  # a branch and the key of a group's name


def _taken_apart(written: str) -> Place:
    branch, slash, group = map(names.tidy, written.partition("/"))
    return Place(branch, group) if branch and group else Place("", group or branch or slash)


def _spot(
    place: Place,
    branches: dict[str, UUID],
    home: UUID,
    known: dict[Spot, UUID],
    branch_id: UUID | None,
) -> Spot:
    key = names.key(place.group)
    if place.branch:
        return branches[names.key(place.branch)], key
    elsewhere = [spot for spot in known if spot[1] == key]
    if branch_id is None and (home, key) not in known and len(elsewhere) == 1:
        return elsewhere[0]
    return home, key


async def _branches(
    session: AsyncSession, church_id: UUID, places: Iterable[Place], branch_id: UUID | None
) -> tuple[dict[str, UUID], list[CreatedBranch]]:
    """All branches by key, the oldest first, after making those that are missing."""
    found = await db.rows(session, _Branch, "SELECT id, name_key FROM branches ORDER BY id")
    branches: dict[str, UUID] = {row.name_key: row.id for row in found}
    named: dict[str, str] = {}
    for place in places:
        if place.branch:
            named.setdefault(names.key(place.branch), place.branch)  # as it is written first
    if not branches and not named and branch_id is None:
        named = {names.key(FIRST_BRANCH): FIRST_BRANCH}
    missing = {key: name for key, name in named.items() if key not in branches}
    if not missing:
        return branches, []
    created = await db.rows(
        session,
        CreatedBranch,
        """
        INSERT INTO branches (id, church_id, name, name_key)
        SELECT id, :church_id, name, key
          FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:keys AS text[]))
               AS given (id, name, key)
        ON CONFLICT (church_id, name_key) DO UPDATE SET name = branches.name
        RETURNING id, name, name_key
        """,
        {
            "church_id": church_id,
            "ids": [db.uuid7() for _ in missing],
            "names": list(missing.values()),
            "keys": list(missing),
        },
    )
    return branches | {row.name_key: row.id for row in created}, created


async def _groups(session: AsyncSession, places: Iterable[Place]) -> dict[Spot, UUID]:
    found = await db.rows(
        session,
        _Group,
        """
        SELECT id, branch_id, name_key FROM groups WHERE name_key = ANY(CAST(:keys AS text[]))
        """,
        {"keys": list({names.key(place.group) for place in places})},
    )
    return {(row.branch_id, row.name_key): row.id for row in found}


async def _create_groups(
    session: AsyncSession, church_id: UUID, missing: dict[Spot, str]
) -> list[CreatedGroup]:
    if not missing:
        return []
    return await db.rows(
        session,
        CreatedGroup,
        """
        INSERT INTO groups (id, church_id, branch_id, name, name_key)
        SELECT id, :church_id, branch_id, name, key
          FROM unnest(CAST(:ids AS uuid[]), CAST(:branches AS uuid[]), CAST(:names AS text[]),
                      CAST(:keys AS text[])) AS given (id, branch_id, name, key)
        ON CONFLICT (branch_id, name_key) DO UPDATE SET name = groups.name
        RETURNING id, name, branch_id
        """,
        {
            "church_id": church_id,
            "ids": [db.uuid7() for _ in missing],
            "branches": [branch_id for branch_id, _ in missing],
            "names": list(missing.values()),
            "keys": [key for _, key in missing],
        },
    )
