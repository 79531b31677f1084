"""Workbooks of Excel (.xlsx): the rows of the first sheet that holds any.

A workbook is a zip, so a small one may unpack to anything; and the library keeps a sheet as one
block from its first cell to its last, so two cells in far corners may take all memory. What it gets
was unpacked here under a bound and put together anew, without compression, after a look at where
the cells are. Its own reading meets nothing larger than what we counted.
"""

import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from koinonia.messaging.importing import limits
from koinonia.messaging.importing.errors import BadWorkbook, WorkbookTooLarge
from koinonia.messaging.importing.sheet_extent import SheetExtent

ZIP = b"PK\x03\x04"
MOST_FILES = 1_000
PIECE = 1024 * 1024
NEEDED = ("[Content_Types].xml", "_rels/", "xl/_rels/", "xl/worksheets/sheet", "xl/workbook")
SHARED = ("xl/sharedStrings", "xl/styles")
Cell = (
    int
    | float
    | str
    | bool
    | datetime.time
    | datetime.date
    | datetime.datetime
    | datetime.timedelta
)


def is_workbook(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(len(ZIP)) == ZIP


def rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers as the sheet counts them. Raises ``BadWorkbook`` and
    ``WorkbookTooLarge``."""
    import python_calamine  # a megabyte, and few files are workbooks

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(_bounded(file))
        sheets = (workbook.get_sheet_by_name(name) for name in workbook.sheet_names)
        sheet = next((each for each in sheets if each.start is not None), None)
        if sheet is None:
            return
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, [_text(each) for each in cells]
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, EOFError):
        raise BadWorkbook from None


def _bounded(file: BinaryIO) -> io.BytesIO:
    packed = io.BytesIO()
    left = limits.MOST_UNPACKED
    file.seek(0)
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(packed, "w") as made:
        infos = [each for each in given.infolist() if each.filename.startswith(NEEDED + SHARED)]
        if len(infos) > MOST_FILES:
            raise WorkbookTooLarge
        for info in infos:
            if info.flag_bits & 1:  # encrypted
                raise BadWorkbook
            extent = SheetExtent()  # the workbook says which of them are sheets
            with given.open(info) as member, made.open(info.filename, "w") as copy:
                while piece := member.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise WorkbookTooLarge
                    extent.see(piece)
                    copy.write(piece)
            extent.end()
    packed.seek(0)
    return packed


def _text(cell: Cell) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.date() | datetime.time():
            return cell.isoformat()
        case _:
            return str(cell)
