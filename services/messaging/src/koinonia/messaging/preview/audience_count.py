"""Whom a draft reaches and what their texts cost, counted by one statement, so that nobody is added
or lost in between."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.messages import drafts, part_counts
from koinonia.messaging.messages.church_facts import ChurchFacts
from koinonia.messaging.messages.drafts import Draft
from koinonia.messaging.messages.part_counts import Fillings, Measured


@dataclass(frozen=True, slots=True)
class Count:
    """``measured`` are those who will be texted. ``strangers`` never had a broadcast; None where
    nobody asked."""

    people: int
    excluded: dict[str, int]
    zones: dict[str, int]
    measured: Measured
    strangers: int | None
    phones_digest: int | None  # equal for the very same phones; None where they may change a little

    @property
    def phones(self) -> int:
        return sum(self.zones.values())

    @property
    def parts(self) -> int:
        return self.measured.parts


class _Counted(NamedTuple):
    """Those of one reason and zone; one more row counts nobody and has all that is filled in."""

    reason: str | None
    zones: str
    phones: int
    people: int
    strangers: int
    digest: int
    fillings: list[list[str | None]] | None
    times: list[int] | None


async def count(session: AsyncSession, church_id: UUID, draft: Draft, *, strangers: bool) -> Count:
    """Raises what is wrong with the target, and ``FieldNeedsFallback``."""
    facts, is_filled = ChurchFacts(session, church_id), bool(draft.template.fields)
    async with facts.planned(draft.aim):
        reached = await drafts.audience_query(facts, church_id, draft, is_sealed=False)
        sql = _sql(draft, reached.sql, strangers=strangers)
        rows = await db.rows(session, _Counted, sql, reached.parameters)
    counted = [row for row in rows if row.phones]
    texted = [row for row in counted if row.reason is None]
    fillings = _fillings(rows) if is_filled else Fillings.none(sum(row.phones for row in texted))
    return Count(
        people=sum(row.people for row in counted),
        excluded=drafts.excluded(counted),
        zones={row.zones: row.phones for row in texted},
        measured=await part_counts.measure(draft, fillings),
        strangers=sum(row.strangers for row in texted) if strangers else None,
        phones_digest=drafts.phones_digest(draft, texted),
    )


def _fillings(rows: list[_Counted]) -> Fillings:
    [row] = [row for row in rows if not row.phones]
    return Fillings.from_columns(row.fillings, row.times)


def _sql(draft: Draft, audience: str, *, strangers: bool) -> str:
    """Rows of ``_Counted``."""
    filled = part_counts.grouped(draft, "audience WHERE reason IS NULL")
    return f"""
        WITH audience AS MATERIALIZED ({audience})
        SELECT reason, zones, count(*) AS phones, sum(cardinality(member_ids)) AS people,
               {"count(*) FILTER (WHERE g.fact IS NULL)" if strangers else "0"} AS strangers,
               {drafts.DIGEST} AS digest,
               CAST(NULL AS text[]) AS fillings, CAST(NULL AS bigint[]) AS times
          FROM audience {_GREETED if strangers else ""}
         GROUP BY reason, zones
        {_FILLED.format(filled=filled) if draft.template.fields else ""}
    """


_FILLED = """
        UNION ALL
        SELECT NULL, '', 0, 0, 0, 0, fillings, times FROM ({filled}) AS filled"""

_GREETED = """
    LEFT JOIN phone_facts g ON g.church_id = :church_id AND g.phone_index = audience.phone_index
                           AND g.fact = 'greeted'"""
