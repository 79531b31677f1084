"""Pages of the list of threads, by their newest message."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from koinonia.common import db
from koinonia.conversation.listing import thread_counts
from koinonia.conversation.listing.filters import Filters


@dataclass(frozen=True, slots=True)
class ThreadHead:
    """What is shown of a thread wherever it is shown."""

    id: UUID
    status: str
    unread_count: int
    our_number: str
    phone_sealed: str
    last_message_at: datetime
    last_message_id: UUID
    last_message_direction: str
    last_message_content: str
    last_message_status: str
    last_message_media_kind: str | None
    last_message_media_count: int
    assignee_id: UUID | None
    snoozed_until: datetime | None
    stop_asked_at: datetime | None
    stop_counts_from: datetime | None
    stop_words: str | None
    last_received_at: datetime | None
    is_opted_out: bool


@dataclass(frozen=True, slots=True)
class ListedThread(ThreadHead):
    """A thread in a list: a row of ``COLUMNS``. The member is the one that is shown first."""

    labels: list[UUID]
    member_id: UUID | None
    first_name: str | None
    last_name: str | None
    members: int


HEAD = """
    c.id, c.status, c.unread_count, c.our_number, c.phone_sealed, c.last_message_at,
    c.last_message_id, c.last_message_direction, c.last_message_content, c.last_message_status,
    c.last_message_media_kind, c.last_message_media_count,
    c.assignee_id, c.snoozed_until,
    q.asked_at AS stop_asked_at, q.counts_from AS stop_counts_from, q.words AS stop_words,
    c.last_received_at
"""
COLUMNS = f"""
    {HEAD}, coalesce(o.is_opted_out, false) AS is_opted_out,
    ARRAY(SELECT label_id FROM conversation_labels
           WHERE church_id = c.church_id AND conversation_id = c.id ORDER BY label_id) AS labels,
    m.member_id, m.first_name, m.last_name, coalesce(m.members, 0) AS members
"""
"""Of a thread ``c`` with its ``SURROUNDINGS``, which are looked up for each row of a page."""

# The words are those of the line, which may come after the question.
STOP_QUESTION = """
    LEFT JOIN LATERAL (SELECT asked_at, counts_from,
                              (SELECT content FROM conversation_messages AS m
                                WHERE m.church_id = s.church_id AND m.carrier = s.carrier
                                  AND m.carrier_message_id = s.carrier_message_id) AS words
                         FROM stop_questions AS s
                        WHERE s.church_id = c.church_id AND s.phone_index = c.phone_index
                          AND s.is_open
                        LIMIT 1) AS q ON true
"""

# With its own limit an opt-out is looked up for each row, however many phones opted out. The member
# whom staff pinned comes first, then who has the phone before who had it, then the first by name.
SURROUNDINGS = f"""
    {STOP_QUESTION}
    LEFT JOIN LATERAL (SELECT is_opted_out FROM opt_outs
                        WHERE church_id = c.church_id AND phone_index = c.phone_index
                        LIMIT 1) AS o ON true
    LEFT JOIN LATERAL (SELECT member_id, first_name, last_name, count(*) OVER () AS members
                         FROM known_people
                        WHERE church_id = c.church_id AND phone_index = c.phone_index
                        ORDER BY (c.pinned_member_id IN (member_id, contact_id)) IS TRUE DESC,
                                 is_former, first_name, last_name, member_id
                        LIMIT 1) AS m ON true
"""


Place = tuple[datetime, UUID]
"""Time of the last message and id of a thread, by which a list is ordered."""


async def threads(
    session: db.Session,
    church_id: UUID,
    filters: Filters,
    *,
    after: Place | None,
    offset: int,
    take: int,
) -> list[ListedThread]:
    """Threads, in the order of ``filters``. The page is cut from the rows of one facet, in the
    order of its index (ix_conversation_facets_[status_]unread, ..._status, ..._facet), either way,
    before their surroundings are looked up."""
    after_at, after_id = after or (None, None)
    return await db.rows(
        session,
        ListedThread,
        shown(
            f"""
            SELECT f.church_id, f.conversation_id, f.last_message_at
              FROM conversation_facets AS f
             WHERE {chosen(filters)} {f"AND {filters.following}" if after else ""}
             ORDER BY {filters.order}
             LIMIT :take OFFSET :offset
            """,
            filters,
        ),
        {
            **filters.given(church_id),
            "take": take,
            "offset": offset,
            **({"after_at": after_at, "after_id": after_id} if after else {}),
        },
    )


def shown(page: str, filters: Filters) -> str:
    """SQL of a page whose rows of facets are given, as SQL and in order."""
    return f"""
        SELECT {COLUMNS}
          FROM ({page}) AS f
          JOIN conversations AS c ON c.church_id = f.church_id AND c.id = f.conversation_id
          {SURROUNDINGS}
         ORDER BY {filters.order}
    """


async def total(session: db.Session, church_id: UUID, filters: Filters) -> int:
    """How many threads the whole list has. No row is counted where one facet decides."""
    if len(filters.facets) == 1:
        return await thread_counts.facet_total(session, church_id, filters)
    return await db.count(
        session,
        f"SELECT count(*) FROM conversation_facets AS f WHERE {chosen(filters)}",
        filters.given(church_id),
    )


def chosen(filters: Filters, driving: str | None = None) -> str:
    """The condition on the rows ``f`` of the facet that drives, of several the smallest unless it
    is given; the others are probed by key."""
    facets = filters.facets
    smallest = _smallest(filters) if len(facets) > 1 and driving is None else facets[0]
    conditions = [
        "f.church_id = :church",
        f"f.facet = {driving or smallest}",
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
