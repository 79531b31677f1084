"""Whether a password may be chosen: decided here, for every door where one is.

What many people choose, rows of keys, repetitions, dates and what is known of the person are
guessed first (NIST SP 800-63B, 3.1.1.2). zxcvbn ships the lists and estimates after how many
guesses a password falls; fewer than ``FEWEST`` are too few (ADR 0047).
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from zxcvbn_rs_py import zxcvbn

from koinonia.auth.errors import PersonalPassword, WeakPassword

SHORTEST, LONGEST = 10, 200  # characters
FEWEST = 10**8  # guesses; zxcvbn calls what takes fewer somewhat guessable
LOOKED_AT = 24  # characters: a sentence shows itself by then, and the time grows with the square
MOST_KNOWN = 60  # words
PRODUCT = "koinonia"

_WORD = re.compile(r"\w+")


class Fault(StrEnum):
    """Why a password may not be chosen."""

    COMMON = "common"  # it is among what is guessed first
    PERSONAL = "personal"  # it is made of what is known of the person


def check(password: str, *known: str | None) -> None:
    """Raise ``WeakPassword`` where the password may not be chosen. ``known`` is what others know of
    the person: address, name, church."""
    match fault(password, *known):
        case Fault.PERSONAL:
            raise PersonalPassword
        case Fault.COMMON:
            raise WeakPassword


def fault(password: str, *known: str | None) -> Fault | None:
    """What is wrong with the password, if anything; its length is checked by its field."""
    texts = [text.casefold() for text in (*known, PRODUCT) if text]
    folded = password.casefold()
    if _joined(folded) in {_joined(text) for text in texts}:
        return Fault.PERSONAL
    beginning = folded[:LOOKED_AT]
    if _guesses(password[:LOOKED_AT], []) < FEWEST:
        return Fault.COMMON
    return Fault.PERSONAL if _guesses(beginning, _words(texts)) < FEWEST else None


def _guesses(password: str, known: list[str]) -> int:
    return zxcvbn(password, known).guesses


def _words(texts: Iterable[str]) -> list[str]:
    """What somebody would try who knows these texts: each as a whole, joined, and word by word."""
    found: dict[str, None] = {}
    for text in texts:
        parts = [text, _joined(text), *text.split("@"), *_WORD.findall(text)]
        found |= dict.fromkeys(part[:LOOKED_AT] for part in parts if len(part) > 2)
    return list(found)[:MOST_KNOWN]


def _joined(text: str) -> str:
    return "".join(_WORD.findall(text))
