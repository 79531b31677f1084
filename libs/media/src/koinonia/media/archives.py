"""Documents that are zip archives: which kind they are, told by the names inside.

Nothing is unpacked, so no archive is a bomb; only its list of names is read. One with macros is no
document but a program.
"""

import io
import zipfile

BEGIN = b"PK\x03\x04"
MOST_NAMES = 5_000

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MAIN_PARTS = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}.presentationml.presentation",
}
_MACROS = "vbaproject.bin"
# The first entry of an OpenDocument, not compressed: its own content type.
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_ODT_PARTS = {"content.xml", "META-INF/manifest.xml"}


def content_type(content: bytes) -> str | None:
    """The content type of a text, table or presentation; None for every other archive."""
    names = _names(content)
    if any(name.lower().endswith(_MACROS) or name.startswith("Basic/") for name in names):
        return None
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
    is_odt = content[30:].startswith(_ODT + BEGIN) and names >= _ODT_PARTS
    return "application/vnd.oasis.opendocument.text" if is_odt else None


def _names(content: bytes) -> set[str]:
    # The directory's own count of entries, so that no time goes into a long one.
    end = content.rfind(b"PK\x05\x06")
    if end < 0 or int.from_bytes(content[end + 10 : end + 12], "little") > MOST_NAMES:
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist()[:MOST_NAMES])
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError, NotImplementedError):
        return set()
