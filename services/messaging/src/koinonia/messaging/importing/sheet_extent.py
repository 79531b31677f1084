"""What a sheet of a workbook holds, counted before a library reads it.

The library keeps a sheet as one block from its first cell to its last, so what counts is how far
the cells reach, and a process ends where there is no memory for the block. A place that is not
written follows the cell before: such cells are counted as if they came after all others. What
cannot be read for sure is refused.
"""

import re

from koinonia.messaging.importing import limits
from koinonia.messaging.importing.errors import BadWorkbook, WorkbookTooLarge

LONGEST_TEXT = 1024 * 1024  # bytes without a tag among them
_PREFIX = rb"""(?:[^\s<>/="':]+:)?"""
_ATTRIBUTES = rb"""((?:\s+[^\s<>/="']+\s*=\s*(?:"[^"'<>=]*"|'[^"'<>=]*'))*)\s*"""
_ANY = re.compile(rb"</?" + _PREFIX + rb"(?:c|row)(?=[\s/>])")
_WHOLE = re.compile(
    rb"<(/?)" + _PREFIX + rb"(c|row)" + _ATTRIBUTES + rb"(/?)>"
)  # the end, the name, the attributes, the end
_PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
_TWO_PLACES = re.compile(rb"\sr\s*=[^<]*\sr\s*=")
_CELL = re.compile(rb"([A-Za-z]{1,8})([0-9]{1,12})")
_ROW = re.compile(rb"[0-9]{1,12}")


class SheetExtent:
    """How far the cells reach of a sheet that is seen piece by piece. Raises ``BadWorkbook`` and
    ``WorkbookTooLarge``."""

    def __init__(self) -> None:
        self._rows = self._columns = 1
        self._cells = self._placed = 0
        self._ended_rows = 0
        self._in_row = self._most_in_row = 0  # cells
        self._rest = b""

    def see(self, piece: bytes) -> None:
        seen = self._rest + piece
        whole = max(seen.rfind(b"<"), 0)
        self._count(seen[:whole])
        self._rest = seen[whole:]
        if len(self._rest) > LONGEST_TEXT:
            raise WorkbookTooLarge

    def end(self) -> None:
        """There is no further piece."""
        self._count(self._rest)

    def _count(self, seen: bytes) -> None:
        found = _WHOLE.findall(seen)
        # A comment could hide tags, and UTF-16 all of them.
        if b"\0" in seen or b"<!" in seen or len(_ANY.findall(seen)) != len(found):
            raise BadWorkbook
        for closes, name, _, closed in found:
            if name == b"row" and (closes or closed):
                self._ended_rows += 1
                self._in_row = 0
            elif name == b"c" and not closes:
                self._cells += 1
                self._in_row += 1
                self._most_in_row = max(self._most_in_row, self._in_row)
        self._see_cells(_places([given for closes, name, given, _ in found if name == b"c"]))
        self._see_rows(_places([given for closes, name, given, _ in found if name == b"row"]))
        are_all_placed = self._cells == self._placed
        rows = self._rows + (0 if are_all_placed else self._ended_rows)
        columns = self._columns + (0 if are_all_placed else self._most_in_row)
        if max(rows * columns, self._cells) > limits.MOST_CELLS:
            raise WorkbookTooLarge

    def _see_cells(self, places: list[bytes]) -> None:
        self._placed += len(places)
        for each in places:
            place = _CELL.fullmatch(each)
            if place is None:
                raise BadWorkbook
            self._columns = max(self._columns, _number(place[1]))
            self._rows = max(self._rows, int(place[2]))

    def _see_rows(self, places: list[bytes]) -> None:
        for each in places:
            if not _ROW.fullmatch(each):
                raise BadWorkbook
            self._rows = max(self._rows, int(each))


def _places(attributes: list[bytes]) -> list[bytes]:
    """One of each tag at most."""
    joined = b"<".join(attributes)
    if _TWO_PLACES.search(joined):
        raise BadWorkbook
    return _PLACE.findall(joined)


def _number(column: bytes) -> int:
    """1 of ``A``, 28 of ``AB``."""
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number
