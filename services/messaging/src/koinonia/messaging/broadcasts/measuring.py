"""What each text of a draft costs once it is filled in. Plans and messages count with this alone,
so the price that is shown is the price that is reserved."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from koinonia.messaging.broadcasts import drafts
from koinonia.messaging.broadcasts.drafts import Draft
from koinonia.messaging.composing import parts
from koinonia.messaging.composing.merging import Values
from koinonia.messaging.composing.parts import Cost

IN_THREAD = 500  # so many texts take 10 ms, which is as long as others should wait


@dataclass(frozen=True, slots=True)
class Filling:
    """The same values for so many phones; ``key`` is how the database writes them."""

    values: Values
    key: str | None
    phones: int


async def costs(draft: Draft, fillings: Sequence[Filling]) -> list[Cost]:
    """The cost of one text of each filling, in their order. Raises ``FieldNeedsFallback``."""
    distinct = [filling.values for filling in fillings]
    if len(distinct) < IN_THREAD:
        return parts.each(draft.template, distinct, has_media=draft.has_media)
    return await asyncio.to_thread(parts.each, draft.template, distinct, has_media=draft.has_media)


def check(fillings: Sequence[Filling], found: Sequence[Cost]) -> None:
    """Raises ``TextTooLong`` if anybody's text is; what they are called stays out of it."""
    long = [pair for pair in zip(fillings, found, strict=True) if pair[1].is_too_long]
    if long:
        phones = sum(filling.phones for filling, _ in long)
        is_same_for_all = fillings[0].key is None
        raise drafts.too_long(max(cost for _, cost in long), 0 if is_same_for_all else phones)
