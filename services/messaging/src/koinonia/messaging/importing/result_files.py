"""What became of the rows of an import, as CSV: streamed, a part in each transaction."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from koinonia.common.files import spreadsheet_cells
from koinonia.common.files.spreadsheet_cells import harmless
from koinonia.messaging.importing import stored_parts
from koinonia.messaging.importing.jobs import Job
from koinonia.messaging.importing.stored_parts import Line, PartResult, RowResult
from koinonia.messaging.running import Running

REFUSED, KEPT = "refused", "kept"
ADDED = ("row", "reason")
MARK = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252, and José comes back as JosÃ©


async def refused(running: Running, job: Job) -> AsyncIterator[str]:
    """The rows that were refused as they are in the file, with number and reason. It can be
    corrected and imported again: the two columns that are added are left out then."""
    async for part in _pieces(running, job, REFUSED):
        yield part


async def kept(running: Running, job: Job) -> AsyncIterator[str]:
    """The rows of which something could not be undone, and why."""
    async for part in _pieces(running, job, KEPT):
        yield part


async def _pieces(running: Running, job: Job, which: str) -> AsyncIterator[str]:
    heads = [harmless(str(each["head"])) for each in job.columns]
    yield MARK + spreadsheet_cells.lines([(*heads, *ADDED)])
    for number in range(job.parts):
        async with running.export_turn:
            lines, result = await _part(running, job.church_id, job.id, number)
        if result and (piece := _piece(lines, result, len(heads), which)):
            yield piece


async def _part(
    running: Running, church_id: UUID, job_id: UUID, number: int
) -> tuple[Sequence[Line], PartResult | None]:
    async with running.database.transaction(church_id, bulk=True) as session:
        return await stored_parts.both(session, running.phones, job_id, number)


def _piece(lines: Sequence[Line], result: PartResult, width: int, which: str) -> str:
    cells = dict(lines)
    rows = [
        (*map(harmless, _exactly(cells[each.row], width)), str(each.row), reason)
        for each in result.rows
        if (reason := _reason(each, which))
    ]
    return spreadsheet_cells.lines(rows)


def _exactly(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *("" for _ in range(width - len(cells)))]


def _reason(row: RowResult, which: str) -> str | None:
    if which == KEPT:
        return row.kept
    return row.reason if row.outcome == "failed" else None
