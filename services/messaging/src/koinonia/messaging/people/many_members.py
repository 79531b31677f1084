"""Work on up to 5,000 members at once, in a few statements however many they are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import MemberRemoved
from koinonia.messaging.errors import NoSuchMember
from koinonia.messaging.people import branches, group_membership, groups
from koinonia.messaging.people.member_errors import (
    GroupElsewhere,
    GroupTwice,
    NoGroupToMoveTo,
    SameBranch,
)
from koinonia.messaging.people.targets import resolution
from koinonia.messaging.people.targets.target_schemas import TargetType

EVENT_SIZE = 500
AT_ONCE = 1000  # members of one statement


class Outcome(NamedTuple):
    """How many were changed or needed no change, and which are not members."""

    changed: int
    unchanged: int
    not_found: list[UUID]


class _Place(NamedTuple):
    """A membership in the branch that is left, and the group of that name in the other one."""

    member_id: UUID
    group_id: UUID
    group_name: str
    there: UUID | None


async def change_groups(
    session: AsyncSession,
    church_id: UUID,
    member_ids: Sequence[UUID],
    join: Sequence[UUID],
    leave: Sequence[UUID],
) -> Outcome:
    """Put all of them into each group of ``join`` and take them out of each of ``leave``."""
    await resolution.check_targets(session, church_id, TargetType.GROUPS, [*join, *leave])
    present = await _present(session, church_id, member_ids) if member_ids else []
    if set(join) & set(leave):
        raise GroupTwice
    changed: set[UUID] = set()
    for group_id in leave:
        changed |= await group_membership.leave_all(session, church_id, group_id, present)
    for group_id in join:
        pairs = [(group_id, member_id) for member_id in present]
        joined = await group_membership.join(session, church_id, pairs)
        changed |= {pair.member_id for pair in joined}
    return _outcome(member_ids, present, changed)


async def move(
    session: AsyncSession,
    church_id: UUID,
    member_ids: Sequence[UUID],
    from_branch: UUID,
    to_branch: UUID,
    group_id: UUID | None,
) -> Outcome:
    """Take them out of every group of one branch, and put them into the groups of the same names of
    another; where it has none of the name, into ``group_id``."""
    for branch_id in (from_branch, to_branch):
        await branches.get(session, branch_id)
    group = await groups.get(session, group_id) if group_id else None
    present = await _present(session, church_id, member_ids)
    if from_branch == to_branch:
        raise SameBranch
    if group and group.branch_id != to_branch:
        raise GroupElsewhere
    places = await _places(session, present, from_branch, to_branch)
    if missing := sorted({each.group_name for each in places if not (each.there or group_id)}):
        raise NoGroupToMoveTo.named(missing)
    for left in sorted({each.group_id for each in places}):
        await group_membership.leave_all(session, church_id, left, present)
    joining: dict[UUID, list[UUID]] = defaultdict(list)
    for each in places:
        if target := each.there or group_id:
            joining[target].append(each.member_id)
    for target in sorted(joining):
        pairs = [(target, member_id) for member_id in joining[target]]
        await group_membership.join(session, church_id, pairs)
    return _outcome(member_ids, present, {each.member_id for each in places})


async def remove(session: AsyncSession, church_id: UUID, member_ids: Sequence[UUID]) -> Outcome:
    """Remove them. Opt-outs belong to their phones and stay, as do their conversations."""
    present = await _present(session, church_id, member_ids)
    for start in range(0, len(present), AT_ONCE):
        await db.run(
            session,
            "DELETE FROM members WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))",
            {"church": church_id, "ids": present[start : start + AT_ONCE]},
        )
    events = [MemberRemoved(church_id=church_id, member_ids=part) for part in _parts(present)]
    await outbox.add(session, *events)
    return _outcome(member_ids, present, set(present))


async def _present(
    session: AsyncSession, church_id: UUID, member_ids: Sequence[UUID]
) -> list[UUID]:
    """Those who are members; they stay so until the transaction ends. Raises ``NoSuchMember`` where
    nobody is. Requests about many take turns, with each other and with imports."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"import {church_id}"},
    )
    found = await db.values(
        session,
        UUID,
        """
        SELECT id FROM members WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
         ORDER BY id FOR KEY SHARE
        """,
        {"church": church_id, "ids": list(member_ids)},
    )
    if not found:
        raise NoSuchMember(details={"ids": [str(each) for each in member_ids[:20]]})
    return found


async def _places(
    session: AsyncSession, member_ids: Sequence[UUID], from_branch: UUID, to_branch: UUID
) -> list[_Place]:
    return await db.rows(
        session,
        _Place,
        """
        SELECT gm.member_id, g.id AS group_id, g.name AS group_name, t.id AS there
          FROM groups g
          JOIN group_members gm ON gm.group_id = g.id
          LEFT JOIN groups t ON t.branch_id = :to AND t.name_key = g.name_key
         WHERE g.branch_id = :from AND gm.member_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"ids": list(member_ids), "from": from_branch, "to": to_branch},
    )


def _outcome(asked: Sequence[UUID], present: Sequence[UUID], changed: set[UUID]) -> Outcome:
    known = set(present)
    others = [each for each in dict.fromkeys(asked) if each not in known]
    return Outcome(len(changed), len(present) - len(changed), others)


def _parts(member_ids: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(member_ids), EVENT_SIZE):
        yield member_ids[start : start + EVENT_SIZE]
