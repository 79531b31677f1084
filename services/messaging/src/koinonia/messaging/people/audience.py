"""Who is meant by "these members", "these groups", "these branches", "everybody".

One phone is one recipient, however many people share it. A phone that is left out keeps its
reason, so a plan can tell of it and a message remembers how many there were.
"""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.errors import NoSuchBranch, NoSuchGroup, NoSuchMember


class TargetType(StrEnum):
    INDIVIDUAL = "individual"
    GROUPS = "groups"
    BRANCHES = "branches"
    ALL = "all"


AIMED_AT = {
    TargetType.INDIVIDUAL: "m.id = ANY(CAST(:target_ids AS uuid[]))",
    TargetType.GROUPS: """
        m.id IN (SELECT member_id FROM group_members
                  WHERE group_id = ANY(CAST(:target_ids AS uuid[])))""",
    TargetType.BRANCHES: """
        m.id IN (SELECT gm.member_id FROM group_members gm JOIN groups g ON g.id = gm.group_id
                  WHERE g.branch_id = ANY(CAST(:target_ids AS uuid[])))""",
    TargetType.ALL: "CAST(:target_ids AS uuid[]) IS NOT NULL",
}

OPTED_OUT = """
    EXISTS (SELECT FROM opt_outs o
             WHERE o.church_id = m.church_id AND o.phone_index = m.phone_index
               AND o.lifted_at IS NULL)"""

TARGETS = {
    TargetType.INDIVIDUAL: ("members", NoSuchMember),
    TargetType.GROUPS: ("groups", NoSuchGroup),
    TargetType.BRANCHES: ("branches", NoSuchBranch),
}


class Reason(StrEnum):
    """Why a phone of a target gets no text; the first that holds, in this order."""

    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    MINISTRY_STOPPED = "ministry_stopped"
    INVALID = "invalid"
    LANDLINE = "landline"
    FATIGUE = "fatigue"


def select(target_type: TargetType) -> str:
    """A SELECT of ``phone_index, phone_sealed, member_id, member_ids, reason``, one row per phone;
    ``member_id`` is who joined first, ``reason`` is null for who will be texted. Parameters:
    ``church_id, target_ids`` (a list, empty for ``all``)."""
    return f"""
        SELECT m.phone_index, m.phone_sealed, m.member_ids[1] AS member_id, m.member_ids,
               CASE WHEN {OPTED_OUT} THEN '{Reason.OPTED_OUT}' END AS reason
          FROM (SELECT m.church_id, m.phone_index,
                       (array_agg(m.phone_sealed ORDER BY m.id))[1] AS phone_sealed,
                       array_agg(m.id ORDER BY m.id) AS member_ids
                  FROM members m
                 WHERE m.church_id = :church_id AND {AIMED_AT[target_type]}
                 GROUP BY m.church_id, m.phone_index) AS m
    """


async def opted_out(
    session: AsyncSession, church_id: UUID, target_type: TargetType, target_ids: Sequence[UUID]
) -> int:
    """How many phones of the target are left out because they said STOP."""
    found = await db.first(
        session,
        f"""
        SELECT count(DISTINCT m.phone_index) AS phones FROM members m
         WHERE m.church_id = :church_id AND {AIMED_AT[target_type]} AND {OPTED_OUT}
        """,
        {"church_id": church_id, "target_ids": list(target_ids)},
    )
    return int(found.phones) if found else 0


async def check_targets(
    session: AsyncSession, church_id: UUID, target_type: TargetType, target_ids: Sequence[UUID]
) -> None:
    """Raises ``NotFound`` unless every id is one of this church's members, groups or branches."""
    if target_type is TargetType.ALL:
        return
    table, missing = TARGETS[target_type]
    found = await db.rows(
        session,
        f"""
        SELECT id FROM {table}
         WHERE church_id = :church_id AND id = ANY(CAST(:target_ids AS uuid[]))
        """,
        {"church_id": church_id, "target_ids": list(target_ids)},
    )
    unknown = set(target_ids) - {row.id for row in found}
    if unknown:
        raise missing(details={"ids": sorted(map(str, unknown))[:20]})
