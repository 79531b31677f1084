"""A phone as it stands in a cell: without the marks and labels of spreadsheets and address books.

Only what is certain is taken away. Where a cell is more than a number with its label, the numbers
in it are looked for; words beside them that may mean anything ("wrong number") refuse it.
"""

import re
from typing import NamedTuple

from koinonia.common import visible_text
from koinonia.common.files.spreadsheet_cells import FORMULA
from koinonia.common.phone import InvalidPhone
from koinonia.messaging.people.imports import row_reasons, us_numbers
from koinonia.messaging.people.imports.row_reasons import Reason

_KIND = (
    "(?:cell(?: ?phone)?|mobile|mob|home|work|office|main|phone|ph|tel|sms|text|c|m|h|w|p|t"
    "|cel|celular|m[oó]vil|casa|trabajo|tel[eé]fono|handy|mobil|privat)"
)
_AFTER = re.compile(
    rf"\s*(?:\(\s*{_KIND}\s*\)|\[\s*{_KIND}\s*\]|[-–,:]?\s+{_KIND})\.?$", re.IGNORECASE
)
_BEFORE = re.compile(rf"^(?:\(\s*{_KIND}\s*\)|{_KIND}\.?\s*[:#]?)\s*(?=[+(\d])", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"^(\+?\d{10,15})\.0+$")  # what a table of numbers makes of a phone
_POWER = re.compile(r"(\d)[.,]?(\d*)E\+?(\d{1,2})", re.IGNORECASE)  # what Excel shows of a long one
_NUMBER = re.compile(
    r"(?<![\d+])(?:\+[2-9](?:[ ().-]{0,2}\d){7,14}"
    r"|(?:\+?1[ .-]{0,3})?(?:\(\d{3}\)|\d{3})[ ./-]{0,3}\d{3}[ .-]{0,3}\d{4})(?!\d)"
)
_EXTENSION = re.compile(r"^[\s,;]{0,3}(?:extension|extn?|x|#|anexo|durchwahl)[\s.:#]{0,3}\d{1,6}\b")
_LOCAL_NUMBER = re.compile(r"(?<!\d)\d{3}[ .-]\d{4}(?!\d)")  # without an area code
_BETWEEN = re.compile(r"[,;/|\n&]|\b(?:or|and|y|o|und|oder)\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_IS_MOBILE = re.compile(r"\b(?:cell|mobile|mob|m|c|cel|celular|m[oó]vil|handy|mobil|sms|text)\b")
_PLAIN = frozenset(
    [
        *("cell", "cellphone", "mobile", "mob", "home", "work", "office", "main", "phone", "ph"),
        *("tel", "sms", "text", "c", "m", "h", "w", "p", "t", "cel", "celular", "movil", "móvil"),
        *("casa", "trabajo", "telefono", "teléfono", "handy", "mobil", "privat", "telefon"),
        *("primary", "preferred", "best", "personal", "number", "his", "her", "their", "or"),
        *("and", "y", "o", "und", "oder", "de", "of", "the", "mom", "dad", "mother", "father"),
        *("wife", "husband", "spouse", "son", "daughter", "parent", "parents", "mamá", "papá"),
        *("mama", "papa", "esposa", "esposo", "hijo", "hija", "mutter", "vater", "frau", "mann"),
    ]
)


class Reading(NamedTuple):
    """A number in E.164, and what of its cell was left out."""

    number: str
    note: Reason | None = None


def read(cell: str) -> Reading:
    """The phone of a cell. Raises ``InvalidPhone``, and ``Unusable`` where it cannot be certain."""
    text = bare(cell)
    try:
        return Reading(us_numbers.e164(text))
    except InvalidPhone as problem:
        found = _looked_for(_visible(cell))
        if found is None:
            raise problem from None
        return found


def bare(cell: str) -> str:
    """The number alone: ``'+12025550142`` and ``202-555-0142 (cell)`` lose what is no number."""
    text = _AFTER.sub("", _BEFORE.sub("", _visible(cell)))
    whole = _WHOLE_NUMBER.match(text)
    return whole[1] if whole else text


def _visible(cell: str) -> str:
    return visible_text.bare(cell).removeprefix("'").strip()


def unmarked(cell: str) -> str:
    """A cell without ``="…"`` or ``'``, by which Excel is told that something is text."""
    if cell.startswith("'") and cell[1:].lstrip().startswith(FORMULA):
        return cell[1:]
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"').strip()
    return cell


class _Found(NamedTuple):
    number: str
    label: str
    has_extension: bool


def _looked_for(text: str) -> Reading | None:
    """The number that is certain among other things; None where none is to be seen."""
    if power := _POWER.fullmatch(text):
        digits = power[1] + power[2]
        if len(digits) != int(power[3]) + 1:
            raise row_reasons.shortened_phone()
        return Reading(us_numbers.e164(digits))
    found, rest = _numbers(text[:200])
    usable = [each for each in found if each.number]
    if not usable:
        return None
    if words := _telling(rest):
        raise row_reasons.beside_phone(words)
    best = min(usable, key=lambda each: (not _IS_MOBILE.search(each.label), each.has_extension))
    if len({each.number for each in found}) > 1:
        return Reading(best.number, row_reasons.OTHER_PHONES_LEFT_OUT)
    return Reading(best.number, row_reasons.EXTENSION_LEFT_OUT if best.has_extension else None)


def _numbers(text: str) -> tuple[list[_Found], str]:
    """Every number with the words that belong to it, and the text without them. ``number`` is empty
    where there is no such one."""
    found: list[_Found] = []
    labels: list[str] = []
    at = 0
    for match in _NUMBER.finditer(text):
        if match.start() < at:
            continue
        before = text[at : match.start()]
        at = match.end()
        if extension := _EXTENSION.match(text[at:].lower()):
            at += extension.end()
        of_last, own = _apart(before) if found else ("", before)
        if found:
            found[-1] = found[-1]._replace(label=found[-1].label + of_last.lower())
        found.append(_Found(_e164(match[0]), own.lower(), extension is not None))
        labels.append(before)
    if found:
        found[-1] = found[-1]._replace(label=found[-1].label + text[at:].lower())
    return found, " ".join([*labels, text[at:]])


def _apart(between: str) -> tuple[str, str]:
    """What stands between two numbers, by the one that it belongs to."""
    sign = _BETWEEN.search(between)
    return (between[: sign.start()], between[sign.end() :]) if sign else (between, "")


def _telling(rest: str) -> str:
    """The words beside the numbers, if they may say more than whose or which phone it is."""
    rest = _LOCAL_NUMBER.sub(" ", rest)
    words = _WORD.findall(rest)
    is_known = [word.lower() in _PLAIN or word.lower().endswith(("'s", "’s")) for word in words]
    names = any(is_known) and len(words) - sum(is_known) <= 1  # "Ann cell"
    is_plain = all(
        known or (names and word.istitle() and word.lower() not in _DOUBTS)
        for known, word in zip(is_known, words, strict=True)
    )
    if is_plain and not any(letter.isdigit() for letter in rest):
        return ""
    return " ".join(words) or "?"


_DOUBTS = frozenset(
    [
        *("wrong", "not", "no", "old", "bad", "do", "dont", "don't", "disconnected", "former"),
        *("never", "stop", "invalid", "deceased", "landline", "fax", "pager", "ex", "unknown"),
        *("viejo", "malo", "equivocado", "falsch", "alt", "kein", "nicht", "nunca", "fijo"),
    ]
)


def _e164(text: str) -> str:
    try:
        return us_numbers.e164(text.replace("/", "-"))
    except InvalidPhone:
        return ""
