"""The files of the built pages, read once at the start: path → bytes, in each encoding.

A request is answered from this table alone, never from the disk, so there is no path by which it
could reach another file.
"""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from koinonia.common.web.keeping.entity_tags import weak
from koinonia.gateway.pages.policy import POLICY

INDEX = "/index.html"
ASSETS = "/assets/"

FOREVER = b"public, max-age=31536000, immutable"
ASK_EACH_TIME = b"no-cache"  # may be kept, and is asked for: 304 while it is the same

_HASHED = re.compile(r"/assets/[\w.-]+-[\w-]{8,}\.[a-z0-9]+")
"""Vite writes the hash of a file's content into its name: another content has another address."""

_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}
_PACKED_INSIDE = frozenset({"png", "webp", "woff2"})
_WORTH_PACKING = 256  # bytes; below it the headers cost more than is saved
_BROTLI = ".br"  # what the build has compressed lies beside its file

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class File:
    """One file: its tag, and an answer for each encoding that it has, the smallest first."""

    tag: str
    forms: tuple[tuple[str, bytes, Headers], ...]

    @classmethod
    def made(cls, path: str, body: bytes, brotli: bytes | None = None) -> Self:
        kind = path.rpartition(".")[2]
        forms = [("", body)]
        if kind not in _PACKED_INSIDE and len(body) >= _WORTH_PACKING:
            forms.insert(0, ("gzip", gzip.compress(body, 9, mtime=0)))
        if brotli is not None:
            forms.insert(0, ("br", brotli))
        tag = weak(body)
        always = _headers(path, kind, tag)
        return cls(tag, tuple((name, data, _of_form(always, name, data)) for name, data in forms))

    @property
    def body(self) -> bytes:
        return self.forms[-1][1]

    def form(self, accepted: str) -> tuple[bytes, Headers]:
        """The smallest form among the encodings that ``Accept-Encoding`` allows."""
        names = _allowed(accepted)
        data, headers = next(
            (data, headers) for name, data, headers in self.forms if not name or name in names
        )
        return data, headers


def is_hashed(path: str) -> bool:
    """Whether the content of this address can never change."""
    return _HASHED.fullmatch(path) is not None


def read(folder: Path) -> Mapping[str, File]:
    """Every file below ``folder`` by the path that it is asked for under; none where there is no
    index. What begins with a dot is the build's own."""
    if not (folder / "index.html").is_file():
        return {}
    return {
        f"/{each.relative_to(folder).as_posix()}": _read(folder, each)
        for each in sorted(folder.rglob("*"))
        if each.is_file() and each.suffix != _BROTLI and not _is_the_builds_own(folder, each)
    }


def _is_the_builds_own(folder: Path, path: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _read(folder: Path, path: Path) -> File:
    packed = path.with_name(path.name + _BROTLI)
    brotli = packed.read_bytes() if packed.exists() else None
    return File.made(f"/{path.relative_to(folder).as_posix()}", path.read_bytes(), brotli)


def _headers(path: str, kind: str, tag: str) -> Headers:
    media_type = _TYPES.get(kind, "application/octet-stream")
    return (
        (b"content-type", media_type.encode()),
        (b"cache-control", FOREVER if is_hashed(path) else ASK_EACH_TIME),
        (b"etag", tag.encode()),
        (b"vary", b"Accept-Encoding"),
        (b"content-security-policy", POLICY.encode()),
    )


def _of_form(always: Headers, encoding: str, data: bytes) -> Headers:
    length = (b"content-length", str(len(data)).encode())
    encoded = ((b"content-encoding", encoding.encode()),) if encoding else ()
    return (*always, *encoded, length)


def _allowed(accepted: str) -> frozenset[str]:
    """The encodings in ``Accept-Encoding``, those with ``q=0`` left out."""
    parts = (part.replace(" ", "").lower().partition(";") for part in accepted.split(","))
    return frozenset(
        name for name, _, weight in parts if not re.fullmatch(r"q=0(\.0*)?", weight) and name
    )
