"""Whom a draft reaches and what their texts cost, in one look: nobody is added or lost between two
statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.broadcasts import measuring, reach, recipients
from koinonia.messaging.broadcasts.drafts import Draft
from koinonia.messaging.broadcasts.measuring import Filling
from koinonia.messaging.composing.parts import Cost
from koinonia.messaging.people.audience import Audience


@dataclass(frozen=True, slots=True)
class Count:
    """``fillings`` are those who will be texted, by what is filled in, and ``costs`` what one text
    of each costs. ``strangers`` never had a broadcast; None where nobody asked."""

    people: int
    excluded: dict[str, int]
    zones: dict[str, int]
    fillings: Sequence[Filling]
    costs: Sequence[Cost]
    strangers: int | None

    @property
    def phones(self) -> int:
        return sum(self.zones.values())

    @property
    def parts(self) -> int:
        return total_parts(self.fillings, self.costs)

    @property
    def by_parts(self) -> dict[int, int]:
        """Texts by how many parts each has."""
        counted: Counter[int] = Counter()
        for filling, cost in zip(self.fillings, self.costs, strict=True):
            counted[cost.parts] += filling.phones
        return dict(sorted(counted.items()))


def total_parts(fillings: Sequence[Filling], costs: Sequence[Cost]) -> int:
    return sum(f.phones * cost.parts for f, cost in zip(fillings, costs, strict=True))


async def of(session: AsyncSession, church_id: UUID, draft: Draft, *, strangers: bool) -> Count:
    """Raises what is wrong with the target, and ``FieldNeedsFallback``."""
    reached = await reach.of(session, church_id, draft, is_sealed=False)
    rows = await db.rows(session, _sql(reached, strangers), reached.parameters)
    counted = [row for row in rows if row.key is None]
    texted = [row for row in counted if row.reason is None]
    phones = sum(row.phones for row in texted)
    if draft.template.fields:
        fillings = [Filling(r.merge_values, r.key, r.phones) for r in rows if r.key is not None]
    else:
        fillings = [Filling((), None, phones)] if phones else []
    return Count(
        people=int(sum(row.people for row in counted)),
        excluded=recipients.excluded(counted),
        zones={row.zones: row.phones for row in texted},
        fillings=fillings,
        costs=await measuring.costs(draft, fillings),
        strangers=int(sum(row.strangers for row in texted)) if strangers else None,
    )


def _sql(reached: Audience, strangers: bool) -> str:
    return f"""
        WITH audience AS MATERIALIZED ({reached.sql})
        SELECT reason, zones, CAST(NULL AS text[]) AS merge_values, CAST(NULL AS text) AS key,
               count(*) AS phones, sum(cardinality(member_ids)) AS people,
               {"count(*) FILTER (WHERE g.fact IS NULL)" if strangers else "NULL"} AS strangers
          FROM audience {_GREETED if strangers else ""}
         GROUP BY reason, zones
         UNION ALL
        SELECT NULL, NULL, merge_values, CAST(merge_values AS text), count(*), NULL, NULL
          FROM audience WHERE reason IS NULL AND merge_values IS NOT NULL
         GROUP BY merge_values
    """


_GREETED = """
    LEFT JOIN phone_facts g ON g.church_id = :church_id AND g.phone_index = audience.phone_index
                           AND g.fact = 'greeted'"""
