"""Recognise a file by its content, never by its name, and tell whether a carrier takes it.

People text more kinds than US carriers take from us in an MMS (``SENT``). Two checks must agree:
the first bytes as we compare them, and puremagic, which knows some thousand formats and so tells
others apart; where it does not know ours, a closer look takes its place. Pillow opens an image in
addition.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import puremagic
from PIL import Image

from koinonia.media import archives

MOST_PIXELS = 16_000_000  # decoded whole: 64 MB
MOST_PIXELS_OF_JPEG = 50_000_000  # decoded at a fraction of its size; telephones make 48 million

ORIENTATION = 0x0112  # the EXIF tag
TURNED_SIDEWAYS = 5  # from this value on

# A picture of a few kilobytes may claim a million megapixels; Pillow only warns by default.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_JPEG
warnings.simplefilter("error", Image.DecompressionBombWarning)


class Kind(StrEnum):
    """The kinds that are known, as content types."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    GIF = "image/gif"
    BMP = "image/bmp"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    HEIC = "image/heic"  # made a JPEG before it is kept: few browsers show it
    MP4 = "video/mp4"
    GP3 = "video/3gpp"
    MOV = "video/quicktime"
    MP3 = "audio/mpeg"
    M4A = "audio/mp4"
    AAC = "audio/aac"
    GP3_AUDIO = "audio/3gpp"
    WAV = "audio/wav"
    AMR = "audio/amr"
    OGG = "audio/ogg"
    PDF = "application/pdf"
    VCARD = "text/vcard"
    CALENDAR = "text/calendar"
    TEXT = "text/plain"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ODT = "application/vnd.oasis.opendocument.text"

    @property
    def is_image(self) -> bool:
        return self.startswith("image/")

    @property
    def extension(self) -> str:
        """The extension of a file's name, with its dot."""
        return _EXTENSIONS.get(self) or _SIGNS[self].extensions[0]


@dataclass(frozen=True, slots=True)
class File:
    """The kind of a file; ``width`` and ``height`` are pixels of an image."""

    kind: Kind
    width: int | None = None
    height: int | None = None


