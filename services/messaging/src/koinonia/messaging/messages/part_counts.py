"""What each text of a draft costs once it is filled in. Previews and messages count with this
alone, so the price that is shown is the price that is reserved."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from koinonia.messaging.composing import text_parts
from koinonia.messaging.composing.template_text import Values
from koinonia.messaging.composing.text_parts import Cost
from koinonia.messaging.messages import drafts, merge_shapes
from koinonia.messaging.messages.drafts import Draft

IN_THREAD = 500  # so many texts take 10 ms, which is as long as others should wait


@dataclass(frozen=True, slots=True)
class Fillings:
    """What is filled in, and for how many phones each: one of all those that cost the same."""

    values: Sequence[Values]
    phones: Sequence[int]

    @classmethod
    def of(cls, row: Any) -> "Fillings":
        """Of a row of :func:`grouped`."""
        return cls(row.fillings or (), row.times or ())

    @classmethod
    def none(cls, phones: int) -> "Fillings":
        """Of a text that is the same for all its phones."""
        return cls(((),), (phones,)) if phones else cls((), ())


def grouped(draft: Draft, texts: str) -> str:
    """SQL for all fillings of ``texts``, a FROM with its WHERE, in one row; ``keys`` are their
    shapes."""
    return f"""
        SELECT array_agg(merge_values) AS fillings, array_agg(phones) AS times,
               array_agg(key) AS keys
          FROM (SELECT {merge_shapes.of(draft.template)} AS key, min(merge_values) AS merge_values,
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
            raise drafts.too_long(longest, 0 if is_the_same_for_all else phones)


async def measure(draft: Draft, fillings: Fillings) -> Measured:
    """Raises ``FieldNeedsFallback``."""
    if len(fillings.values) < IN_THREAD:
        return _measured(draft, fillings)
    return await asyncio.to_thread(_measured, draft, fillings)


def _measured(draft: Draft, fillings: Fillings) -> Measured:
    return Measured(
        fillings, text_parts.costs(draft.template, fillings.values, has_media=draft.has_media)
    )
