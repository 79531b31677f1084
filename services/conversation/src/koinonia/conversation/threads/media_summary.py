"""How many pictures and files a line has, and of which kind: what a list shows of it.

It is kept with the line and with the thread whose newest line it is, so no list reads the files. A
carrier says what it sends before we have it; whoever fetches a file corrects that by its content.
"""

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from koinonia.common.events import conversation

MediaKind = conversation.MediaKind


@dataclass(frozen=True, slots=True)
class Summary:
    """``kind`` is None where there is no file."""

    kind: MediaKind | None
    count: int


NOTHING = Summary(None, 0)

CONTACTS = ("text/vcard", "text/x-vcard")
UNSHOWN = ("text/plain", "application/smil", "application/smil+xml")
"""Parts of a text that are no file: its words, and how a telephone would lay it out."""

_BY_GROUP = {"image": MediaKind.IMAGE, "audio": MediaKind.AUDIO, "video": MediaKind.VIDEO}


def by_types(content_types: Iterable[str | None]) -> Summary:
    """Of files with these content types; None is one that nobody knows."""
    kinds = [_kind(each) for each in content_types]
    if not kinds:
        return NOTHING
    return Summary(kinds[0] if len(set(kinds)) == 1 else MediaKind.FILE, len(kinds))


def by_declared(content_types: Iterable[str | None]) -> Summary:
    """Of parts that the carrier calls so, before we have them."""
    return by_types(filter(is_file, content_types))


def is_file(content_type: str | None) -> bool:
    """Whether a part that the carrier calls so is a file."""
    return bare(content_type) not in UNSHOWN


def by_addresses(urls: Sequence[str]) -> Summary:
    """Of public files, which we do not fetch: by how their addresses end."""
    return by_types(map(type_by_address, urls))


def type_by_address(url: str) -> str | None:
    return mimetypes.guess_type(urlsplit(url).path)[0]


def bare(content_type: str | None) -> str:
    """Without parameters, in small letters: ``text/plain`` of ``Text/Plain; charset=utf-8``."""
    return (content_type or "").partition(";")[0].strip().lower()


def _kind(content_type: str | None) -> MediaKind:
    plain = bare(content_type)
    if plain in CONTACTS:
        return MediaKind.CONTACT
    return _BY_GROUP.get(plain.partition("/")[0], MediaKind.FILE)
