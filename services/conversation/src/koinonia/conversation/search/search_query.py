"""What somebody typed, as a query for the tables of migration conversation_0005."""

import re
from dataclasses import dataclass
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.search.errors import NothingToSearchFor

LONGEST = 200
PREFIX_LETTERS = 2  # one letter begins too much
DIGITS = range(4, 16)
_NUMBER = re.compile(r"[\d\s+()./\-\u00ad\u2010-\u2015\u2212\uff0b]+")
# A zero or 011 before a whole number is dialled, and no part of it.
_DIALLED = re.compile(r"(?:011|0+)(?=\d{9})")


@dataclass(frozen=True, slots=True)
class Typed:
    """The parts of a query. ``last`` is what may be the beginning of a word."""

    head: str
    last: str
    name: str
    digits: str

    @classmethod
    def parse(cls, query: str) -> Self:
        clean = "".join(c if c.isprintable() else " " for c in query)
        words = clean.split()
        finished = not words or _is_finished(words)
        head = words if finished else words[:-1]
        excludes = any(word.startswith("-") for word in words)
        has_letters = any(c.isalpha() for c in clean)
        return cls(
            head=" ".join(head),
            last="" if finished else words[-1],
            name=" ".join(words).replace('"', " ") if has_letters and not excludes else "",
            digits=_digits(clean),
        )


def _is_finished(words: list[str]) -> bool:
    """Whether the last word is quoted, excluded or an alternative, so more than the end of it
    would have to be understood; then the whole stands as it is."""
    last = words[-1]
    return (
        sum(word.count('"') for word in words) % 2 == 1
        or '"' in last
        or last.startswith("-")
        or len(last) < PREFIX_LETTERS
        or any(word.lower() == "or" for word in words[-2:])
    )


def _digits(text: str) -> str:
    """The digits of a piece of a phone number; "" if it cannot be one."""
    if not _NUMBER.fullmatch(text):
        return ""
    found = "".join(str(int(c)) for c in text if c.isdecimal())
    found = _DIALLED.sub("", found, count=1) if _DIALLED.match(found) else found
    return found if len(found) in DIGITS else ""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """``words`` and ``names`` are queries in PostgreSQL's notation, ``language`` is of words."""

    language: str
    words: str | None
    names: str | None
    digits: str

    @property
    def is_common(self) -> bool:
        """Only words that are in nearly every text were typed, so no line was searched."""
        return self.words is None


class _Parsed(NamedTuple):
    language: str
    words: str | None
    names: str | None


async def parse(session: AsyncSession, church_id: UUID, text: str) -> SearchQuery:
    """Raises ``NothingToSearchFor`` if there is no word, name or number in it."""
    typed = Typed.parse(text)
    parsed = await db.first(
        session,
        _Parsed,
        """
        SELECT CAST(language AS text) AS language,
               CASE WHEN querytree(words) NOT IN ('', 'T') THEN CAST(words AS text) END AS words,
               CAST(prefixes(folded(:name)) AS text) AS names
          FROM (SELECT church_language(:church) AS language) AS church
         CROSS JOIN LATERAL (
               SELECT websearch_to_tsquery(language, folded(:head)) AS head,
                      websearch_to_tsquery(language, folded(:last)) AS last,
                      prefixes(folded(:last)) AS begun) AS given
         CROSS JOIN LATERAL (
               SELECT CASE WHEN numnode(last) = 0 THEN head
                           ELSE head && coalesce(last || begun, last) END AS words) AS query
        """,
        {"church": church_id, "name": typed.name, "head": typed.head, "last": typed.last},
    )
    assert parsed is not None
    query = SearchQuery(parsed.language, parsed.words, parsed.names, typed.digits)
    if not (query.words or query.names or query.digits):
        raise NothingToSearchFor
    return query
