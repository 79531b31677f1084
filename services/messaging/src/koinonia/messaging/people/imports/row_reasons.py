"""Why a row of a file was refused, left out, or read otherwise than it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from koinonia.common.phone import InvalidPhone, PhoneFault

SHOWN_WORDS = 60  # of a cell, in a sentence


class RowCode(StrEnum):
    """For programs, and for pages in other languages."""

    PHONE_EMPTY = PhoneFault.EMPTY
    PHONE_WITH_EXTENSION = PhoneFault.WITH_EXTENSION
    PHONE_WITH_SIGNS = PhoneFault.WITH_SIGNS
    PHONE_TOO_SHORT = PhoneFault.TOO_SHORT
    PHONE_TOO_LONG = PhoneFault.TOO_LONG
    PHONE_NO_NUMBER = PhoneFault.NO_NUMBER
    PHONE_UNKNOWN = PhoneFault.UNKNOWN
    PHONE_NEVER_TEXTED = PhoneFault.NEVER_TEXTED
    PHONE_SHORTENED = "PHONE_SHORTENED"
    PHONE_WITH_WORDS = "PHONE_WITH_WORDS"
    EXTENSION_LEFT_OUT = "EXTENSION_LEFT_OUT"
    OTHER_PHONES_LEFT_OUT = "OTHER_PHONES_LEFT_OUT"
    NAME_EMPTY = "NAME_EMPTY"
    NAME_TOO_LONG = "NAME_TOO_LONG"
    FIELD_TOO_LONG = "FIELD_TOO_LONG"
    DAY_UNREADABLE = "DAY_UNREADABLE"
    EMAIL_INVALID = "EMAIL_INVALID"
    TIMEZONE_UNKNOWN = "TIMEZONE_UNKNOWN"
    EXTERNAL_ID_INVALID = "EXTERNAL_ID_INVALID"
    EXTERNAL_ID_TWICE = "EXTERNAL_ID_TWICE"
    EXTERNAL_ID_OF_ANOTHER = "EXTERNAL_ID_OF_ANOTHER"
    CONSENT_UNCLEAR = "CONSENT_UNCLEAR"
    SURPLUS_CELLS = "SURPLUS_CELLS"
    GROUP_NAME_TOO_LONG = "GROUP_NAME_TOO_LONG"
    SAME_PERSON = "SAME_PERSON"
    NOTHING_NEW = "NOTHING_NEW"
    MEMBER_GONE = "MEMBER_GONE"


@dataclass(frozen=True, slots=True)
class Reason:
    """``sentence`` is in English; ``values`` are what a sentence of another language needs. Neither
    ever holds a phone."""

    code: RowCode
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_phone(cls, problem: InvalidPhone) -> Self:
        return cls(RowCode(problem.fault.value), problem.message)

    def with_words(self, words: str) -> Self:
        """The same with a further sentence."""
        return type(self)(self.code, self.sentence + words, self.values)


class Unusable(ValueError):
    """A row that cannot become a member."""

    def __init__(self, code: RowCode, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.reason = Reason(code, sentence, values)


EXTENSION_LEFT_OUT = Reason(
    RowCode.EXTENSION_LEFT_OUT, "The number was taken without its extension."
)
OTHER_PHONES_LEFT_OUT = Reason(
    RowCode.OTHER_PHONES_LEFT_OUT, "The cell has several phones; one of them was taken."
)
NOTHING_NEW = Reason(
    RowCode.NOTHING_NEW, "This member exists already and the row says nothing new."
)
GONE = Reason(
    RowCode.MEMBER_GONE, "This member was removed in this very moment. Import the row again."
)
SOMEBODY_ELSE = Reason(
    RowCode.EXTERNAL_ID_OF_ANOTHER,
    "Another member has this name and phone, and the external id belongs to somebody else. Merge "
    "the two members, or correct the row.",
)


def same_person(row: int) -> Reason:
    return Reason(
        RowCode.SAME_PERSON,
        f"The same person as row {row}; the groups are put together.",
        {"row": str(row)},
    )


def id_taken(row: int) -> Reason:
    return Reason(
        RowCode.EXTERNAL_ID_TWICE,
        f"Row {row} has this external id already. Give each person one of their own.",
        {"row": str(row)},
    )


def day_unreadable(field_key: str) -> Reason:
    return Reason(
        RowCode.DAY_UNREADABLE,
        f"What stands in {field_key} is no day, and was kept as it is written.",
        {"field": field_key},
    )


def shortened_phone() -> Unusable:
    return Unusable(
        RowCode.PHONE_SHORTENED,
        "A spreadsheet program shortened this phone number, and its last digits are lost. Type it "
        "in again, in a column whose format is text.",
    )


def beside_phone(words: str) -> Unusable:
    """``words`` stand beside a number, and may say that it is the wrong one."""
    shown = words[:SHOWN_WORDS]
    return Unusable(
        RowCode.PHONE_WITH_WORDS,
        f"Beside the phone number stands “{shown}”. Keep the number alone if it can be texted.",
        words=shown,
    )
