"""What a search finds, newest first, each match with its thread as the list shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.common.words.highlights import MARKS
from koinonia.conversation.listing.thread_pages import COLUMNS, SURROUNDINGS, ListedThread, Place
from koinonia.conversation.search import search_filters
from koinonia.conversation.search.search_filters import SearchFilters
from koinonia.conversation.search.search_query import SearchQuery
from koinonia.conversation.threads import unread_threads

SCAN = 5_000
"""Lines with the words that one page looks at, where it is narrowed to lines of many threads."""

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
_LINES_OF_FEW = """
    SELECT 'message' AS kind, m.id, m.occurred_at AS at, CAST(NULL AS uuid) AS person_id
      FROM conversation_messages AS m
     CROSS JOIN LATERAL (
           SELECT words FROM message_words
            WHERE church_id = m.church_id AND occurred_at = m.occurred_at AND message_id = m.id
            LIMIT 1) AS w
     WHERE m.church_id = :church AND m.conversation_id = ANY(CAST(:threads AS uuid[]))
       AND (m.occurred_at, m.id) < (coalesce(CAST(:at AS timestamptz), 'infinity'),
                                    coalesce(CAST(:id AS uuid), CAST(:nothing AS uuid)))
       AND w.words @@ CAST(CAST(:words AS text) AS tsquery)
       AND (CAST(:sender AS uuid) IS NULL OR m.admin_id = :sender)
"""
_SCANNED = f"""
    found_lines(CAST(CAST(:words AS text) AS tsquery), {_WHERE.replace(":take", ":scan")})
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


class Found(NamedTuple):
    """``scanned_to``: a line up to which all were looked at, where that was the end of the page's
    work and not of the list."""

    rows: list[Match]
    scanned_to: Place | None


class _Scanned(NamedTuple):
    at: datetime
    id: UUID


async def matches(
    session: db.Session,
    church_id: UUID,
    query: SearchQuery,
    phones: Phones,
    *,
    after: Place | None,
    take: int,
    filters: SearchFilters,
) -> Found:
    before = filters.begin(after)
    before_at, before_id = before or (None, None)
    given: dict[str, object] = {"church": church_id, "at": before_at, "id": before_id, "take": take}
    parts, marked, is_scanned = list[str](), list[str](), False
    if query.words:
        part, narrowed = await _lines(session, church_id, filters)
        is_scanned = part is not _LINES and "threads" not in narrowed
        parts.append(part)
        marked.append(_LINE_MARKED)
        given |= {"words": query.words, "language": query.language, "marks": MARKS, **narrowed}
    if query.names and not filters.is_of_lines:
        parts.append(_NAMES)
        marked.append(_NAME_MARKED)
        given |= {"names": query.names, "marks": MARKS}
    if query.digits and not filters.is_of_lines:
        parts.append(_PHONES)
        given["pieces"] = phones.pieces(church_id, query.digits)
    if not parts:
        return Found([], None)
    if filters.since is not None:
        given["since"] = filters.since
    rows = await db.rows(session, Match, _statement(parts, marked, filters), given)
    if not is_scanned or len(rows) >= take:
        return Found(rows, None)
    return Found(rows, await _end_of_scan(session, query, before, filters.since))


async def _lines(
    session: db.Session, church_id: UUID, filters: SearchFilters
) -> tuple[str, dict[str, object]]:
    """The SQL that finds lines, and its parameters. Of few threads all lines are looked at; else
    the newest ``SCAN`` lines with the words, and a cursor goes on after them."""
    if not filters.is_of_lines:
        return _LINES, {}
    threads = await search_filters.few_threads(session, church_id, filters)
    if threads is not None:
        return _LINES_OF_FEW, {
            "threads": threads,
            "sender": filters.sender,
            "nothing": UUID(int=0),
        }
    conditions, narrowed = ["true"], dict[str, object](scan=SCAN)
    if filters.sender is not None:
        conditions.append("l.admin_id = :sender")
        narrowed["sender"] = filters.sender
    if filters.narrows_facets:
        narrowed |= filters.facets_given(church_id)
        conditions.append(filters.thread_condition("l.conversation_id"))
    if filters.unread.reader_id is not None:
        narrowed["admin"] = filters.unread.reader_id
        conditions.append(unread_threads.is_unread("l.conversation_id"))
    return (
        f"""
        SELECT 'message' AS kind, hit.id, hit.at, CAST(NULL AS uuid) AS person_id
          FROM {_SCANNED} AS hit
         CROSS JOIN LATERAL (
               SELECT conversation_id, admin_id FROM conversation_messages
                WHERE church_id = :church AND id = hit.id LIMIT 1) AS l
         WHERE {" AND ".join(conditions)}
        """,
        narrowed,
    )


async def _end_of_scan(
    session: db.Session, query: SearchQuery, before: Place | None, since: datetime | None
) -> Place | None:
    """The last line that was looked at, if there may be more after it."""
    at, line_id = before or (None, None)
    last = await db.first(
        session,
        _Scanned,
        f"SELECT at, id FROM {_SCANNED} AS hit OFFSET :scan - 1",
        {"words": query.words, "at": at, "id": line_id, "scan": SCAN},
    )
    return (last.at, last.id) if last and (since is None or last.at >= since) else None


def _statement(parts: list[str], marked: list[str], filters: SearchFilters) -> str:
    """Each row is looked up by itself: a page has few. CASE and not coalesce, which under row-level
    security keeps PostgreSQL from its index."""
    return f"""
        SELECT {COLUMNS},
               found.kind, found.at AS found_at, found.id AS found_id, person.id AS person_id,
               person.name AS person, line.content AS line, line.direction AS line_direction,
               line.media_kind AS line_media_kind, line.media_count AS line_media_count,
               {f"CASE found.kind {' '.join(marked)} END" if marked else "NULL"} AS marked
          FROM (SELECT * FROM ({" UNION ALL ".join(parts)}) AS any_found
                 WHERE {"true" if filters.since is None else "at >= :since"}
                 ORDER BY at DESC, id DESC LIMIT :take) AS found
          LEFT JOIN LATERAL (
               SELECT conversation_id, content, direction, media_kind, media_count
                 FROM conversation_messages
                WHERE church_id = :church AND id = found.id AND found.kind = 'message'
                LIMIT 1) AS line ON true
          LEFT JOIN LATERAL (
               SELECT p.member_id AS id, concat_ws(' ', p.first_name, p.last_name) AS name
                 FROM known_people AS p
                WHERE p.church_id = :church AND p.contact_id = found.person_id
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
