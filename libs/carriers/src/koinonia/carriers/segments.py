"""The encoding of a text, and the parts it is sent in. Pure functions.

Sources: 3GPP TS 23.038 6.2.1 (the alphabet) and TS 23.040 9.2.3.24.1 (a part of several carries a
header, and a character is never split between parts: neither an escape nor a surrogate pair).
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

MAX_PARTS = 10  # what Telnyx carries
MAX_CHARACTERS = 1600  # what both carriers take in one call

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
GSM = BASIC | EXTENSION
ESCAPE = "\x1b"

_PLAIN = "".join(sorted(filter(str.isascii, BASIC))).encode("ascii")


class Encoding(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


ROOM = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}
"""Units in the one part of a short text, and in each part of a longer one."""


@dataclass(frozen=True, slots=True)
class Segments:
    """``units`` are septets or UTF-16 code units; an empty text has no parts."""

    encoding: Encoding
    units: int
    parts: int
    units_per_part: tuple[int, ...]


def measure(text: str) -> Segments:
    """The encoding and parts of ``text`` as given; normalise it (NFC) before."""
    encoding, units = _counted(text)
    alone, together = ROOM[encoding]
    filled: tuple[int, ...]
    if units <= alone:
        filled = (units,) if units else ()
    elif units == len(text):
        whole, rest = divmod(units, together)
        filled = (together,) * whole + ((rest,) if rest else ())
    else:
        ends = _Encoded(text, encoding).ends()
        filled = tuple(end - start for start, end in pairwise([0, *ends]))
    return Segments(encoding, units, len(filled), filled)


def split(text: str) -> list[str]:
    """The parts of ``text`` as phones get them; together they are the text."""
    encoding, units = _counted(text)
    if units <= ROOM[encoding][0]:
        return [text] if text else []
    encoded = _Encoded(text, encoding)
    return [encoded.part(start, end) for start, end in pairwise([0, *encoded.ends()])]


def _counted(text: str) -> tuple[Encoding, int]:
    # Nearly all texts end at the first line, which is what makes counting for a whole church quick.
    if text.isascii() and not text.encode("ascii").translate(None, _PLAIN):
        return Encoding.GSM_7, len(text)
    if GSM.issuperset(text):
        return Encoding.GSM_7, len(text) + sum(map(text.count, EXTENSION))
    return Encoding.UCS_2, len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Encoded:
    """A text of several parts, two bytes per unit: UTF-16, or septets with their escapes."""

    def __init__(self, text: str, encoding: Encoding) -> None:
        self.together = ROOM[encoding][1]
        self.is_gsm = encoding is Encoding.GSM_7
        for letter in EXTENSION if self.is_gsm else ():
            text = text.replace(letter, ESCAPE + letter)
        self.data = text.encode("utf-16-le", "surrogatepass")

    def ends(self) -> list[int]:
        """Where each part ends, in units; one is filled before the next one begins."""
        ends, units, at = [], len(self.data) // 2, 0
        while units - at > self.together:
            at += self.together
            at -= self._splits(at)
            ends.append(at)
        return [*ends, units]

    def part(self, start: int, end: int) -> str:
        text = self.data[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        return text.replace(ESCAPE, "") if self.is_gsm else text

    def _splits(self, at: int) -> bool:
        """Whether the unit before ``at`` is the first half of a letter."""
        low, high = self.data[2 * at - 2 : 2 * at]
        return low == ord(ESCAPE) and not high if self.is_gsm else 0xD8 <= high <= 0xDB
