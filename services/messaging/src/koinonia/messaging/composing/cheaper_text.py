"""The same text in letters that cost fewer parts (GSM-7), where they mean the same. Pure functions.

One curly quote makes a text of 160 letters cost three parts instead of one. Quotes, dashes, spaces
and accents have plain forms; emoji, other scripts, and digits such as ² or ½ carry meaning, so they
stay.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from koinonia.carriers import segments
from koinonia.common import visible_text
from koinonia.messaging.composing import template_text

GSM = segments.GSM
EMOJI_STYLE = "\ufe0f"  # after a letter or sign, makes an emoji of it
SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
BRACES = frozenset("{}")  # two of them would begin a merge field

_PLAIN = {
    "'": "‘’‚‛′‵ʼʻʹˈ`´‹›＇❛❜",
    '"': "“”„‟″‶«»＂❝❞",
    "-": "‐‑‒–—―−⁃•‣◦·∙﹘﹣－",
    "...": "…",
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
    "\u205f\u3000",
    "\n": "\u2028\u2029\u0085\v",
    "/": "⁄∕",
    "x": "×",
    "(c)": "©",
    "(R)": "®",
    "(TM)": "™",
    "->": "→",
    "<-": "←",
    "=>": "⇒",
    "<=": "≤",
    ">=": "≥",
    "l": "ł",
    "L": "Ł",
    "d": "đð",
    "D": "ĐÐ",
    "h": "ħ",
    "i": "ı",
    "oe": "œ",
    "OE": "Œ",
    "th": "þ",
    "Th": "Þ",
    "ss": "ẞ",
}
PLAIN = {letter: plain for plain, letters in _PLAIN.items() for letter in letters}


@dataclass(frozen=True, slots=True)
class Offer:
    content: str
    parts: int


def offer(content: str) -> Offer | None:
    """The plain form of ``content``, if that takes fewer parts."""
    changed = plain(content)
    parts = segments.measure(template_text.typical(changed)).parts
    before = segments.measure(template_text.typical(content)).parts
    return Offer(changed, parts) if parts < before else None


def plain(text: str) -> str:
    """``text`` with every letter in its plain form that has one."""
    letters = unicodedata.normalize("NFC", text)
    written: list[str] = []
    for letter, following in zip(letters, [*letters[1:], ""], strict=False):
        before = written[-1] if written else ""
        if not _is_idle(before, letter, following):
            written.append(letter if following == EMOJI_STYLE else _plainly(letter))
    return "".join(written)


def _is_idle(before: str, letter: str, following: str) -> bool:
    """Whether ``letter`` shows nothing where it stands, or only marks a plain letter."""
    if _is_invisible(letter):
        return GSM.issuperset(before) and (not following or _travels(following))
    is_mark = unicodedata.category(letter) == "Mn" and letter not in SELECTORS
    return is_mark and before.isalpha() and GSM.issuperset(before)


def _is_invisible(letter: str) -> bool:
    """Such letters mean something between emoji and in other scripts, and nothing between plain
    ones. A selector makes another sign of the one before it."""
    return letter not in SELECTORS and visible_text.is_invisible(letter)


def _travels(letter: str) -> bool:
    return _is_invisible(letter) or GSM.issuperset(_plainly(letter))


@lru_cache(maxsize=4096)
def _plainly(letter: str) -> str:
    if letter in PLAIN:
        return PLAIN[letter]
    if letter in GSM or unicodedata.category(letter) == "No":  # 10² is not 102
        return letter
    bare = "".join(
        PLAIN.get(each, each)
        for each in unicodedata.normalize("NFKD", letter)
        if not unicodedata.combining(each)
    )
    usable = bare and GSM.issuperset(bare) and BRACES.isdisjoint(bare)
    return bare if usable else letter
