"""What the texts of a template cost, counted after the merge fields. Pure functions."""

from collections.abc import Sequence
from typing import NamedTuple

from koinonia.carriers import segments
from koinonia.messaging.composing.errors import FieldNeedsFallback
from koinonia.messaging.composing.template_text import Template, Values


class Cost(NamedTuple):
    """The cost of one text."""

    parts: int
    characters: int

    @property
    def is_too_long(self) -> bool:
        return self.parts > segments.MAX_PARTS or self.characters > segments.MAX_CHARACTERS


def cost(text: str, *, has_media: bool) -> Cost:
    """A text with media is not cut up and counts as one part."""
    return Cost(1 if has_media else segments.measure(text).parts, len(text))


def costs(template: Template, distinct: Sequence[Values], *, has_media: bool) -> list[Cost]:
    """The cost for each set of values, in their order. Raises ``FieldNeedsFallback`` with all the
    fields that have no fallback and that somebody has no value for."""
    missing = [
        name
        for at, name in enumerate(template.fields)
        if name in template.needed and any(not values[at] for values in distinct)
    ]
    if missing:
        raise FieldNeedsFallback.for_fields(missing)
    return [cost(template.render(values), has_media=has_media) for values in distinct]
