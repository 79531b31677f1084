"""Text that a spreadsheet shows as text, and rows of it as CSV (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def harmless(text: str) -> str:
    """A spreadsheet would carry out what begins like a formula; an apostrophe makes it text."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text


def lines(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
