"""What somebody typed, as a query for words in PostgreSQL's notation."""

from dataclasses import dataclass
from typing import Self

LONGEST = 200
DESCRIPTION = 'words that a message has all of, "a phrase", -excluded'
PREFIX_LETTERS = 2  # one letter begins too much

QUERY = """
    (SELECT language,
            CASE WHEN querytree(words) NOT IN ('', 'T') THEN CAST(words AS text) END AS words
       FROM (SELECT church_language(:church) AS language) AS church
      CROSS JOIN LATERAL (
            SELECT websearch_to_tsquery(language, folded(:head)) AS head,
                   websearch_to_tsquery(language, folded(:last)) AS last,
                   prefixes(folded(:last)) AS begun) AS given
      CROSS JOIN LATERAL (
            SELECT CASE WHEN numnode(last) = 0 THEN head
                        ELSE head && coalesce(last || begun, last) END AS words) AS query)
"""
"""The church's ``language`` and the query's ``words``, of the parameters ``church``, ``head`` and
``last``. Words are null where only words were typed that are in nearly every text, or all are
excluded."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The parts of a query. ``last`` is what may be the beginning of a word."""

    words: list[str]
    head: str
    last: str

    @classmethod
    def parse(cls, query: str) -> Self:
        words = printable(query).split()
        finished = not words or _is_finished(words)
        return cls(
            words=words,
            head=" ".join(words if finished else words[:-1]),
            last="" if finished else words[-1],
        )


def printable(query: str) -> str:
    return "".join(c if c.isprintable() else " " for c in query)


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
