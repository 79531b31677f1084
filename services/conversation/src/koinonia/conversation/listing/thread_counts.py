"""How many threads there are of each facet, by status and whether they are unread.

No rows are counted: a trigger writes a delta for each change (migration conversation_0004), a loop
adds the deltas up, and a read sums what was added up and what was not yet, in one snapshot.
"""

from dataclasses import dataclass
from uuid import UUID

from koinonia.common import db
from koinonia.conversation.listing.filters import EVERYTHING, STOP_QUESTION_OPEN, Filters
from koinonia.conversation.running import Running

MOST = 20_000  # deltas in one transaction

READ = """
    SELECT facet, status, is_unread, sum(threads)::bigint AS threads
      FROM (SELECT church_id, facet, status, is_unread, threads FROM conversation_counts
            UNION ALL
            SELECT church_id, facet, status, is_unread, threads FROM conversation_count_deltas
           ) AS counted
     WHERE church_id = :church
"""

ADD_UP = """
    WITH taken AS (
        DELETE FROM conversation_count_deltas
         WHERE church_id = :church
           AND id IN (SELECT id FROM conversation_count_deltas WHERE church_id = :church
                       ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED)
        RETURNING facet, status, is_unread, threads
    ), added AS (
        INSERT INTO conversation_counts (church_id, facet, status, is_unread, threads)
        SELECT :church, facet, status, is_unread, sum(threads)
          FROM taken GROUP BY facet, status, is_unread HAVING sum(threads) <> 0
         ORDER BY facet, status, is_unread
        ON CONFLICT (church_id, facet, status, is_unread)
        DO UPDATE SET threads = conversation_counts.threads + excluded.threads
    )
    SELECT count(*) FROM taken
"""


@dataclass(frozen=True, slots=True)
class FacetCount:
    facet: str
    status: str
    is_unread: bool
    threads: int


async def church_counts(session: db.Session, church_id: UUID) -> list[FacetCount]:
    """Every status of all threads and of those with a question, and every other facet of the open
    ones."""
    return await db.rows(
        session,
        FacetCount,
        f"""
        {READ} AND (facet IN (:everything, :asked) OR status = 'open')
         GROUP BY facet, status, is_unread
        """,
        {"church": church_id, "everything": EVERYTHING, "asked": STOP_QUESTION_OPEN},
    )


async def facet_total(session: db.Session, church_id: UUID, filters: Filters) -> int:
    """How many threads a list of one facet has."""
    [facet] = filters.facets
    chosen = " AND ".join([f"counted.facet = {facet}", *filters.narrowed("counted")])
    found = await db.rows(
        session,
        FacetCount,
        f"{READ} AND {chosen} GROUP BY facet, status, is_unread",
        filters.given(church_id),
    )
    return sum(row.threads for row in found)


async def add_up(running: Running) -> None:
    """The loop: all deltas, of any church."""
    async with running.database.transaction() as session:
        waiting = await db.values(
            session, UUID, "SELECT DISTINCT church_id FROM conversation_count_deltas"
        )
    for church_id in waiting:
        while not running.stop.is_set() and await _add_up(running.database, church_id) == MOST:
            pass


async def _add_up(database: db.Database, church_id: UUID) -> int:
    """How many deltas were added to the counts of this church. Two workers may share them."""
    async with database.transaction(church_id) as session:
        given = {"church": church_id, "most": MOST}
        taken = await db.count(session, ADD_UP, given)
        await db.run(
            session,
            "DELETE FROM conversation_counts WHERE church_id = :church AND threads = 0",
            {"church": church_id},
        )
        return taken
