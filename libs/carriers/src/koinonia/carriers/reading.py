"""Tolerant reading of what carriers send: a value of an unexpected kind is a missing value.

Carriers' own examples break their own schemas, so nothing here raises except ``document`` and
``pairs``.
"""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl

import orjson

from koinonia.carriers.contract import Malformed

MOST_PARTS = 1000
MOST_FIELDS = 1000
MOST_OF_A_GROUP = 100  # telephones take 32 at the most


def document(raw: bytes) -> dict[str, object]:
    """The JSON object in ``raw``. Raises ``Malformed``."""
    try:
        value = orjson.loads(raw)
    except ValueError:
        value = _lenient(raw)
    if not isinstance(value, dict):
        raise Malformed
    return value


def _lenient(raw: bytes) -> object:
    # A byte order mark, half an emoji cut at a part's edge: real texts a strict parser refuses.
    try:
        return json.loads(raw.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise Malformed from None


def pairs(raw: bytes, errors: str = "replace") -> list[tuple[str, str]]:
    """The names and values of a form, empty ones too. Raises ``Malformed``.

    ``errors`` is for bytes that are no UTF-8; ``surrogateescape`` keeps them.
    """
    try:
        text = raw.decode("utf-8", errors)
        found = parse_qsl(text, keep_blank_values=True, errors=errors, max_num_fields=MOST_FIELDS)
    except ValueError:
        found = []
    if b"=" not in raw or not found:
        raise Malformed
    return found


def header(headers: Mapping[str, str], name: str) -> str:
    """The only value of a header, in whatever case; none or several different are no value."""
    values = {value for key, value in headers.items() if key.lower() == name}
    return values.pop() if len(values) == 1 else ""


def fields(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """A list as it is, a single value as a list of one, null as none."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def text(value: object) -> str | None:
    """A string that PostgreSQL and UTF-8 can hold: no NUL, no lone surrogate."""
    if not isinstance(value, str):
        return None
    return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def word(value: object) -> str | None:
    """A short non-empty token: an id, a status, a code (numbers count), a phone number."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    token = (text(value) or "").strip()
    return token if 0 < len(token) <= 255 else None


def group(sender: str, numbers: Iterable[str | None]) -> tuple[str, ...]:
    """All numbers that a group text went to, each once, in their order; empty where it is one."""
    found = list(dict.fromkeys(each for each in numbers if each and each != sender))
    return tuple(found[:MOST_OF_A_GROUP]) if len(found) > 1 else ()


def count(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_PARTS:
        return value
    return None


def money(value: object) -> Decimal | None:
    """A decimal from a string or a number, to six places; never negative, below a million."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return round(amount, 6) if amount.is_finite() and 0 <= amount < 10**6 else None


def seconds(value: str | None) -> float | None:
    """A span of time from a header; at most a day."""
    try:
        span = float(value or "")
    except ValueError:
        return None
    return min(span, 86_400.0) if math.isfinite(span) and span >= 0 else None


def moment(*values: object) -> datetime | None:
    """The first of ``values`` that is an ISO 8601 time, in UTC; without a zone it is UTC."""
    for value in values:
        if isinstance(value, str):
            try:
                at = datetime.fromisoformat(value)
                return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
    return None
