"""What somebody typed, as a query for the tables of migration conversation_0005."""

import re
from dataclasses import dataclass
from typing import NamedTuple, Self
from uuid import UUID

from koinonia.common import db
from koinonia.common.words import word_query
from koinonia.conversation.search.errors import NothingToSearchFor

DIGITS = range(4, 16)
_NUMBER = re.compile(r"[\d\s+()./\-\u00ad\u2010-\u2015\u2212\uff0b]+")
# A zero or 011 before a whole number is dialled, and no part of it.
_DIALLED = re.compile(r"(?:011|0+)(?=\d{9})")


@dataclass(frozen=True, slots=True)
class Typed:
    """A query as words, as a name and as digits of a phone; the last two "" if it is none."""

    words: word_query.Typed
    name: str
    digits: str

    @classmethod
    def parse(cls, query: str) -> Self:
        clean, words = word_query.printable(query), word_query.Typed.parse(query)
        excludes = any(word.startswith("-") for word in words.words)
        has_letters = any(c.isalpha() for c in clean)
        return cls(
            words=words,
            name=" ".join(words.words).replace('"', " ") if has_letters and not excludes else "",
            digits=_digits(clean),
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


async def parse(session: db.Session, church_id: UUID, text: str) -> SearchQuery:
    """Raises ``NothingToSearchFor`` if there is no word, name or number in it."""
    typed = Typed.parse(text)
    parsed = await db.first(
        session,
        _Parsed,
        f"""
        SELECT CAST(language AS text) AS language, words,
               CAST(prefixes(folded(:name)) AS text) AS names
          FROM {word_query.QUERY} AS query
        """,
        {
            "church": church_id,
            "name": typed.name,
            "head": typed.words.head,
            "last": typed.words.last,
        },
    )
    assert parsed is not None
    query = SearchQuery(parsed.language, parsed.words, parsed.names, typed.digits)
    if not (query.words or query.names or query.digits):
        raise NothingToSearchFor
    return query
