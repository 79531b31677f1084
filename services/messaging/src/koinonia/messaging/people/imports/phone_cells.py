"""A phone as it stands in a cell: without the marks and labels of spreadsheets and address books.

Only what is certain is taken away; everything else is left for the parser to refuse.
"""

import re

from koinonia.common import visible_text

_KIND = (
    "(?:cell(?: ?phone)?|mobile|mob|home|work|office|main|phone|ph|tel|sms|text|c|m|h|w|p|t"
    "|cel|celular|m[oó]vil|casa|trabajo|tel[eé]fono)"
)
_AFTER = re.compile(
    rf"\s*(?:\(\s*{_KIND}\s*\)|\[\s*{_KIND}\s*\]|[-–,:]?\s+{_KIND})\.?$", re.IGNORECASE
)
_BEFORE = re.compile(rf"^(?:\(\s*{_KIND}\s*\)|{_KIND}\.?\s*[:#]?)\s*(?=[+(\d])", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"^(\+?\d{10,15})\.0+$")  # what a table of numbers makes of a phone


def bare(cell: str) -> str:
    """The number alone: ``'+12025550142`` and ``202-555-0142 (cell)`` lose what is no number."""
    text = visible_text.bare(cell).removeprefix("'").strip()
    text = _AFTER.sub("", _BEFORE.sub("", text))
    whole = _WHOLE_NUMBER.match(text)
    return whole[1] if whole else text


def unmarked(cell: str) -> str:
    """A cell without ``="…"``, by which Excel is told that something is text."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"').strip()
    return cell
