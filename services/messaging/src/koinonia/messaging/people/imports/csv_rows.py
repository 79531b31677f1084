"""The rows of a CSV file (RFC 4180, UTF-8); a file that is none is refused with a sentence."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from koinonia.messaging.composing import custom_fields
from koinonia.messaging.errors import BadCsv, BadEncoding, BadHeader, EmptyFile, TooManyRows

MOST_ROWS = 50_000
COLUMNS = {
    "firstname": "firstName",
    "lastname": "lastName",
    "phone": "phone",
    "email": "email",
    "groups": "groups",
    "consent": "consent",
    "timezone": "timezone",
}
REQUIRED = ("firstname", "phone")
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data. ``number`` counts as a spreadsheet does: the header is row 1."""

    number: int
    values: dict[str, str]
    fields: Mapping[str, str]  # of the church's own, by key; those that are not empty
    surplus: bool = False  # it has more fields than the header


def rows(data: bytes, own: Mapping[str, str] = MappingProxyType({})) -> list[Row]:
    """All rows that hold anything. Values are stripped; a missing column or field is empty. ``own``
    are the columns of the church's own fields (``custom_fields.columns``)."""
    lines = _lines(_text(data))
    first = next(lines, None)
    if first is None:
        raise EmptyFile
    header, own_header = _header(first[1]), _own_header(first[1], own)
    found: list[Row] = []
    for number, fields in lines:
        if not any(field.strip() for field in fields):
            continue
        if len(found) == MOST_ROWS:
            raise TooManyRows
        values = {name: fields[at].strip() for name, at in header.items() if at < len(fields)}
        own_values = {
            key: value
            for key, at in own_header.items()
            if at < len(fields) and (value := fields[at].strip())
        }
        found.append(Row(number, values, own_values, surplus=any(fields[len(first[1]) :])))
    return found


def _text(data: bytes) -> str:
    if not data.strip():
        raise EmptyFile
    if b"\0" in data:  # UTF-16, as some programs save "Unicode text"
        raise BadEncoding
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadEncoding from None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, fields in enumerate(reader, start=1):
            yield number, fields
    except csv.Error as problem:
        raise BadCsv(
            f"Row {number + 1} cannot be read ({problem}). Put text that holds a comma or a line "
            "break in double quotes, write a quote inside it twice, and send the file again."
        ) from None


def _header(fields: Sequence[str]) -> dict[str, int]:
    """Where each of our columns is."""
    named = [_column(field) for field in fields]
    missing = [COLUMNS[name] for name in REQUIRED if name not in named]
    if missing:
        raise BadHeader(_missing(missing, fields), details={"missing": missing})
    twice = [COLUMNS[name] for name in COLUMNS if named.count(name) > 1]
    if twice:
        raise _twice(twice[0])
    return {name: named.index(name) for name in COLUMNS if name in named}


def _own_header(fields: Sequence[str], own: Mapping[str, str]) -> dict[str, int]:
    """Where each of the church's own fields is, named by key or by label."""
    places: dict[str, int] = {}
    for at, head in enumerate(fields) if own else ():
        key = own.get(custom_fields.column(head))
        if key in places:
            raise _twice(key)
        if key:
            places[key] = at
    return places


def _twice(column: str) -> BadHeader:
    return BadHeader(f"The column {column} is there twice. Keep one and send it again.")


def _column(field: str) -> str:
    return "".join(letter for letter in field.lower() if letter not in " _-\t")


def _missing(missing: Sequence[str], fields: Sequence[str]) -> str:
    if len(fields) == 1:
        for separator, name in OTHER_SEPARATORS.items():
            if separator in fields[0]:
                return f"The columns are separated by {name}. Save the file with commas instead."
    which = f"columns {' and '.join(missing)} are" if len(missing) > 1 else f"{missing[0]} is"
    return (
        f"In the first line {which} missing. It must be like firstName,lastName,phone,email,groups."
    )
