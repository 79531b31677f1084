"""Files that are no list of people, known by how they begin, so that each gets its own sentence."""

from typing import BinaryIO

from koinonia.messaging.importing.errors import ContactCards, NotAList, OldWorkbook

LOOKED_AT = 512  # bytes
_OLD_WORKBOOKS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html", b"<table", b"<!doctype", b"<?xml")
_OTHERS = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"%PDF", b"{\\rtf"),
    *(b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"ID3", b"\0\0\0\x18ftyp", b"\0\0\0\x20ftyp"),
)
_SHORT = b"BM"  # a bitmap has a zero among its next bytes, and a list may begin with "BMI"


def check(file: BinaryIO) -> None:
    """Raises ``ContactCards``, ``NotAList`` or ``OldWorkbook``."""
    file.seek(0)
    begin = file.read(LOOKED_AT)
    file.seek(0)
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"begin:vcard"):
        raise ContactCards
    if text.startswith(_OLD_WORKBOOKS):
        raise OldWorkbook
    if begin.startswith(_OTHERS) and (not begin.startswith(_SHORT) or b"\0" in begin):
        raise NotAList
