"""CSV files as spreadsheet programs write them: UTF-8, UTF-16 or Windows-1252, with commas,
semicolons, tabs or bars between the cells."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from koinonia.messaging.importing.errors import BadTextEncoding
from koinonia.messaging.people.imports import csv_rows

SEPARATORS = ",;\t|"
SPACE = " \r\n"
MOST_BLANK = 1_000  # lines before the head
PIECE = 1024 * 1024
LONGEST_HEAD = 100_000  # characters that are looked at to find the separator


def rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, the head is 1. Raises ``BadTextEncoding`` and ``BadCsv``."""
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        first = text.readline(LONGEST_HEAD)
        if marked := csv_rows.SEPARATOR.match(first):  # a line for Excel alone, which hides it
            yield from csv_rows.read(_checked(text), marked[1])
        else:
            yield from _rows(first, text)
    finally:
        text.detach()  # closing the file is not ours


def _rows(first: str, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    blank = 0
    while first and not first.strip(SPACE) and blank < MOST_BLANK:
        blank += 1
        first = text.readline(LONGEST_HEAD)
    for number, cells in csv_rows.read(_whole(first, text), separator(first)):
        yield number + blank, cells


def separator(head: str) -> str:
    """What stands between the cells of the first line most often, outside of quotes."""
    outside = "".join(head.split('"')[::2])
    return max(SEPARATORS, key=lambda sign: (outside.count(sign), -SEPARATORS.index(sign)))


def _whole(first: str, text: io.TextIOWrapper) -> Iterator[str]:
    if "\0" in first:
        raise BadTextEncoding
    if not first.endswith(("\n", "\r")):  # the head was cut
        first += text.readline(csv_rows.LONGEST_ROW)
    yield first
    yield from _checked(text)


def _checked(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(csv_rows.LONGEST_ROW + 1):
        if "\0" in line:
            raise BadTextEncoding
        yield line


def _encoding(file: BinaryIO) -> str:
    """The first of those that fit. Nearly every file is Windows-1252, too, so it comes last."""
    file.seek(0)
    begin = file.read(4)
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _fitting(file, "utf-16")
    try:
        return _fitting(file, "utf-8-sig")
    except BadTextEncoding:
        return _fitting(file, "cp1252")


def _fitting(file: BinaryIO, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise BadTextEncoding from None
    file.seek(0)
    return encoding
