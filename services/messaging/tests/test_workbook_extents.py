"""A workbook of a few kilobytes takes no memory but its own, however it writes where cells are."""

import asyncio
import io
from uuid import UUID

import pytest

from koinonia.common import db
from koinonia.common.errors import AppError
from koinonia.messaging.importing import excel_files, file_reading

from . import factories
from .workbooks import packed

CELL = "<c><v>1</v></c>"
FAR = f'<row r="1000000">{CELL}</row>'
TWICE = '<c r="A1" r="A1"><v>1</v></c>'
MANY = 4_000

HOSTILE = {
    "cells without a place, and one far below": f'<row r="1">{CELL * MANY}</row>{FAR}',
    "rows inside of rows": f"<row>{CELL}" * MANY + "</row>" * MANY + FAR,
    "ends of rows in comments": f'<row r="1">{(CELL + "<!-- </row> -->") * MANY}</row>{FAR}',
    "places in other attributes": '<row r="1">'
    + """<c s=" r='A1'"><v>1</v></c>""" * MANY
    + f"</row>{FAR}",
    "two places in one cell": f'<row r="1">{TWICE * MANY}{CELL * MANY}</row>{FAR}',
    "spaces before a place": f'<row><c r{" " * 5_000}="XFD1048576"><v>1</v></c></row>{CELL}',
    "ends of rows that did not begin": f"<row>{CELL * MANY}</row>" + "</row>" * 1_000_000 + CELL,
    "names with a prefix": f'<x:row r="1">{"<x:c><v>1</v></x:c>" * MANY}</x:row>{FAR}',
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_small_workbook_with_far_cells_is_refused(case: str) -> None:
    file = io.BytesIO(packed(f"<sheetData>{HOSTILE[case]}</sheetData>"))
    with pytest.raises(AppError) as refused:
        list(excel_files.rows(file))
    assert refused.value.code in ("BAD_WORKBOOK", "WORKBOOK_TOO_LARGE")


def test_cells_without_places_are_read() -> None:
    rows = "".join(f"<row>{CELL * 10}</row>" for _ in range(10_000))
    found = list(excel_files.rows(io.BytesIO(packed(f"<sheetData>{rows}</sheetData>"))))
    assert (len(found), found[0][1]) == (10_000, ["1"] * 10)


async def test_a_church_that_sends_many_files_lets_others_have_their_turn() -> None:
    ended: list[UUID] = []

    async def send(church_id: UUID) -> None:
        file = io.BytesIO(b"name,phone\n" + b"Ada,2025550101\n" * 2_000)
        await file_reading.read(file, church_id, db.uuid7(), factories.PHONES, {})
        ended.append(church_id)

    busy, other = db.uuid7(), db.uuid7()
    await asyncio.gather(*(send(busy) for _ in range(5)), send(other))
    assert other in ended[:2]
