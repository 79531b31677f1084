"""The list of threads, newest message first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.listing import thread_counts
from koinonia.conversation.listing.filters import Filters

COLUMNS = """
    c.id, c.status, c.unread_count, c.our_number, c.phone_sealed, c.last_message_at,
    c.last_message_id, c.last_message_direction, c.last_message_content, c.last_message_status,
    c.assignee_id, c.snoozed_until, coalesce(o.is_opted_out, false) AS is_opted_out,
    ARRAY(SELECT label_id FROM conversation_labels
           WHERE church_id = c.church_id AND conversation_id = c.id ORDER BY label_id) AS labels,
    m.member_id, m.first_name, m.last_name, coalesce(m.members, 0) AS members
"""
"""Of a thread ``c`` with what is ``AROUND`` it, which is looked up for each row of a page."""

# With its own limit an opt-out is looked up for each row, however many phones opted out. Whoever
# staff pinned comes first, then the first by name.
AROUND = """
    LEFT JOIN LATERAL (SELECT is_opted_out FROM opt_outs
                        WHERE church_id = c.church_id AND phone_index = c.phone_index
                        LIMIT 1) AS o ON true
    LEFT JOIN LATERAL (SELECT member_id, first_name, last_name, count(*) OVER () AS members
                         FROM contacts
                        WHERE church_id = c.church_id AND phone_index = c.phone_index
                        ORDER BY member_id IS NOT DISTINCT FROM c.pinned_member_id DESC,
                                 first_name, last_name, member_id
                        LIMIT 1) AS m ON true
"""


async def threads(
    session: AsyncSession,
    church_id: UUID,
    filters: Filters,
    *,
    after: tuple[Any, ...] | None,
    offset: int,
    take: int,
) -> Sequence[Any]:
    """Threads, newest first. The page is cut from the rows of one facet, in the order of its index
    (ix_conversation_facets_[status_]unread, ..._status, ..._facet), before anything is looked up
    around them."""
    following = "AND (f.last_message_at, f.conversation_id) < (:after_at, :after_id)"
    after_at, after_id = after or (None, None)
    return await db.untyped_rows(
        session,
        f"""
        SELECT {COLUMNS}
          FROM (SELECT f.church_id, f.conversation_id, f.last_message_at
                  FROM conversation_facets AS f
                 WHERE {_chosen(filters)} {following if after else ""}
                 ORDER BY f.last_message_at DESC, f.conversation_id DESC
                 LIMIT :take OFFSET :offset) AS f
          JOIN conversations AS c ON c.church_id = f.church_id AND c.id = f.conversation_id
          {AROUND}
         ORDER BY f.last_message_at DESC, f.conversation_id DESC
        """,
        {
            **filters.given(church_id),
            "take": take,
            "offset": offset,
            **({"after_at": after_at, "after_id": after_id} if after else {}),
        },
    )


async def total(session: AsyncSession, church_id: UUID, filters: Filters) -> int:
    """How many threads the whole list has. No row is counted where one facet decides."""
    if len(filters.facets) == 1:
        return await thread_counts.of_facet(session, church_id, filters)
    counted = await db.untyped_first(
        session,
        f"SELECT count(*) AS threads FROM conversation_facets AS f WHERE {_chosen(filters)}",
        filters.given(church_id),
    )
    assert counted is not None
    return int(counted.threads)


def _chosen(filters: Filters) -> str:
    """The condition on the rows ``f`` of the facet that drives; the others are probed by key."""
    facets = filters.facets
    conditions = [
        "f.church_id = :church",
        f"f.facet = {_smallest(filters) if len(facets) > 1 else facets[0]}",
        *filters.narrowed("f"),
    ]
    if len(facets) > 1:
        # As a value, not as EXISTS: that PostgreSQL may turn into a join with all of a facet.
        conditions.append(f"""
            (SELECT count(*) FROM conversation_facets AS p
              WHERE p.church_id = f.church_id AND p.conversation_id = f.conversation_id
                AND p.facet = ANY(ARRAY[{", ".join(facets)}])) = {len(facets)}
        """)
    return " AND ".join(conditions)


def _smallest(filters: Filters) -> str:
    """The facet with the fewest threads, without the newest deltas: none makes a list wrong."""
    same = " AND ".join(["n.church_id = :church", "n.facet = w.facet", *filters.narrowed("n")])
    return f"""
        (SELECT w.facet
           FROM unnest(ARRAY[{", ".join(filters.facets)}]) WITH ORDINALITY AS w (facet, position)
           LEFT JOIN conversation_counts AS n ON {same}
          GROUP BY w.facet, w.position
          ORDER BY coalesce(sum(n.threads), 0), w.position LIMIT 1)
    """
