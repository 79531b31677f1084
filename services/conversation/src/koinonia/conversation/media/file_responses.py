"""A stored file as an HTTP answer that a browser cannot be made to misread."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from koinonia.common import clock
from koinonia.common.web.keeping import entity_tags
from koinonia.conversation.media.errors import NoSuchPart
from koinonia.conversation.media.file_rows import StoredFile
from koinonia.media.kinds import Kind

INLINE = ("image/", "video/", "audio/", Kind.PDF)
CACHED_SECONDS = 3600
# Should a browser take the file for a page after all, that page may do nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
POLICY_OF_PDF = "default-src 'none'; style-src 'unsafe-inline'"  # viewers refuse one in a sandbox
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

Span = tuple[int, int]
"""From this byte up to before that one."""


def headers(file: StoredFile, expires: int) -> dict[str, str]:
    """Headers of the answer with ``file``, whose link is good until ``expires``."""
    left = max(0, expires - int(clock.now().timestamp()))
    shown = "inline" if file.content_type.startswith(INLINE) else "attachment"
    name = file.name or f"file{Kind(file.content_type).extension}"
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return {
        "Content-Type": file.content_type,
        "Content-Disposition": f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": POLICY_OF_PDF if file.content_type == Kind.PDF else POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",  # a frontend elsewhere shows it too
        "Cache-Control": f"private, max-age={min(left, CACHED_SECONDS)}, immutable",
        "ETag": etag(file),
        "Accept-Ranges": "bytes",
    }


def etag(file: StoredFile) -> str:
    return f'"{file.id}"'  # what was stored under an id never changes


def is_cached(file: StoredFile, asked: Mapping[str, str]) -> bool:
    """Whether the browser has it already."""
    return entity_tags.matches(asked.get("if-none-match", ""), etag(file))


def requested_span(file: StoredFile, asked: Mapping[str, str]) -> Span | None:
    """The part that is asked for, as a video player does; None for all of it, also where the header
    is not one range of bytes. Raises ``NoSuchPart``."""
    found = _RANGE.fullmatch(asked.get("range", ""))
    if found is None or not any(found.groups()):
        return None
    if asked.get("if-range", etag(file)) != etag(file):
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(0, file.bytes - int(last)), file.bytes
    else:
        start, stop = int(first), min(int(last) + 1 if last else file.bytes, file.bytes)
    if start >= stop:
        raise NoSuchPart
    return start, stop
