"""Who a target means: some members, groups, branches, or everybody.

One phone is one recipient, however many people share it. A phone that is left out keeps its reason,
so a preview can show it and a message counts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.composing import text_fields
from koinonia.messaging.errors import NoSuchBranch, NoSuchGroup, NoSuchMember
from koinonia.messaging.people.consent import state_sql


class TargetType(StrEnum):
    INDIVIDUAL = "individual"
    GROUPS = "groups"
    BRANCHES = "branches"
    ALL = "all"


class Reason(StrEnum):
    """Why a phone of a target gets no text; the first that holds, in this order."""

    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    STOP_ASKED = "stop_asked"
    MINISTRY_STOPPED = "ministry_stopped"
    INVALID = "invalid"
    LANDLINE = "landline"
    FATIGUE = "fatigue"


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

MINISTRIES = {
    TargetType.GROUPS: "SELECT unnest(CAST(:target_ids AS uuid[]))",
    TargetType.BRANCHES: """
        SELECT id FROM groups WHERE branch_id = ANY(CAST(:target_ids AS uuid[]))""",
}
"""The groups by which somebody is meant; a text to everybody is no ministry's."""

TARGETS = {
    TargetType.INDIVIDUAL: ("members", NoSuchMember),
    TargetType.GROUPS: ("groups", NoSuchGroup),
    TargetType.BRANCHES: ("branches", NoSuchBranch),
}

WEEK = "interval '7 days'"
FACTS_HOLD = "interval '180 days'"  # a number may be given to somebody else, or ported


@dataclass(frozen=True, slots=True)
class Audience:
    """A SELECT of one row per phone of a target, and its parameters.

    ``phone_index, member_id`` (who joined first), ``member_ids`` (in the order of joining),
    ``reason`` (null for who will be texted), ``zones`` (where the phone may be; their own word
    before that of the number), ``merge_values`` (aligned with the fields; null without any), and
    ``phone_sealed`` if asked for.
    """

    sql: str
    parameters: dict[str, object]


def query(
    church_id: UUID,
    target_type: TargetType,
    target_ids: Sequence[UUID],
    *,
    merge_fields: Sequence[str] = (),
    budget: int | None = None,
    is_sealed: bool = True,
) -> Audience:
    """The audience of a target. ``budget``: a phone that got so many broadcasts in the last seven
    days is left out (``FATIGUE``); None is no budget."""
    sql = f"""
        SELECT m.phone_index, m.member_ids[1] AS member_id, m.member_ids, m.zones, m.merge_values,
               {"m.phone_sealed," if is_sealed else ""}
               coalesce({state_sql.JOINED_REASON}, {_ASKED}, {_stopped(target_type)}, f.fact,
                        {"NULL" if budget is None else _TIRED}) AS reason
          FROM ({_phones(target_type, merge_fields, is_sealed)}) AS m
          {state_sql.JOIN}
          {_STOPS.format(ministries=MINISTRIES[target_type]) if target_type in MINISTRIES else ""}
          {_QUESTIONS}
          {_FACTS}
          {"" if budget is None else _TEXTS}
    """
    parameters: dict[str, object] = {
        "church_id": church_id,
        "target_ids": list(target_ids),
        "now": clock.now(),
    }
    return Audience(sql, parameters if budget is None else parameters | {"budget": budget})


# The people of a phone come in the order of joining, so no aggregate sorts for itself: that would
# take three times as long, for all those who share their phone with nobody.
def _phones(target_type: TargetType, merge_fields: Sequence[str], is_sealed: bool) -> str:
    return f"""
        SELECT CAST(:church_id AS uuid) AS church_id, m.phone_index,
               {"(array_agg(m.phone_sealed))[1] AS phone_sealed," if is_sealed else ""}
               array_agg(m.id) AS member_ids,
               CASE WHEN count(m.timezone) = 0 THEN coalesce(min(m.zones), '')
                    ELSE (SELECT string_agg(DISTINCT zone, ',' ORDER BY zone)
                            FROM unnest(array_agg(m.timezone)) AS said (zone)) END AS zones,
               {text_fields.columns(merge_fields)} AS merge_values
          FROM (SELECT m.id, m.phone_index, m.timezone, m.zones,
                       {"m.phone_sealed," if is_sealed else ""}
                       m.first_name, m.last_name, {"m.custom" if merge_fields else "NULL"} AS custom
                  FROM members m
                 WHERE m.church_id = :church_id AND {AIMED_AT[target_type]}
                 ORDER BY m.phone_index, m.id) AS m
         GROUP BY m.phone_index
    """


def _stopped(target_type: TargetType) -> str:
    """A phone that is meant by several ministries and stopped only some of them still gets the
    text."""
    if target_type not in MINISTRIES:
        return "NULL"
    return f"""
        CASE WHEN s.phone_index IS NOT NULL AND NOT EXISTS (
                  SELECT FROM group_members gm
                   WHERE gm.member_id = ANY(m.member_ids)
                     AND gm.group_id IN ({MINISTRIES[target_type]})
                     AND NOT EXISTS (SELECT FROM group_stops own
                                      WHERE own.church_id = m.church_id
                                        AND own.group_id = gm.group_id
                                        AND own.phone_index = m.phone_index))
             THEN '{Reason.MINISTRY_STOPPED}' END"""


_STOPS = """
    LEFT JOIN (SELECT DISTINCT phone_index FROM group_stops
                WHERE church_id = :church_id AND group_id IN ({ministries})) AS s
           ON s.phone_index = m.phone_index"""

_QUESTIONS = """
    LEFT JOIN (SELECT phone_index FROM stop_questions WHERE church_id = :church_id) AS q
           ON q.phone_index = m.phone_index"""

_ASKED = f"CASE WHEN q.phone_index IS NOT NULL THEN '{Reason.STOP_ASKED}' END"

_FACTS = f"""
    LEFT JOIN (SELECT phone_index, min(fact) AS fact FROM phone_facts
                WHERE church_id = :church_id AND fact <> 'greeted'
                  AND learned_at > CAST(:now AS timestamptz) - {FACTS_HOLD}
                GROUP BY phone_index) AS f
           ON f.phone_index = m.phone_index"""

_TEXTS = f"""
    LEFT JOIN (SELECT r.phone_index, count(*) AS texts
                 FROM messages b JOIN message_recipients r ON r.message_id = b.id
                WHERE b.church_id = :church_id AND b.kind = 'broadcast'
                  AND b.created_at > CAST(:now AS timestamptz) - {WEEK}
                  AND r.status NOT IN ('failed', 'skipped')
                GROUP BY r.phone_index) AS t
           ON t.phone_index = m.phone_index"""

_TIRED = f"CASE WHEN coalesce(t.texts, 0) >= :budget THEN '{Reason.FATIGUE}' END"


async def check_targets(
    session: AsyncSession, church_id: UUID, target_type: TargetType, target_ids: Sequence[UUID]
) -> None:
    """Raises ``NotFound`` unless every id is one of this church's members, groups or branches."""
    if target_type is TargetType.ALL:
        return
    table, missing = TARGETS[target_type]
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
