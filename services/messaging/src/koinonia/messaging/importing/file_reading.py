"""A file becomes parts that can be kept: read row by row, so that its size takes no memory."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, islice
from typing import BinaryIO
from uuid import UUID
from weakref import WeakValueDictionary

from koinonia.common import visible_text
from koinonia.common.phone import Phones
from koinonia.messaging.importing import (
    column_guesses,
    csv_files,
    excel_files,
    file_kinds,
    limits,
    stored_parts,
)
from koinonia.messaging.importing.column_guesses import Column
from koinonia.messaging.importing.errors import (
    CellTooLong,
    ImportTooLong,
    NoRows,
    TooManyColumns,
)
from koinonia.messaging.importing.stored_parts import Line
from koinonia.messaging.people.imports import csv_columns

_turn = asyncio.Semaphore(1)  # one file at a time in a process, however many are sent
_turns = WeakValueDictionary[UUID, asyncio.Semaphore]()
"""By church: one of its files waits among those of others, however many it sends."""


class ImportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(slots=True)
class Read:
    """A file that was read. ``columns`` are as a job shows them; ``first_row`` is the number of the
    row that names them, or of the first person where none does."""

    format: ImportFormat
    first_row: int
    has_head: bool
    rows: int = 0
    columns: list[dict[str, object]] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list, repr=False)


async def read(
    file: BinaryIO,
    church_id: UUID,
    job_id: UUID,
    phones: Phones,
    own: Mapping[str, str],
    filename: str = "",
) -> Read:
    """``own`` are the columns of the church's own fields. Raises what ``csv_files`` and
    ``excel_files`` do, and what a limit is called."""
    async with _turns.setdefault(church_id, asyncio.Semaphore(1)), _turn:
        await asyncio.to_thread(file_kinds.check, file)
        is_workbook = await asyncio.to_thread(excel_files.is_workbook, file)
        rows = _filled(excel_files.rows(file) if is_workbook else csv_files.rows(file))
        head = await asyncio.to_thread(next, rows, None)
        if head is None:
            raise NoRows
        has_head = await asyncio.to_thread(column_guesses.is_head, head[1])
        columns = _columns(head[1], has_head=has_head)
        kind = ImportFormat.XLSX if is_workbook else ImportFormat.CSV
        found = Read(kind, head[0], has_head, rows=-int(has_head))
        rows = chain([head], rows)
        while part := await asyncio.to_thread(_part, rows, columns, found, job_id, phones):
            found.parts.append(part)
        if not found.rows:
            raise NoRows
        found.columns = await asyncio.to_thread(_shown, columns, own, filename, has_head=has_head)
        return found


def read_anew(
    lines: Sequence[Line],
    before: Sequence[Mapping[str, object]],
    own: Mapping[str, str],
    filename: str,
    *,
    has_head: bool,
) -> list[dict[str, object]]:
    """The columns of a file whose first row is taken for the other thing than ``before``: from its
    first part, and how filled they are from all. Slow (CPU)."""
    head = lines[0][1]
    columns = _columns(head, has_head=has_head)
    for _, cells in lines[int(has_head) :]:
        for column, cell in zip(columns, cells, strict=False):
            column.see(cell.strip())
    change = -1 if has_head else 1  # of what is filled in the whole file
    for at, (column, known) in enumerate(zip(columns, before, strict=True)):
        there = at < len(head) and bool(head[at].strip())
        column.filled = int(str(known["filled"])) + (change if there else 0)
    return _shown(columns, own, filename, has_head=has_head)


def _filled(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Line]:
    """Rows that hold anything."""
    for number, cells in rows:
        if len(cells) > limits.MOST_COLUMNS:
            while cells and not cells[-1].strip():
                cells.pop()
            if len(cells) > limits.MOST_COLUMNS:
                raise TooManyColumns
        if any(cell and not cell.isspace() for cell in cells):
            yield number, cells


def _columns(first: list[str], *, has_head: bool = True) -> list[Column]:
    names = [visible_text.line(each)[:200] if has_head else "" for each in first]
    return [Column(each or f"{csv_columns.UNNAMED} {at}") for at, each in enumerate(names, 1)]


def _part(
    rows: Iterator[Line], columns: list[Column], found: Read, job_id: UUID, phones: Phones
) -> bytes | None:
    is_first = not found.parts  # which has the row that names the columns beside the others
    lines = list(islice(rows, limits.ROWS_OF_A_PART + (is_first and found.has_head)))
    if not lines:
        return None
    found.rows += len(lines)
    if found.rows > limits.MOST_ROWS:
        raise ImportTooLong
    for number, cells in lines:
        for at, cell in enumerate(cells):
            if len(cell) > limits.LONGEST_CELL:
                raise CellTooLong.at(number, at + 1)
            if at < len(columns) and not (found.has_head and number == found.first_row):
                columns[at].see(cell.strip())
    return stored_parts.sealed(phones, job_id, lines)


def _shown(
    columns: list[Column], own: Mapping[str, str], filename: str, *, has_head: bool
) -> list[dict[str, object]]:
    for column in columns:
        column.end()
    found = column_guesses.guesses(columns, own, filename)
    if not has_head:
        found = column_guesses.with_names(columns, found)
    return [
        {
            "head": each.head,
            "looksLike": each.looks_like,
            "filled": each.filled,
            "speaksOfConsent": each.suspicion.is_raised or guess.target is None,
            "to": guess.target,
            "field": guess.field,
            "system": guess.system,
            "dayOrder": each.days.order if each.has_days else None,
            "asksDayOrder": each.has_days and each.days.is_open,
        }
        for each, guess in zip(columns, found, strict=True)
    ]
