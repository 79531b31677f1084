"""Phone numbers: parsed to E.164, masked for people, sealed for storage and events."""

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from koinonia.common import crypto, errors, visible_text

PIECE = 4  # digits
_CONTEXT = b"phone"
_OTHER_CHARACTER = re.compile(r"[^\d\s+().\-\u2010-\u2015\u2212/\uff0b]")
_TOO_LONG = "The phone number has too many digits. Check it and send it again."
# A landline or a toll-free number may be enabled for texts, so only the carrier can tell.
_NEVER_TEXTED = {
    PhoneNumberType.PREMIUM_RATE: "is a premium-rate number",
    PhoneNumberType.SHARED_COST: "is a shared-cost number",
    PhoneNumberType.UAN: "is a company's access number",
    PhoneNumberType.VOICEMAIL: "is a voicemail number",
    PhoneNumberType.PAGER: "is a pager",
}


class PhoneFault(StrEnum):
    """What is wrong with what should be a phone."""

    EMPTY = "PHONE_EMPTY"
    WITH_EXTENSION = "PHONE_WITH_EXTENSION"
    WITH_SIGNS = "PHONE_WITH_SIGNS"
    TOO_SHORT = "PHONE_TOO_SHORT"
    TOO_LONG = "PHONE_TOO_LONG"
    NO_NUMBER = "PHONE_NO_NUMBER"
    UNKNOWN = "PHONE_UNKNOWN"
    NEVER_TEXTED = "PHONE_NEVER_TEXTED"


class InvalidPhone(errors.Invalid):
    """What was given is not a phone number that can be texted; the sentence says what to do."""

    def __init__(self, fault: PhoneFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


def parse(raw: str, region: str = "US") -> str:
    """The number in E.164 (``+12025550142``), read as a person in ``region`` would write it.

    ``region`` is an ISO 3166 code and matters only to numbers without a country code. Raises
    ``InvalidPhone``, whose sentence never repeats the number.
    """
    text = visible_text.bare(raw).removeprefix("tel:")
    if not text:
        raise InvalidPhone(
            PhoneFault.EMPTY, "The phone number is empty. Write it like (202) 555-0142."
        )
    number = _parsed(text, region)
    if number.extension:
        raise InvalidPhone(
            PhoneFault.WITH_EXTENSION,
            "A number with an extension cannot be texted. Give one without an extension.",
        )
    if _OTHER_CHARACTER.search(text):
        raise InvalidPhone(
            PhoneFault.WITH_SIGNS,
            "The phone number holds letters or signs. Write one number, in digits only.",
        )
    _check(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask(e164: str) -> str:
    """The number as a person may see it in a log: ``+12025550142`` is ``+1202•••••42``."""
    tail = 2 if len(e164) >= 6 else 0
    head = max(0, min(5, len(e164) - tail - 4))
    hidden = len(e164) - head - tail
    return e164[:head] + "•" * hidden + e164[head + hidden :]


def zones(e164: str) -> list[str]:
    """The IANA time zones that the number may lie in; empty when they are not known. An exchange
    of a North American area code that is not listed by itself is in all zones of its code."""
    # Imported late: the tables cost every process 10 MB, and few processes ask for zones.
    from phonenumbers import timezone

    from koinonia.common.phone import area_zones

    number = _parsed(e164, None)
    known = area_zones.zones(f"{number.country_code}{number.national_number}")
    found = known or timezone.time_zones_for_number(number)
    return [zone for zone in found if zone != "Etc/Unknown"]


@dataclass(frozen=True, slots=True)
class Phones:
    """Seals and indexes the phones of people. Both forms are text, for columns and events."""

    ring: crypto.KeyRing
    blind: crypto.BlindIndex

    @classmethod
    def from_settings(cls, phone_keys: str, index_key: str) -> Self:
        """From ``KOINONIA_PHONE_KEYS`` and ``KOINONIA_PHONE_INDEX_KEY``; raises ``BadKey``."""
        return cls(
            crypto.KeyRing.parse(phone_keys),
            crypto.BlindIndex(crypto.decode_key("KOINONIA_PHONE_INDEX_KEY", index_key)),
        )

    def seal(self, e164: str) -> str:
        """The number as base64 of a sealed value, different each time."""
        return base64.b64encode(self.ring.seal(e164.encode(), _CONTEXT)).decode("ascii")

    def open(self, sealed: str) -> str:
        """The number again; raises ``crypto.SealBroken``."""
        return self.ring.open(_unwrapped(sealed), _CONTEXT).decode()

    def index(self, church_id: UUID, e164: str) -> str:
        """The blind index of the number within a church: 64 hexadecimal digits."""
        return self.blind.digest(church_id, e164).hex()

    def ending(self, church_id: UUID, digits: str) -> int:
        """A blind index of the last digits of a number, to be compared with others of the same
        length: a number of 64 bits. It tells which phones of a church end alike."""
        # "ending" begins no number, so no ending is the beginning of the index of one.
        index = self.blind.digest(church_id, f"ending {digits}")
        return int.from_bytes(index[:8], "big", signed=True)

    def pieces(self, church_id: UUID, number: str) -> list[int]:
        """A blind index of every four digits in a row, sorted: numbers of 64 bits.

        ``number`` is a whole number in E.164 or a part of one, of four digits or more; the pieces
        of a part are among those of the whole, and so are, rarely, those of another part.

        What they tell to whoever has the table and no key: which phones of a church have four
        digits in common, and how many. The most frequent are country and area codes; from enough
        numbers a patient reader can piece likely ones together, as from no whole index. They are
        no weaker than the index against whoever has the key.
        """
        digits = "".join(filter(str.isdigit, number))
        windows = {digits[at : at + PIECE] for at in range(len(digits) - PIECE + 1)}
        return sorted(self._piece(church_id, window) for window in windows)

    def _piece(self, church_id: UUID, window: str) -> int:
        # "piece" begins no number, so no piece is the beginning of the index of one.
        index = self.blind.digest(church_id, f"piece {window}")
        return int.from_bytes(index[:8], "big", signed=True)

    def needs_rotation(self, sealed: str) -> bool:
        """Whether an older key of the ring sealed it."""
        return self.ring.needs_rotation(_unwrapped(sealed))


def _unwrapped(sealed: str) -> bytes:
    try:
        return base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise crypto.SealBroken("The value is not a sealed one.") from None


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as problem:
        if problem.error_type == phonenumbers.NumberParseException.TOO_LONG:
            raise InvalidPhone(PhoneFault.TOO_LONG, _TOO_LONG) from None
        raise InvalidPhone(
            PhoneFault.NO_NUMBER,
            "That is not a phone number. Write it like (202) 555-0142, or with + and the "
            "country code if it is from abroad.",
        ) from None


def _check(number: phonenumbers.PhoneNumber) -> None:
    length = phonenumbers.is_possible_number_with_reason(number)
    if length in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        raise InvalidPhone(
            PhoneFault.TOO_SHORT,
            "The phone number is too short. Write it with its area code, like (202) 555-0142.",
        )
    if length == ValidationResult.TOO_LONG:
        raise InvalidPhone(PhoneFault.TOO_LONG, _TOO_LONG)
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone(
            PhoneFault.UNKNOWN,
            "No such phone number exists. Check the digits, and begin with + and the country "
            "code if it is from abroad.",
        )
    if reason := _NEVER_TEXTED.get(phonenumbers.number_type(number)):
        raise InvalidPhone(
            PhoneFault.NEVER_TEXTED,
            f"This {reason}, which cannot be texted. Give a mobile number.",
        )
