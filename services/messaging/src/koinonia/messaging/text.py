"""How a text travels: its encoding and the parts it is cut into. Pure functions.

Sources: 3GPP TS 23.038 6.2.1 (the alphabet) and TS 23.040 9.2.3.24.1 (a part of several carries a
header, and a character is never split between parts).
"""

from dataclasses import dataclass
from enum import StrEnum

MAX_PARTS = 10  # what Telnyx carries
MAX_CHARACTERS = 1600  # what both carriers take in one call

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENSION


class Encoding(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Segments:
    """``units`` are septets or UTF-16 code units; an empty text has no parts."""

    encoding: Encoding
    units: int
    parts: int
    units_per_part: tuple[int, ...]


def measure(text: str) -> Segments:
    """What ``text`` costs, exactly as given: normalise it (NFC) before, not here."""
    if _GSM.issuperset(text):
        return _cut(Encoding.GSM_7, [2 if c in _EXTENSION else 1 for c in text], 160, 153)
    return _cut(Encoding.UCS_2, [2 if c > "\uffff" else 1 for c in text], 70, 67)


def _cut(encoding: Encoding, widths: list[int], alone: int, together: int) -> Segments:
    units = sum(widths)
    if units <= alone:
        filled = [units] if units else []
    else:
        filled = [0]
        for width in widths:
            if filled[-1] + width > together:
                filled.append(0)
            filled[-1] += width
    return Segments(encoding, units, len(filled), tuple(filled))
