"""Which sets of values cost the same, so that 100,000 different names need not be measured one by
one.

A value in plain letters takes one unit for each, in both encodings and wherever it stands, so of
such a value only the length counts. Any other counts as what it is. The shape of a set of values
is written by the database: a text that is equal for sets that cost the same.
"""

import unicodedata

from koinonia.messaging.composing.template_text import Template

_PLAIN = "[-A-Za-z0-9.,'']"
_LENGTH = f"""
    CASE WHEN {{value}} COLLATE "C" ~ '^{_PLAIN}+( {_PLAIN}+)*$'
         THEN CAST(length({{value}}) AS text) ELSE {{value}} END"""


def of(template: Template) -> str:
    """SQL for the shape of the column ``merge_values``."""
    if _is_mixed(template):
        return "CAST(merge_values AS text)"
    values = [f"merge_values[{place}]" for place in range(1, len(template.fields) + 1)]
    lengths = ", ".join(_LENGTH.format(value=value) for value in values)
    return f"CAST(CAST(ARRAY[{lengths}] AS text[]) AS text)"


def _is_mixed(template: Template) -> bool:
    """Whether a letter of the text would become one with the last one of a value."""
    texts = [piece for piece in template.pieces if isinstance(piece, str)]
    return any(unicodedata.combining(text[0]) for text in texts if text)
