"""Text by what can be seen of it: what is empty, what is the same, and what can be stored.

Characters that show nothing (zero-width spaces, marks of direction, soft hyphens, fillers) come
along when text is copied from a web page or a spreadsheet, and some are sent on purpose.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

_SHOWS_NOTHING = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode 15 (DerivedCoreProperties.txt), the marks of interlinear
annotation and the blank pattern of Braille, as the inside of a class of ``re``."""

_INVISIBLE = re.compile(f"[{_SHOWS_NOTHING}]")
_BLANK = re.compile(rf"[\s\x00-\x1f\x7f-\x9f{_SHOWS_NOTHING}]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # no tab, no line break
_LONE_HALF = re.compile(r"[\ud800-\udfff]")
_JOINERS = "\u200c\u200d"
_SELECTORS = re.compile(r"[\u180b-\u180f\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")
_KEYCAP = "\u20e3"


def is_invisible(letter: str) -> bool:
    """Whether the character shows nothing and takes no room."""
    return _INVISIBLE.match(letter) is not None


def is_empty(text: str) -> bool:
    """Whether a reader sees nothing: spaces, controls and invisible characters alone."""
    return _BLANK.fullmatch(text) is not None


def bare(text: str) -> str:
    """``text`` without any invisible character, on one line, with single spaces. For what programs
    read: phone numbers, heads of columns, words of a closed list."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", text)).split())


def line(text: str) -> str:
    """``text`` as it is shown on one line: NFC, single spaces, no controls, and invisible
    characters only where they mean something (inside emoji, and in scripts that join letters)."""
    if text.isascii() and text.isprintable():  # nearly all of an import, and ten times faster
        return " ".join(text.split())
    seen = "".join(_seen(_CONTROL.sub(" ", unicodedata.normalize("NFC", text))))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def written(text: str) -> str:
    """``text`` of several lines as it is kept: NFC, without controls."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def key(*parts: str) -> str:
    """What ``parts`` have in common in any case, with or without accents and invisible characters:
    "José  ROJAS" and "jose rojas" are one."""
    joined = " ".join(parts)
    if joined.isascii() and joined.isprintable():
        return " ".join(joined.split()).casefold()
    joined = line(joined)
    if joined.isascii():
        return joined.casefold()
    bared = unicodedata.normalize("NFKD", joined)
    letters = "".join(letter for letter in bared if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFKC", letters.casefold()).split())


def obstacle(text: str) -> str | None:
    """Why ``text`` cannot be stored or sent on, as a sentence; None when it can."""
    if "\0" in text:
        return "Text must not contain the character U+0000. Remove it."
    if not text.isascii() and _LONE_HALF.search(text):
        return "Text holds half of a character (a surrogate). Remove it."
    return None


def storable(text: str) -> str:
    """``text`` with a question mark in the place of what cannot be stored."""
    return text if obstacle(text) is None else _LONE_HALF.sub("?", text).replace("\0", "?")


def _seen(text: str) -> Iterator[str]:
    before = ""
    for at, letter in enumerate(text):
        following = text[at + 1 : at + 2]
        if not is_invisible(letter) or _means_something(before, letter, following):
            yield letter
            before = letter


def _means_something(before: str, letter: str, following: str) -> bool:
    if letter in _JOINERS:
        return before not in _JOINERS and _is_joined(before) and _is_joined(following)
    if not _SELECTORS.match(letter):
        return False
    return _is_joined(before) or before in ("©", "®") or following == _KEYCAP


def _is_joined(letter: str) -> bool:
    """Whether the character may be part of an emoji or of a script that uses joiners. Latin, Greek
    and Cyrillic do not."""
    if letter < "\u0590" or "\u1e00" <= letter < "\u2000" or letter.isspace():
        return False
    return not is_invisible(letter) or _SELECTORS.match(letter) is not None


Written = Annotated[str, AfterValidator(written)]
