"""Broadcasts by the words of their texts, found as lines of conversations are (decision 14)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.common.words import highlights, word_query
from koinonia.common.words.highlights import Span
from koinonia.messaging.errors import NoWordsToSearchFor
from koinonia.messaging.messages import queries
from koinonia.messaging.messages.broadcast_filter import BroadcastFilter
from koinonia.messaging.messages.queries import LATEST_FIRST, ListedBroadcast

COUNTED = 10_000
"""So many are counted where pages are numbered."""

_LEAST = UUID(int=0)
_FOUND = """
    found_broadcasts(CAST(CAST(:words AS text) AS tsquery), CAST(:statuses AS text[]),
                     coalesce(CAST(:since AS timestamptz), '-infinity'),
                     coalesce(CAST(:before_at AS timestamptz), 'infinity'),
                     CAST(:before_id AS uuid), :wanted)
"""
# Each message is looked up by itself: a page has few.
_PAGE = f"""
    SELECT {queries.LISTED}
      FROM {_FOUND} AS hit
     CROSS JOIN LATERAL (SELECT * FROM messages WHERE id = hit.id LIMIT 1) AS m
     WHERE m.church_id = :church
"""


class _Query(NamedTuple):
    language: str
    words: str | None


class _Marked(NamedTuple):
    id: UUID
    content: str
    marked: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of broadcasts, and by the id of each where the words stand in its text."""

    page: Page[ListedBroadcast]
    spans: dict[UUID, list[Span]]


async def page(
    session: db.Session, church_id: UUID, text: str, params: PageParams, wanted: BroadcastFilter
) -> Found:
    """One page, latest first; raises ``NoWordsToSearchFor``."""
    typed = word_query.Typed.parse(text)
    query = await db.first(
        session,
        _Query,
        f"SELECT CAST(language AS text) AS language, words FROM {word_query.QUERY} AS query",
        {"church": church_id, "head": typed.head, "last": typed.last},
    )
    if query is None or query.words is None:
        raise NoWordsToSearchFor
    before_at, before_id = _begin(params, wanted.created_before)
    given = {
        "church": church_id,
        "words": query.words,
        "statuses": list(wanted.statuses) or None,
        "since": wanted.created_since,
        "before_at": before_at,
        "before_id": before_id,
    }
    total = await _count(session, given) if params.page else None
    found = await db.page(
        session,
        ListedBroadcast,
        _PAGE,
        {**given, "wanted": params.offset + params.take},
        params,
        LATEST_FIRST,
        total=total,
    )
    return Found(found, await _spans(session, query, found.data))


def _begin(params: PageParams, before: datetime | None) -> tuple[datetime | None, UUID]:
    """What is listed lies before this place: the cursor's, and that of ``createdBefore``."""
    after = params.after(datetime, UUID)
    if after is None or (before is not None and before <= after[0]):
        return before, _LEAST
    return after


async def _count(session: db.Session, given: dict[str, object]) -> int:
    counted = {name: value for name, value in given.items() if name != "church"}
    return await db.count(
        session, f"SELECT count(*) FROM {_FOUND} AS hit", {**counted, "wanted": COUNTED}
    )


async def _spans(
    session: db.Session, query: _Query, messages: list[ListedBroadcast]
) -> dict[UUID, list[Span]]:
    if not messages:
        return {}
    marked = await db.rows(
        session,
        _Marked,
        """
        SELECT id, content, ts_headline(CAST(CAST(:language AS text) AS regconfig),
                                        folded(content), CAST(CAST(:words AS text) AS tsquery),
                                        :marks) AS marked
          FROM unnest(CAST(:ids AS uuid[]), CAST(:contents AS text[])) AS listed (id, content)
        """,
        {
            "language": query.language,
            "words": query.words,
            "marks": highlights.MARKS,
            "ids": [each.id for each in messages],
            "contents": [each.content for each in messages],
        },
    )
    return {each.id: highlights.spans(each.content, each.marked) for each in marked}
