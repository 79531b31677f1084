"""What a search finds, newest first, each match with its thread as the list shows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.conversation.listing.thread_pages import COLUMNS, SURROUNDINGS, ListedThread, Place
from koinonia.conversation.search.highlights import MARKS
from koinonia.conversation.search.search_query import SearchQuery

# Functions of the owner (migration conversation_0005): under row-level security PostgreSQL uses no
# index on words, since the operator might tell of rows that one may not see.
_WHERE = f"""
    coalesce(CAST(:at AS timestamptz), 'infinity'), coalesce(CAST(:id AS uuid), '{UUID(int=0)}'),
    :take
"""
_LINES = f"""
    SELECT 'message' AS kind, id, at, CAST(NULL AS uuid) AS person_id
      FROM found_lines(CAST(CAST(:words AS text) AS tsquery), {_WHERE})
"""
_NAMES = f"""
    SELECT 'name' AS kind, id, at, member_id AS person_id
      FROM found_names(CAST(CAST(:names AS text) AS tsquery), {_WHERE})
"""
_PHONES = f"""
    SELECT 'phone' AS kind, id, at, CAST(NULL AS uuid) AS person_id
      FROM found_phones(CAST(:pieces AS bigint[]), {_WHERE})
"""
_LINE_MARKED = """
    WHEN 'message' THEN ts_headline(CAST(CAST(:language AS text) AS regconfig),
                                    folded(line.content), CAST(CAST(:words AS text) AS tsquery),
                                    :marks)
"""
_NAME_MARKED = """
    WHEN 'name' THEN ts_headline('simple', folded(person.name),
                                 CAST(CAST(:names AS text) AS tsquery), :marks)
"""


@dataclass(frozen=True, slots=True)
class Match(ListedThread):
    """A line, a name or a phone with its thread. ``found_at`` and ``found_id`` order the list."""

    kind: str
    found_at: datetime
    found_id: UUID
    person_id: UUID | None
    person: str | None
    line: str | None
    line_direction: str | None
    line_media_kind: str | None
    line_media_count: int | None
    marked: str | None


async def matches(
    session: AsyncSession,
    church_id: UUID,
    query: SearchQuery,
    phones: Phones,
    *,
    after: Place | None,
    take: int,
) -> list[Match]:
    before_at, before_id = after or (None, None)
    given: dict[str, object] = {"church": church_id, "at": before_at, "id": before_id, "take": take}
    parts, marked = list[str](), list[str]()
    if query.words:
        parts.append(_LINES)
        marked.append(_LINE_MARKED)
        given |= {"words": query.words, "language": query.language, "marks": MARKS}
    if query.names:
        parts.append(_NAMES)
        marked.append(_NAME_MARKED)
        given |= {"names": query.names, "marks": MARKS}
    if query.digits:
        parts.append(_PHONES)
        given["pieces"] = phones.pieces(church_id, query.digits)
    return await db.rows(session, Match, _statement(parts, marked), given)


def _statement(parts: list[str], marked: list[str]) -> str:
    """Each row is looked up by itself: a page has few. CASE and not coalesce, which under row-level
    security keeps PostgreSQL from its index."""
    return f"""
        SELECT {COLUMNS},
               found.kind, found.at AS found_at, found.id AS found_id, person.id AS person_id,
               person.name AS person, line.content AS line, line.direction AS line_direction,
               line.media_kind AS line_media_kind, line.media_count AS line_media_count,
               {f"CASE found.kind {' '.join(marked)} END" if marked else "NULL"} AS marked
          FROM ({" UNION ALL ".join(parts)} ORDER BY at DESC, id DESC LIMIT :take) AS found
          LEFT JOIN LATERAL (
               SELECT conversation_id, content, direction, media_kind, media_count
                 FROM conversation_messages
                WHERE church_id = :church AND id = found.id AND found.kind = 'message'
                LIMIT 1) AS line ON true
          LEFT JOIN LATERAL (
               SELECT p.member_id AS id, concat_ws(' ', p.first_name, p.last_name) AS name
                 FROM contacts AS p
                WHERE p.church_id = :church AND p.member_id = found.person_id
                LIMIT 1) AS person ON true
         CROSS JOIN LATERAL (
               SELECT * FROM conversations
                WHERE church_id = :church
                  AND id = CASE found.kind WHEN 'message' THEN line.conversation_id
                                           ELSE found.id END
                LIMIT 1) AS c
          {SURROUNDINGS}
         ORDER BY found.at DESC, found.id DESC
    """
