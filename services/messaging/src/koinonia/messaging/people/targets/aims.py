"""A target as SQL over ``members m``: whom it means, and by which ministries. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from koinonia.messaging.people.filters.conditions import Conditions
from koinonia.messaging.people.targets.target_schemas import TargetType

_BY_IDS = {
    TargetType.INDIVIDUAL: "m.id = ANY(CAST(:target_ids AS uuid[]))",
    TargetType.GROUPS: """
        m.id IN (SELECT member_id FROM group_members
                  WHERE group_id = ANY(CAST(:target_ids AS uuid[])))""",
    TargetType.BRANCHES: """
        m.id IN (SELECT gm.member_id FROM group_members gm JOIN groups g ON g.id = gm.group_id
                  WHERE g.branch_id = ANY(CAST(:target_ids AS uuid[])))""",
    TargetType.ALL: "CAST(:target_ids AS uuid[]) IS NOT NULL",
}

_MINISTRIES = {
    TargetType.GROUPS: "SELECT unnest(CAST(:target_ids AS uuid[]))",
    TargetType.BRANCHES: """
        SELECT id FROM groups WHERE branch_id = ANY(CAST(:target_ids AS uuid[]))""",
}
GREAT = 1_000  # phones of an earlier message, from which on their people are read all at once
_NAMED_GROUPS = "SELECT unnest(CAST(:named_groups AS uuid[]))"


@dataclass(frozen=True, slots=True)
class Aim:
    """``members`` is a condition. ``ministries`` selects the groups by which somebody is meant,
    and is None where a text is no ministry's. ``message_id``: only phones of this message whose
    text is in one of ``:statuses``, whoever has them now, or nobody. ``shown``: the target as staff
    gave it, as JSON, where type and ids do not say it; ``groups`` are those that it names.
    ``is_great``: that message had many phones."""

    target_type: TargetType
    target_ids: Sequence[UUID] = ()
    members: str = "true"
    ministries: str | None = None
    message_id: UUID | None = None
    shown: Mapping[str, object] | None = None
    groups: Sequence[UUID] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)
    is_great: bool = False


def by_ids(target_type: TargetType, target_ids: Sequence[UUID]) -> Aim:
    """Members, groups or branches, or everybody (no ids)."""
    return Aim(
        target_type,
        target_ids,
        members=_BY_IDS[target_type],
        ministries=_MINISTRIES.get(target_type),
        parameters={"target_ids": list(target_ids)},
    )


def by_filter(
    target_type: TargetType,
    wanted: Conditions,
    groups: Sequence[UUID],
    shown: Mapping[str, object],
) -> Aim:
    """Of whom a filter holds; ``groups``: those in which it says that they are."""
    return Aim(
        target_type,
        members=wanted.sql,
        ministries=_NAMED_GROUPS if groups else None,
        shown=shown,
        groups=groups,
        parameters={**wanted.parameters, "named_groups": list(groups)},
    )


def by_recipients(
    message_id: UUID,
    statuses: Sequence[str],
    groups: Sequence[UUID],
    shown: Mapping[str, object],
    phones: int = 0,
) -> Aim:
    """Phones of an earlier message, which had so many; ``groups``: the ministries whose message
    that was."""
    return Aim(
        TargetType.RECIPIENTS_OF,
        ministries=_NAMED_GROUPS if groups else None,
        message_id=message_id,
        shown=shown,
        groups=groups,
        parameters={
            "of_message": message_id,
            "statuses": list(statuses),
            "named_groups": list(groups),
        },
        is_great=phones >= GREAT,
    )
