"""What each text of a draft costs once it is filled in. Previews and messages count with this
alone, so the price that is shown is the price that is reserved.

100,000 different names are not measured one by one: sets of values that cost the same have the
same *shape*, and one of them is measured. A value in plain letters takes one unit for each, in both
encodings and wherever it stands, so of such a value only the length counts. Others count as
what they are.
"""

import asyncio
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from koinonia.carriers import segments
from koinonia.messaging.composing import text_parts
from koinonia.messaging.composing.template_text import Template, Values
from koinonia.messaging.composing.text_parts import Cost
from koinonia.messaging.errors import TextTooLong
from koinonia.messaging.messages.drafts import Draft

IN_THREAD = 500  # so many texts take 10 ms, which is as long as others should wait


_PLAIN = "[-A-Za-z0-9.,'']"
_LENGTH = f"""
    CASE WHEN {{value}} COLLATE "C" ~ '^{_PLAIN}+( {_PLAIN}+)*$'
         THEN CAST(length({{value}}) AS text) ELSE {{value}} END"""


def shape(template: Template) -> str:
    """SQL for the shape of the column ``merge_values``, a text."""
    if _is_mixed(template):
        return "CAST(merge_values AS text)"
    values = [f"merge_values[{place}]" for place in range(1, len(template.fields) + 1)]
    lengths = ", ".join(_LENGTH.format(value=value) for value in values)
    return f"CAST(CAST(ARRAY[{lengths}] AS text[]) AS text)"


def _is_mixed(template: Template) -> bool:
    """Whether a letter of the text would become one with the last one of a value."""
    texts = [piece for piece in template.pieces if isinstance(piece, str)]
    return any(unicodedata.combining(text[0]) for text in texts if text)


@dataclass(frozen=True, slots=True)
class Fillings:
    """Sets of values, one of all those that cost the same, and how many phones each stands for."""

    values: Sequence[Values]
    phones: Sequence[int]

    @classmethod
    def from_columns(
        cls, fillings: Sequence[Values] | None, times: Sequence[int] | None
    ) -> "Fillings":
        """From the columns of :func:`grouped`, NULL where there is no text."""
        return cls(fillings or (), times or ())

    @classmethod
    def none(cls, phones: int) -> "Fillings":
        """Of a text that is the same for all its phones."""
        return cls(((),), (phones,)) if phones else cls((), ())


class Grouped(NamedTuple):
    """A row of :func:`grouped`."""

    fillings: list[list[str | None]] | None
    times: list[int] | None
    keys: list[str] | None


def grouped(draft: Draft, texts: str) -> str:
    """SQL for all fillings of ``texts``, a FROM with its WHERE, in one row; ``keys`` are their
    shapes."""
    return f"""
        SELECT array_agg(merge_values) AS fillings, array_agg(phones) AS times,
               array_agg(key) AS keys
          FROM (SELECT {shape(draft.template)} AS key, min(merge_values) AS merge_values,
                       count(*) AS phones
                  FROM {texts} GROUP BY 1) AS filled"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one text of each filling costs, in their order."""

    fillings: Fillings
    costs: Sequence[Cost]

    @property
    def parts(self) -> int:
        """Of all texts together."""
        pairs = zip(self.costs, self.fillings.phones, strict=True)
        return sum(cost.parts * phones for cost, phones in pairs)

    @property
    def by_parts(self) -> dict[int, int]:
        """Texts by how many parts each has."""
        counted: Counter[int] = Counter()
        for cost, phones in zip(self.costs, self.fillings.phones, strict=True):
            counted[cost.parts] += phones
        return dict(sorted(counted.items()))

    @property
    def too_long(self) -> tuple[int, Cost | None]:
        """How many texts no carrier takes in one call, and the longest of them."""
        phones, longest = 0, None
        for cost, times in zip(self.costs, self.fillings.phones, strict=True):
            if cost.is_too_long:
                phones += times
                longest = max(longest or cost, cost)
        return phones, longest

    def check(self) -> None:
        """Raises ``TextTooLong`` if anybody's text is; what they are called stays out of it."""
        phones, longest = self.too_long
        if longest:
            is_the_same_for_all = self.fillings.values == ((),)
            raise _too_long(longest, 0 if is_the_same_for_all else phones)


async def measure(draft: Draft, fillings: Fillings) -> Measured:
    """Raises ``FieldNeedsFallback``."""
    if len(fillings.values) < IN_THREAD:
        return _measured(draft, fillings)
    return await asyncio.to_thread(_measured, draft, fillings)


def _measured(draft: Draft, fillings: Fillings) -> Measured:
    return Measured(
        fillings, text_parts.costs(draft.template, fillings.values, has_media=draft.has_media)
    )


def _too_long(longest: Cost, phones: int) -> TextTooLong:
    """The refusal of a text that no carrier takes in one call, as ``phones`` would get it."""
    shorten = (
        f"Shorten it to {segments.MAX_CHARACTERS} characters and {segments.MAX_PARTS} parts; emoji "
        "and unusual letters make parts shorter."
    )
    whose = f"As {phones} of them would get it, the text" if phones else "The text"
    return TextTooLong(
        f"{whose} has up to {longest.characters} characters, which is {longest.parts} parts. "
        f"{shorten}",
        details={"characters": longest.characters, "parts": longest.parts, "phones": phones},
    )
