"""Who is in which group. Only this module writes ``group_members``, because other services keep a
copy and hear of each change from here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events import Event
from koinonia.common.events.messaging import GroupMembersChanged, GroupMoves, ManyGroupsChanged

EVENT_SIZE = 500
FEW_GROUPS = 20  # of one statement; the changes of more are told together


class Pair(NamedTuple):
    group_id: UUID
    member_id: UUID


async def join(
    session: AsyncSession, church_id: UUID, pairs: Iterable[tuple[UUID, UUID]]
) -> set[Pair]:
    """Put members into groups, in one statement; returns who was not in them before. A pair is a
    group and a member."""
    given = list(pairs)
    if not given:
        return set()
    found = await db.rows(
        session,
        Pair,
        """
        INSERT INTO group_members (church_id, group_id, member_id)
        SELECT :church, group_id, member_id
          FROM json_to_recordset(CAST(:pairs AS json)) AS given (group_id uuid, member_id uuid)
         ORDER BY group_id, member_id
        ON CONFLICT DO NOTHING
        RETURNING group_id, member_id
        """,
        {
            "church": church_id,
            "pairs": db.records(
                {"group_id": group_id, "member_id": member_id} for group_id, member_id in given
            ),
        },
    )
    joined = set(found)
    await _publish(session, church_id, joined=joined)
    return joined


async def leave(session: AsyncSession, church_id: UUID, group_id: UUID, member_id: UUID) -> None:
    """Take a member out of a group; nothing happens to somebody who is not in it."""
    await _leave(
        session,
        church_id,
        "gm.group_id = :group AND gm.member_id = :member",
        {"group": group_id, "member": member_id},
    )


async def leave_all(
    session: AsyncSession, church_id: UUID, group_id: UUID, member_ids: Sequence[UUID]
) -> set[UUID]:
    """Take these members out of a group, in one statement; returns who was in it."""
    left = await _leave(
        session,
        church_id,
        "gm.group_id = :group AND gm.member_id = ANY(CAST(:members AS uuid[]))",
        {"group": group_id, "members": list(member_ids)},
    )
    return {pair.member_id for pair in left}


async def leave_these(
    session: AsyncSession, church_id: UUID, pairs: Iterable[tuple[UUID, UUID]]
) -> None:
    """Take members out of groups, in one statement. A pair is a group and a member."""
    given = [{"group_id": group_id, "member_id": member_id} for group_id, member_id in pairs]
    if given:
        await _leave(
            session,
            church_id,
            """
            (gm.group_id, gm.member_id) IN (
                SELECT group_id, member_id
                  FROM json_to_recordset(CAST(:pairs AS json))
                       AS given (group_id uuid, member_id uuid))
            """,
            {"pairs": db.records(given)},
        )


async def leave_others(
    session: AsyncSession, church_id: UUID, member_id: UUID, group_ids: Sequence[UUID]
) -> None:
    """Take a member out of all groups but these."""
    await _leave(
        session,
        church_id,
        "gm.member_id = :member AND NOT gm.group_id = ANY(CAST(:groups AS uuid[]))",
        {"member": member_id, "groups": list(group_ids)},
    )


async def settle(
    session: AsyncSession, church_id: UUID, wanted: Mapping[UUID, Collection[UUID]]
) -> set[UUID]:
    """Let the groups of each of these members be exactly those given; returns whose were others.
    Two statements, however many members."""
    if not wanted:
        return set()
    pairs = sorted({(group_id, each) for each, groups in wanted.items() for group_id in groups})
    left = await _leave(
        session,
        church_id,
        """
        gm.member_id = ANY(CAST(:members AS uuid[])) AND NOT EXISTS (
            SELECT FROM unnest(CAST(:groups AS uuid[]), CAST(:joining AS uuid[]))
                        AS given (group_id, member_id)
             WHERE given.group_id = gm.group_id AND given.member_id = gm.member_id)
        """,
        {
            "members": list(wanted),
            "groups": [group_id for group_id, _ in pairs],
            "joining": [member_id for _, member_id in pairs],
        },
    )
    joined = await join(session, church_id, pairs)
    return {pair.member_id for pair in (*left, *joined)}


async def leave_by_phone(
    session: AsyncSession, church_id: UUID, group_id: UUID, phone_index: str
) -> list[UUID]:
    """Take everybody of a phone out of a group; returns who was in it."""
    left = await _leave(
        session,
        church_id,
        """
        gm.group_id = :group AND gm.member_id IN (
            SELECT id FROM members WHERE church_id = :church AND phone_index = :index)
        """,
        {"group": group_id, "church": church_id, "index": phone_index},
    )
    return [pair.member_id for pair in left]


async def _leave(
    session: AsyncSession, church_id: UUID, which: str, parameters: dict[str, object]
) -> list[Pair]:
    found = await db.rows(
        session,
        Pair,
        f"DELETE FROM group_members gm WHERE {which} RETURNING gm.group_id, gm.member_id",
        parameters,
    )
    left = sorted(found)
    await _publish(session, church_id, left=left)
    return left


async def _publish(
    session: AsyncSession,
    church_id: UUID,
    *,
    joined: Collection[Pair] = (),
    left: Collection[Pair] = (),
) -> None:
    names = await _names(session, {pair.group_id for pair in (*joined, *left)})
    admin_id: UUID | None = session.info.get(db.ADMIN)
    moves = [
        *(
            GroupMoves(group_id=each, group_name=names.get(each), joined=who)
            for each, who in _parts(joined)
        ),
        *(
            GroupMoves(group_id=each, group_name=names.get(each), left=who)
            for each, who in _parts(left)
        ),
    ]
    if len(names) > FEW_GROUPS:
        events: list[Event] = [
            ManyGroupsChanged(church_id=church_id, groups=some, admin_id=admin_id)
            for some in _together(moves)
        ]
    else:
        events = [
            GroupMembersChanged(
                church_id=church_id,
                group_id=each.group_id,
                group_name=each.group_name,
                admin_id=admin_id,
                joined=each.joined,
                left=each.left,
            )
            for each in moves
        ]
    await outbox.add(session, *events)


def _together(moves: Iterable[GroupMoves]) -> Iterator[tuple[GroupMoves, ...]]:
    """As many as one event holds."""
    some: list[GroupMoves] = []
    size = 0
    for each in moves:
        more = len(each.joined) + len(each.left)
        if some and size + more > EVENT_SIZE:
            yield tuple(some)
            some, size = [], 0
        some.append(each)
        size += more
    if some:
        yield tuple(some)


class _Named(NamedTuple):
    id: UUID
    name: str


async def _names(session: AsyncSession, group_ids: Collection[UUID]) -> dict[UUID, str]:
    if not group_ids:
        return {}
    found = await db.rows(
        session,
        _Named,
        "SELECT id, name FROM groups WHERE id = ANY(CAST(:ids AS uuid[]))",
        {"ids": list(group_ids)},
    )
    return {each.id: each.name for each in found}


def _parts(pairs: Collection[Pair]) -> Iterator[tuple[UUID, tuple[UUID, ...]]]:
    """The members by group, as many as one event holds."""
    by_group: dict[UUID, list[UUID]] = defaultdict(list)
    for group_id, member_id in pairs:
        by_group[group_id].append(member_id)
    for group_id, members in by_group.items():
        for start in range(0, len(members), EVENT_SIZE):
            yield group_id, tuple(members[start : start + EVENT_SIZE])
