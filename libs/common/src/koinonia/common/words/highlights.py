"""Places of the found words in a text.

PostgreSQL marks them in the text without its accents (``migrations/word_sql/folded.sql``, which but
for them keeps the length); here the places are those of the text itself.
"""

import unicodedata
from collections.abc import Iterator

from pydantic import Field

from koinonia.common.schema import Schema

BEGIN, END = "\x01", "\x02"
MARKS = f'HighlightAll=true, StartSel="{BEGIN}", StopSel="{END}"'
_ACCENTS = ("\u0300", "\u036f")

Span = tuple[int, int]


class Highlight(Schema):
    """A stretch of ``content``, counted as browsers do: ``content.slice(start, end)``."""

    start: int = Field(examples=[9])
    end: int = Field(examples=[16])


def highlights(found: list[Span]) -> list[Highlight]:
    return [Highlight(start=start, end=end) for start, end in found]


def spans(text: str, marked: str | None) -> list[Span]:
    """Start and end of each, in UTF-16 units, as browsers count; none where we are not sure."""
    places = list(_places(text))
    found, begun, at = list[Span](), None, 0
    for character in marked or "":
        if character == BEGIN:
            begun = at
        elif character == END and begun is not None:
            found.append((begun, at))
            begun = None
        else:
            at += 1
    if at != len(places) - 1 or begun is not None:
        return []
    return [(places[first], places[last]) for first, last in found]


def part(text: str, wanted: str) -> list[Span]:
    """Where ``wanted`` stands in ``text``; both plain ASCII."""
    at = text.find(wanted)
    return [(at, at + len(wanted))] if at >= 0 else []


def _places(text: str) -> Iterator[int]:
    """Of each character of the text without accents, and of its end."""
    at = 0
    for character in text:
        for each in unicodedata.normalize("NFKD", character):
            if not _ACCENTS[0] <= each <= _ACCENTS[1]:
                yield at
        at += 1 + (ord(character) > 0xFFFF)
    yield at
