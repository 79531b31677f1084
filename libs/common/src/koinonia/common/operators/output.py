"""Output and exit codes of the commands."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import typer

from koinonia.common import errors

T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    """The result of ``work``; an ``AppError`` prints its sentence and ends the process with 1."""
    try:
        return asyncio.run(work)
    except errors.AppError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns as wide as their widest cell, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    numeric = [all(isinstance(row[i], int) for row in rows) for i in range(len(headings))]

    def line(row: Sequence[str]) -> str:
        padded = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join(line(row) for row in (headings, *cells))


def instant(at: datetime | None) -> str:
    """A time as operators read it, in UTC."""
    return "unknown" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
