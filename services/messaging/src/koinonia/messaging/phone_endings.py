"""Blind indexes of the last digits of members' phones: a search for four or seven finds them."""

import re
from typing import NamedTuple
from uuid import UUID

from koinonia.common import visible_text
from koinonia.common.phone import Phones

FOUR, SEVEN = 4, 7
_OTHER = re.compile(r"[\s().\-/\u2010-\u2015]")


class Endings(NamedTuple):
    """Columns of a member."""

    phone_last_four: int
    phone_last_seven: int


def endings(phones: Phones, church_id: UUID, number: str) -> Endings:
    """Of a number in E.164."""
    return Endings(
        phones.ending(church_id, number[-FOUR:]), phones.ending(church_id, number[-SEVEN:])
    )


def searched(text: str) -> str:
    """The digits of a search for the end of a phone; empty for any other search."""
    digits = _OTHER.sub("", visible_text.bare(text))
    is_ending = digits.isascii() and digits.isdigit() and len(digits) in (FOUR, SEVEN)
    return digits if is_ending else ""
