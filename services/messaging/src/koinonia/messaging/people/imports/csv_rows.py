"""The rows of a CSV file (RFC 4180, UTF-8), read in portions; a file that is none is refused with a
sentence."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from koinonia.messaging.errors import BadCsv, BadEncoding, ConsentColumn, EmptyFile, TooManyRows
from koinonia.messaging.people.imports import csv_columns, phone_cells
from koinonia.messaging.people.imports.consent_columns import Suspicion
from koinonia.messaging.people.imports.csv_columns import Layout, Wishes

MOST_ROWS = 50_000
LONGEST_ROW = 500_000  # characters
SEPARATOR = re.compile(r'\A"?sep=([,;\t|])"?,?\r?\n', flags=re.IGNORECASE)


class Said(NamedTuple):
    """What a column says of consent."""

    target: str
    head: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data. ``number`` counts as a spreadsheet does: the header is row 1."""

    number: int
    values: dict[str, str]
    fields: Mapping[str, str]  # of the church's own, by key; those that are not empty
    consents: Sequence[Said]  # what every column of consent says
    surplus: bool = False  # it has more fields than the header
    phones: Sequence[str] = ()  # all that the row has, the better ones first


class Sheet:
    """Rows of which it is known what their columns are, read a portion at a time. ``lines`` are
    numbers and cells, in whatever form they were stored; ``most`` is how many rows there may be."""

    def __init__(
        self, lines: Iterator[tuple[int, Sequence[str]]], layout: Layout, most: int = MOST_ROWS
    ) -> None:
        self._lines, self.layout, self._most = lines, layout, most
        self._rows = 0
        self._is_last_first = any(
            csv_columns.is_last_first(layout.heads[at])
            for at in layout.places.get(csv_columns.FULL_NAME, ())
        )
        self._groups = layout.places.get(csv_columns.GROUPS, ())
        self._suspicions = {
            at: Suspicion(self.layout.heads[at])
            for at in self.layout.unread
            if at not in self.layout.left_out
        }
        self._about_consent = [
            (target, at)
            for target in csv_columns.ABOUT_CONSENT
            for at in layout.places.get(target, ())
        ]

    @property
    def ignored_columns(self) -> list[str]:
        """The heads of the columns that are not read."""
        heads = (self.layout.heads[at] for at in self.layout.unread)
        return [head for head in heads if not head.startswith(f"{csv_columns.UNNAMED} ")]

    def portion(self, most: int) -> list[Row] | None:
        """Those of the next ``most`` rows that hold anything; None at the end of the file."""
        taken = list(islice(self._lines, most))
        if not taken:
            return None
        found: list[Row] = []
        for number, fields in taken:
            if any(field.strip() for field in fields):
                if self._rows == self._most:
                    raise TooManyRows
                self._rows += 1
                found.append(self._row(number, fields))
        return found

    def check_consent(self) -> None:
        """Raises ``ConsentColumn`` when a column that nobody read speaks of consent."""
        raised = [at for at, suspicion in self._suspicions.items() if suspicion.is_raised]
        if raised:
            raise ConsentColumn.named([self.layout.heads[at] for at in raised])

    def _row(self, number: int, fields: Sequence[str]) -> Row:
        for at, suspicion in self._suspicions.items():
            if at < len(fields):
                suspicion.see(fields[at])
        layout = self.layout
        cells = [phone_cells.unmarked(each.strip()) for each in fields]
        values = {name: _first(cells, places) for name, places in layout.places.items()}
        if len(self._groups) > 1:
            named = (cells[at] for at in self._groups if at < len(cells))
            values[csv_columns.GROUPS] = ";".join(filter(None, named))
        if self._is_last_first:
            whole = values[csv_columns.FULL_NAME]
            values[csv_columns.FULL_NAME] = _with_comma(whole)
        phones = [
            cells[at]
            for at in csv_columns.best_first(layout, cells)
            if at < len(cells) and cells[at]
        ]
        own = {key: cells[at] for key, at in layout.own.items() if at < len(cells) and cells[at]}
        surplus = any(fields[len(layout.heads) :])
        said = [
            Said(target, layout.heads[at], cells[at] if at < len(cells) else "")
            for target, at in self._about_consent
        ]
        return Row(number, values, own, said, surplus=surplus, phones=phones)


def _with_comma(whole: str) -> str:
    """ "Lovelace Ada" of a column that has the last name first, as "Lovelace, Ada"."""
    last, _, first = whole.partition(" ")
    return f"{last}, {first}" if first and "," not in whole else whole


def _first(cells: Sequence[str], places: Sequence[int]) -> str:
    """The first of these cells that holds anything."""
    for at in places:
        if at < len(cells) and cells[at]:
            return cells[at]
    return ""


def opened(
    data: bytes, own: Mapping[str, str] = MappingProxyType({}), wishes: Wishes | None = None
) -> Sheet:
    """A CSV file whose first line names its columns. ``own`` are those of the church's own fields
    (``custom_fields.columns``)."""
    rows = lines(_text(data))
    first = next(rows, None)
    if first is None:
        raise EmptyFile
    return Sheet(rows, csv_columns.layout(first[1], own, wishes))


def _text(data: bytes) -> str:
    if b"\0" in data:  # UTF-16, as some programs save "Unicode text"
        raise BadEncoding
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadEncoding from None
    if not text.strip():
        raise EmptyFile
    return text


class _Stream:
    """The lines of a text, as long as those of one row are not too many: the parser takes a row at
    once and stops for nobody."""

    def __init__(self, text: Iterable[str]) -> None:
        self._lines = text
        self.read = 0  # characters of this row

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.read += len(line)
            if self.read > LONGEST_ROW:
                raise csv.Error(f"it is longer than {LONGEST_ROW:,} characters")
            yield line


def lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, as long as ``text`` is a CSV file; else ``BadCsv``."""
    marked = SEPARATOR.match(text)  # a line for Excel alone, which hides it
    separator = marked[1] if marked else ","
    begin = marked.end() if marked else 0
    return read(io.StringIO(text[begin:], newline=""), separator)


def read(text: Iterable[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text that comes line by line."""
    stream = _Stream(text)
    reader = csv.reader(stream, strict=True, delimiter=separator)
    number = 0
    try:
        for number, fields in enumerate(reader, start=1):
            yield number, fields
            stream.read = 0
    except csv.Error as problem:
        raise BadCsv(
            f"Row {number + 1} cannot be read ({problem}). Put text that holds a comma or a line "
            "break in double quotes, write a quote inside it twice, and send the file again."
        ) from None
