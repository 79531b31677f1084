"""Files as people and attackers send them."""

import base64
import io
import random
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

JPEG_MAGIC = b"\xff\xd8\xff"


def picture(kind: str = "JPEG", width: int = 60, height: int = 40, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **options)
    return out.getvalue()


def noise(kind: str, width: int, height: int, mode: str = "RGB", **options: Any) -> bytes:
    """What compresses worst."""
    pixels = random.Random(7).randbytes(width * height * len(mode))
    out = io.BytesIO()
    Image.frombytes(mode, (width, height), pixels).save(out, kind, **options)
    return out.getvalue()


def photograph(width: int = 60, height: int = 40, orientation: int = 6) -> bytes:
    """As a telephone takes it: on its side, with the place where it was."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x8825] = {1: "N", 2: (40.0, 26.0, 46.0), 3: "W", 4: (79.0, 58.0, 56.0)}
    return picture("JPEG", width, height, exif=exif, comment=b"Ada's telephone")


def moving(side: int = 40, frames: int = 3) -> bytes:
    out = io.BytesIO()
    each = [
        Image.frombytes("L", (side, side), random.Random(n).randbytes(side * side))
        for n in range(frames)
    ]
    each[0].save(out, "GIF", save_all=True, append_images=each[1:])
    return out.getvalue()


def bomb(side: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that claims to have ``side`` times ``side`` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    written = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def box(brand: bytes) -> bytes:
    """The beginning of an MP4, 3GP or MOV."""
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\2\0isom" + brand + b"\0" * 64


def film(brand: bytes, *tracks: bytes) -> bytes:
    """An MP4 or 3GP with these tracks: ``vide``, ``soun``."""
    handlers = (b"\0\0\0\x21hdlr" + b"\0" * 8 + track + b"\0" * 13 for track in tracks)
    return box(brand) + b"".join(handlers)


def archive(*names: str, first: bytes | None = None) -> bytes:
    """A zip archive with empty files of these names; ``first`` is the ``mimetype`` of one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        if first is not None:
            written.writestr("mimetype", first)
        for name in names:
            written.writestr(name, b"")
    return out.getvalue()


def office(part: str) -> bytes:
    return archive("[Content_Types].xml", part)


ODT = b"application/vnd.oasis.opendocument.text"
OFFICE = "application/vnd.openxmlformats-officedocument"
SMALL_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAA"
    "AAAAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAACUAAgAAAAACEQABAAAAAAAAAGYAAAA4aWluZgAA"
    "AAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcn"
    "AAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroC"
    "QGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm"
    "5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AA"
    "AAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAA"
    "AOY2RzYwACAAEAAQAAAJNtZGF0AAAAISgBrxmA70mlv//ihh/5rWv+v7IX//LxJ34ken/W5ENtbwAAAAZFeGlmAABN"
    "TQAqAAAACAACARIAAwAAAAEABgAAiCUABAAAAAEAAAAmAAAAAAACAAEAAgAAAAJOAAAAAAIABQAAAAMAAABEAAAAAA"
    "AAACgAAAABAAAAGgAAAAEAAAAuAAAAAQ=="
)
"""A photograph of 64 by 48 pixels, on its side, with the place where it was."""

TAKEN = {
    "image/jpeg": picture("JPEG"),
    "image/png": picture("PNG"),
    "image/gif": moving(),
    "image/bmp": picture("BMP"),
    "image/tiff": picture("TIFF"),
    "image/webp": picture("WEBP"),
    "image/heic": SMALL_HEIC,
    "video/mp4": box(b"mp42"),
    "video/3gpp": box(b"3gp5"),
    "video/quicktime": box(b"qt  "),
    "audio/mpeg": b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 64,
    "audio/mp4": box(b"M4A "),
    "audio/aac": b"\xff\xf1\x50\x80\x01\x1f\xfc" + b"\0" * 64,
    "audio/3gpp": film(b"3gp4", b"soun"),
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + b"\0" * 20,
    "audio/amr": b"#!AMR\n" + b"\x3c" * 32,
    "audio/ogg": b"OggS\0\2" + b"\0" * 64,
    "application/pdf": b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n",
    "text/vcard": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Moss\r\nEND:VCARD\r\n",
    "text/calendar": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    f"{OFFICE}.wordprocessingml.document": office("word/document.xml"),
    f"{OFFICE}.spreadsheetml.sheet": office("xl/workbook.xml"),
    f"{OFFICE}.presentationml.presentation": office("ppt/presentation.xml"),
    ODT.decode(): archive("content.xml", "META-INF/manifest.xml", first=ODT),
}
REFUSED = {
    "a page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "a page after spaces": b"\n\n  <html><body>Not found</body></html>",
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "an SVG with a prologue": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "a zip": b"PK\x03\x04" + b"\0" * 64,
    "a program of Windows": b"MZ" + b"\0" * 64,
    "a program of Linux": b"\x7fELF" + b"\0" * 64,
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "JavaScript": b"alert(document.cookie)",
    "plain text": b"Hello",
    "nothing": b"",
    "a page in a wide encoding": "<html></html>".encode("utf-16"),
    "an archive of one file": archive("notes.txt"),
    "a document with macros": archive(
        "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"
    ),
    "an applet": archive("META-INF/MANIFEST.MF", "Main.class"),
    "an OpenDocument in name only": archive("mimetype", "content.xml"),
    "half a JPEG's magic": b"\xff\xd8",
    "a JPEG in name only": JPEG_MAGIC + b"<html><script>alert(1)</script></html>",
    "a PNG cut short": picture("PNG")[:40],
    "a PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "a bomb": bomb(),
    "a smaller bomb": bomb(5_000),
}
