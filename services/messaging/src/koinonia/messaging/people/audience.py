"""Who a target means: of its phones, those that get a text, and why the others do not.

One phone is one recipient, however many people share it. A phone that is left out keeps its reason,
so a preview can show it and a message counts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from koinonia.common import clock
from koinonia.messaging.composing import text_fields
from koinonia.messaging.people.consent import state_sql
from koinonia.messaging.people.targets.aims import Aim


class Reason(StrEnum):
    """Why a phone of a target gets no text; the first that holds, in this order. ``removed``: it
    got an earlier message, and nobody of the church has it any more."""

    REMOVED = "removed"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    STOP_ASKED = "stop_asked"
    MINISTRY_STOPPED = "ministry_stopped"
    INVALID = "invalid"
    LANDLINE = "landline"
    FATIGUE = "fatigue"


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
    aim: Aim,
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
               coalesce({_REMOVED}, {state_sql.JOINED_REASON}, {_ASKED}, {_stopped(aim)}, f.fact,
                        {"NULL" if budget is None else _TIRED}) AS reason
          FROM ({_phones(aim, merge_fields, is_sealed)}) AS m
          {state_sql.JOIN}
          {_STOPS.format(ministries=aim.ministries) if aim.ministries else ""}
          {_QUESTIONS}
          {_FACTS}
          {"" if budget is None else _TEXTS}
    """
    parameters = {**aim.parameters, "church_id": church_id, "now": clock.now()}
    return Audience(sql, parameters if budget is None else parameters | {"budget": budget})


# The people of a phone come in the order of joining, so no aggregate sorts for itself: that would
# take three times as long, for all those who share their phone with nobody.
def _phones(aim: Aim, merge_fields: Sequence[str], is_sealed: bool) -> str:
    phone = "r" if aim.message_id else "m"
    sealed = "coalesce(m.phone_sealed, r.phone_sealed)" if aim.message_id else "m.phone_sealed"
    return f"""
        SELECT CAST(:church_id AS uuid) AS church_id, m.phone_index,
               {"(array_agg(m.phone_sealed))[1] AS phone_sealed," if is_sealed else ""}
               array_agg(m.id) AS member_ids,
               CASE WHEN count(m.timezone) = 0 THEN coalesce(min(m.zones), '')
                    ELSE (SELECT string_agg(DISTINCT zone, ',' ORDER BY zone)
                            FROM unnest(array_agg(m.timezone)) AS said (zone)) END AS zones,
               {text_fields.columns(merge_fields)} AS merge_values
          FROM (SELECT m.id, {phone}.phone_index, m.timezone, m.zones,
                       {f"{sealed} AS phone_sealed," if is_sealed else ""}
                       m.first_name, m.last_name, {"m.custom" if merge_fields else "NULL"} AS custom
                  FROM {_EARLIER if aim.message_id else "members m"}
                 WHERE {phone}.church_id = :church_id AND {aim.members}
                 ORDER BY {phone}.phone_index, m.id) AS m
         GROUP BY m.phone_index
    """


# A phone that nobody has any more stays, with nobody: it is left out, and that is said.
_EARLIER = """
    (SELECT church_id, phone_index, phone_sealed FROM message_recipients
      WHERE message_id = :of_message AND status = ANY(CAST(:statuses AS text[]))) AS r
    LEFT JOIN members m ON m.church_id = r.church_id AND m.phone_index = r.phone_index"""


def _stopped(aim: Aim) -> str:
    """A phone that is meant by several ministries and stopped only some of them still gets the
    text."""
    if not aim.ministries:
        return "NULL"
    return f"""
        CASE WHEN s.phone_index IS NOT NULL AND NOT EXISTS (
                  SELECT FROM group_members gm
                   WHERE gm.member_id = ANY(m.member_ids)
                     AND gm.group_id IN ({aim.ministries})
                     AND NOT EXISTS (SELECT FROM group_stops own
                                      WHERE own.church_id = m.church_id
                                        AND own.group_id = gm.group_id
                                        AND own.phone_index = m.phone_index))
             THEN '{Reason.MINISTRY_STOPPED}' END"""


_REMOVED = f"CASE WHEN m.member_ids[1] IS NULL THEN '{Reason.REMOVED}' END"

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

# Not as a join: without nested loops it would read the recipients of all broadcasts.
_TEXTS = f"""
    LEFT JOIN (SELECT r.phone_index, count(*) AS texts
                 FROM message_recipients r
                WHERE r.message_id = ANY(ARRAY(
                          SELECT b.id FROM messages b
                           WHERE b.church_id = :church_id AND b.kind = 'broadcast'
                             AND b.created_at > CAST(:now AS timestamptz) - {WEEK}))
                  AND r.status NOT IN ('failed', 'skipped')
                GROUP BY r.phone_index) AS t
           ON t.phone_index = m.phone_index"""

_TIRED = f"CASE WHEN coalesce(t.texts, 0) >= :budget THEN '{Reason.FATIGUE}' END"
