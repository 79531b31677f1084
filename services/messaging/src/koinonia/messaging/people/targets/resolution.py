"""A target made ready to ask: what it names exists, and a segment is its filter of now."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.messaging.errors import NoSuchBranch, NoSuchGroup, NoSuchMember, NoSuchMessage
from koinonia.messaging.people.filters import preparation
from koinonia.messaging.people.filters.people_filter import PeopleFilter
from koinonia.messaging.people.segments import segments
from koinonia.messaging.people.targets import aims
from koinonia.messaging.people.targets.aims import Aim
from koinonia.messaging.people.targets.target_schemas import (
    EverybodyTarget,
    FilterTarget,
    IdsTarget,
    RecipientsTarget,
    SegmentTarget,
    Target,
    TargetType,
)

_TABLES = {
    TargetType.INDIVIDUAL: ("members", NoSuchMember),
    TargetType.GROUPS: ("groups", NoSuchGroup),
    TargetType.BRANCHES: ("branches", NoSuchBranch),
}


async def resolve(session: AsyncSession, church_id: UUID, target: Target, phones: Phones) -> Aim:
    """Whom a target means now. Raises ``NotFound`` where it names what the church does not have,
    and ``SegmentBroken`` for a segment that does."""
    match target:
        case IdsTarget():
            target_type = TargetType(target.type)
            await check_targets(session, church_id, target_type, target.ids)
            return aims.by_ids(target_type, target.ids)
        case EverybodyTarget():
            return aims.by_ids(TargetType.ALL, ())
        case FilterTarget():
            shown = target.model_dump(mode="json", by_alias=True, exclude_unset=True)
            return await _filtered(
                session, church_id, TargetType.FILTER, target.filter, phones, shown
            )
        case SegmentTarget():
            segment = await segments.usable(session, church_id, target.segment_id)
            shown = {
                "type": target.type,
                "segmentId": str(segment.id),
                "name": segment.name,
                "filter": segment.filter,
            }
            wanted = segments.wanted(segment)
            return await _filtered(session, church_id, TargetType.SEGMENT, wanted, phones, shown)
        case RecipientsTarget():
            return await _recipients(session, target)


async def check_targets(
    session: AsyncSession, church_id: UUID, target_type: TargetType, target_ids: Sequence[UUID]
) -> None:
    """Raises ``NotFound`` unless every id is one of this church's members, groups or branches."""
    if target_type not in _TABLES:
        return
    table, missing = _TABLES[target_type]
    found = await db.values(
        session,
        UUID,
        f"""
        SELECT id FROM {table}
         WHERE church_id = :church_id AND id = ANY(CAST(:target_ids AS uuid[]))
        """,
        {"church_id": church_id, "target_ids": list(target_ids)},
    )
    unknown = set(target_ids) - set(found)
    if unknown:
        raise missing(details={"ids": sorted(map(str, unknown))[:20]})


async def _filtered(
    session: AsyncSession,
    church_id: UUID,
    target_type: TargetType,
    wanted: PeopleFilter,
    phones: Phones,
    shown: dict[str, object],
) -> Aim:
    found = await preparation.prepared(session, church_id, wanted, phones)
    groups = wanted.joined_groups
    groups += await _groups_of_branches(session, wanted.branch_ids or ())
    return aims.by_filter(target_type, found, list(dict.fromkeys(groups)), shown)


async def _groups_of_branches(session: AsyncSession, branch_ids: Sequence[UUID]) -> list[UUID]:
    if not branch_ids:
        return []
    return await db.values(
        session,
        UUID,
        "SELECT id FROM groups WHERE branch_id = ANY(CAST(:branches AS uuid[])) ORDER BY id",
        {"branches": list(branch_ids)},
    )


class _Earlier(NamedTuple):
    groups: list[UUID]
    phones: int


async def _recipients(session: AsyncSession, target: RecipientsTarget) -> Aim:
    """What a ministry sent, it corrects: who left it meanwhile is left out."""
    earlier = await db.one(
        session,
        _Earlier,
        """
        SELECT CASE target_type
                    WHEN 'groups' THEN target_ids
                    WHEN 'branches' THEN ARRAY(SELECT g.id FROM groups g
                                                WHERE g.branch_id = ANY(target_ids))
                    ELSE target_groups
               END AS groups, total_recipients AS phones
          FROM messages WHERE id = :id AND kind = 'broadcast'
        """,
        {"id": target.message_id},
        missing=NoSuchMessage,
    )
    shown = target.model_dump(mode="json", by_alias=True)
    return aims.by_recipients(
        target.message_id, target.statuses, earlier.groups, shown, earlier.phones
    )