class NotTaken(Exception):
    """No carrier takes it, or it is not whole. ``str()`` is a sentence for people."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """The first bytes of a kind, and the extensions by which puremagic knows it; without any it is
    not asked."""

    begins: re.Pattern[bytes]
    extensions: tuple[str, ...]


def _sign(pattern: bytes, *extensions: str) -> _Sign:
    return _Sign(re.compile(pattern, re.DOTALL), extensions)


# ISO 14496-12: the size of the first box, its type, and the brand that the file follows.
_SIGNS = {
    Kind.JPEG: _sign(rb"\xff\xd8\xff", ".jpg", ".jpeg"),
    Kind.PNG: _sign(rb"\x89PNG\r\n\x1a\n", ".png"),
    Kind.GIF: _sign(rb"GIF8[79]a", ".gif"),
    Kind.BMP: _sign(rb"BM", ".bmp"),
    Kind.TIFF: _sign(rb"II\*\x00|MM\x00\*", ".tiff", ".tif"),
    Kind.WEBP: _sign(rb"RIFF....WEBP", ".webp"),
    Kind.HEIC: _sign(rb"\x00...ftyp(hei[cxms]|hev[cxms]|mi[af]1|msf1)(?=.{0,64}he[iv][cxms])"),
    Kind.M4A: _sign(rb"\x00...ftypM4[AB] ", ".m4a"),
    Kind.GP3: _sign(rb"\x00...ftyp3g[2gprs]", ".3gp", ".3ga", ".3g2"),
    Kind.MOV: _sign(rb"\x00...ftypqt  ", ".mov"),
    Kind.MP4: _sign(rb"\x00...ftyp(iso[m2-9]|mp4[12]|avc1|M4V |MSNV|dash)", ".mp4", ".m4v"),
    Kind.AAC: _sign(rb"\xff[\xf0\xf1\xf8\xf9]", ".aac"),
    Kind.MP3: _sign(rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", ".mp3", ".mpga"),
    Kind.WAV: _sign(rb"RIFF....WAVE", ".wav"),
    Kind.AMR: _sign(rb"#!AMR(-WB)?\n", ".amr"),
    Kind.OGG: _sign(rb"OggS\x00", ".ogg"),
    Kind.PDF: _sign(rb"%PDF-[12]\.", ".pdf"),
    Kind.VCARD: _sign(rb"(?i:(?:\xef\xbb\xbf)?\s{0,9}BEGIN:VCARD\s)"),
    Kind.CALENDAR: _sign(rb"(?i:(?:\xef\xbb\xbf)?\s{0,9}BEGIN:VCALENDAR\s)"),
}
_EXTENSIONS = {
    Kind.HEIC: ".heic",
    Kind.GP3_AUDIO: ".3gp",
    Kind.VCARD: ".vcf",
    Kind.CALENDAR: ".ics",
    Kind.TEXT: ".txt",
    Kind.DOCX: ".docx",
    Kind.XLSX: ".xlsx",
    Kind.PPTX: ".pptx",
    Kind.ODT: ".odt",
}
# A film without a picture is a recording: telephones write both into the same kind of file.
_HANDLER = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)
_RECORDINGS = {Kind.MP4: Kind.M4A, Kind.GP3: Kind.GP3_AUDIO}

SENT = frozenset(Kind) - {
    *(Kind.HEIC, Kind.M4A, Kind.AAC, Kind.GP3_AUDIO),
    *(Kind.TEXT, Kind.DOCX, Kind.XLSX, Kind.PPTX, Kind.ODT),
}
"""What carriers take from us."""

_TAKEN = "JPEG, PNG, GIF, BMP, TIFF, WebP, MP4, 3GP, MOV, MP3, WAV, AMR, OGG, PDF, VCF and ICS"
_OTHER_KIND = f"Files of this kind are not taken, only {_TAKEN}."
_TOO_MANY_PIXELS = "The image has more pixels than can be sent. Make it smaller."
_PILLOW = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")


def recognised(content: bytes) -> File:
    """What the file is; raises ``NotTaken``. Takes milliseconds, so run it in a thread. A HEIC is
    not opened here."""
    if not content:
        raise NotTaken("The file is empty.")
    candidates = _candidates(content)
    for kind, sign in _SIGNS.items():
        agreed = not sign.extensions or candidates.intersection(sign.extensions)
        if agreed and sign.begins.match(content):
            return _known(content, kind)
    if content.startswith(archives.BEGIN) and (kind_of_archive := archives.content_type(content)):
        return File(Kind(kind_of_archive))
    raise NotTaken(_OTHER_KIND)


def check_sent(file: File) -> None:
    """Raises ``NotTaken`` for what carriers do not take from us."""
    if file.kind not in SENT:
        raise NotTaken(_OTHER_KIND)


def _known(content: bytes, kind: Kind) -> File:
    if kind in _RECORDINGS:
        tracks = {found[1] for found in _HANDLER.finditer(content)}
        return File(_RECORDINGS[kind] if tracks == {b"soun"} else kind)
    is_opened = kind.is_image and kind is not Kind.HEIC
    return measured(content, kind) if is_opened else File(kind)


def measured(content: bytes, kind: Kind) -> File:
    """The image with its size, as a viewer shows it; ``NotTaken`` if Pillow cannot read it."""
    with opened(content) as image:
        width, height = image.size
        # Pillow would decode all of a PNG to look for it.
        if kind is not Kind.PNG and image.getexif().get(ORIENTATION, 1) >= TURNED_SIDEWAYS:
            width, height = height, width
    with opened(content) as image:  # again, because verify() must be the first call
        image.verify()
    return File(kind, width, height)


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """The image, not decoded yet and of no more pixels than we can afford. Whatever goes wrong
    with it in the block becomes ``NotTaken``: a broken file raises nearly anything in Pillow."""
    try:
        with Image.open(io.BytesIO(content), formats=_PILLOW) as image:
            most = MOST_PIXELS_OF_JPEG if image.format in ("JPEG", "MPO") else MOST_PIXELS
            if image.width * image.height > most:
                raise NotTaken(_TOO_MANY_PIXELS)
            yield image
    except NotTaken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotTaken(_TOO_MANY_PIXELS) from None
    except Exception:
        raise NotTaken("The image is broken. Save it anew and try again.") from None


def _candidates(content: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(content)}
    except puremagic.PureError:  # it knows no such format
        return set()
