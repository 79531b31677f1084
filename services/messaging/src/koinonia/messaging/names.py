"""Names as they are shown, compared and sorted."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from koinonia.common import visible_text

tidy = visible_text.line
key = visible_text.key


def tidied(value: object) -> object:
    """For a validator that runs before others: a name as it is shown; anything else as it is."""
    return tidy(value) if isinstance(value, str) else value


def tidied_or_none(value: object) -> object:
    """For a validator that runs before others: as ``tidied``, and None where nothing is seen."""
    return (tidy(value) or None) if isinstance(value, str) else value


def stripped_or_none(value: object) -> object:
    """For a validator that runs before others: a text in which nothing is seen is None."""
    if isinstance(value, str):
        return None if visible_text.is_empty(value) else value.strip()
    return value


Name = Annotated[str, BeforeValidator(tidied), Field(min_length=1, max_length=100)]
