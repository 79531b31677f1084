"""Merge fields: ``{{firstName|friend}}`` in a text, filled in for one recipient. Pure functions.

A single brace is a brace. What a value holds is text and is never read as a field again. Nobody
gets a blank: a field without a value gives its fallback, and one without either is refused
(``FieldNeedsFallback``) before anything is sent.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from koinonia.messaging import names
from koinonia.messaging.composing.errors import (
    BadMergeField,
    FieldNeedsFallback,
    UnknownCustomField,
)

OPEN, CLOSE = "{{", "}}"
FALLBACKS: Mapping[str, str] = {
    "firstName": "friend",
    "fullName": "friend",
    "churchName": "our church",
}
"""What a field gives that says no fallback itself."""

Values = Sequence[str | None]
"""One recipient's, aligned with ``Template.fields``; None for what is not known."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    fallback: str | None


@dataclass(frozen=True, slots=True)
class Template:
    """A text taken apart. ``fields`` are the names in it, each once, as they appear."""

    pieces: tuple[str | Field, ...] = field(repr=False)
    fields: tuple[str, ...]

    def render(self, values: Values = ()) -> str:
        """The text of one recipient, NFC. Raises ``FieldNeedsFallback``."""
        told = {
            name: names.tidy(value)
            for name, value in zip(self.fields, values, strict=False)
            if value
        }
        text = "".join(
            piece if isinstance(piece, str) else _filled(piece, told.get(piece.name))
            for piece in self.pieces
        )
        return text if text.isascii() else unicodedata.normalize("NFC", text)

    @property
    def needed(self) -> frozenset[str]:
        """The fields that somebody without a value could not be texted with."""
        return frozenset(
            piece.name
            for piece in self.pieces
            if isinstance(piece, Field) and piece.fallback is None
        )


def parse(content: str, known: Collection[str] | None = None) -> Template:
    """Takes ``content`` apart. Raises ``BadMergeField``, which says where; ``UnknownCustomField``
    for a name not among ``known``; None knows every name."""
    pieces = tuple(_pieces(content))
    fields = tuple(dict.fromkeys(piece.name for piece in pieces if isinstance(piece, Field)))
    unknown = [name for name in fields if known is not None and name not in known]
    if unknown:
        raise UnknownCustomField.among(unknown, list(known or ()))
    return Template(pieces, fields)


def accepted(content: str, fields: Collection[str]) -> Template:
    """The template of a text that was parsed before and had these fields; without any, the text
    stays as it is written."""
    return parse(content) if fields else Template((content,), ())


def typical(content: str) -> str:
    """What somebody without any values gets, to count while a text is written. A field without a
    fallback counts as its name, and a malformed one as it is written."""
    try:
        template = parse(content)
    except BadMergeField:
        return content
    return template.render([name if name in template.needed else None for name in template.fields])


def _pieces(content: str) -> Iterator[str | Field]:
    at = 0
    while (opened := content.find(OPEN, at)) >= 0:
        yield from _literal(content, at, opened)
        closed = content.find(CLOSE, opened + len(OPEN))
        if closed < 0:
            raise BadMergeField.at(opened, "{{ is not closed by }}")
        yield _field(content[opened + len(OPEN) : closed], opened)
        at = closed + len(CLOSE)
    yield from _literal(content, at, len(content))


def _literal(content: str, start: int, end: int) -> Iterator[str]:
    if (stray := content.find(CLOSE, start, end)) >= 0:
        raise BadMergeField.at(stray, "}} closes nothing")
    if start < end:
        yield content[start:end]


def _field(inside: str, opened: int) -> Field:
    name, _, fallback = (part.strip() for part in inside.partition("|"))
    if OPEN in inside or "{" in name or "}" in name:
        raise BadMergeField.at(opened, "A merge field has braces inside")
    if not name:
        raise BadMergeField.at(opened, "A merge field has no name")
    return Field(name, names.tidy(fallback) or FALLBACKS.get(name))


def _filled(field: Field, value: str | None) -> str:
    text = value or field.fallback
    if text is None:
        raise FieldNeedsFallback.for_fields([field.name])
    return text
