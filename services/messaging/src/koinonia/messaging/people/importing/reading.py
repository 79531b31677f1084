"""A CSV file (RFC 4180, UTF-8) as rows; what keeps it from being one is said in words."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    surplus: bool = False  # it has more fields than the header


def rows(data: bytes) -> list[Row]:
    """All rows that hold anything. Values are stripped; a missing column or field is empty."""
    lines = _lines(_text(data))
    first = next(lines, None)
    if first is None:
        raise EmptyFile
    header = _header(first[1])
    found: list[Row] = []
    for number, fields in lines:
        if not any(field.strip() for field in fields):
            continue
        if len(found) == MOST_ROWS:
            raise TooManyRows
        values = {name: fields[at].strip() for name, at in header.items() if at < len(fields)}
        found.append(Row(number, values, surplus=any(fields[len(first[1]) :])))
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
        raise BadHeader(f"The column {twice[0]} is there twice. Keep one and send it again.")
    return {name: named.index(name) for name in COLUMNS if name in named}


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
