"""Area codes of the United States that have ordinary local numbers."""

import phonenumbers
from phonenumbers import PhoneNumberType

from koinonia.messaging.errors import BadAreaCode

LOCAL = (PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)


def check(area_code: str) -> None:
    """Raises ``BadAreaCode`` for what is no such code: 555, 800 (toll-free), 416 (Toronto)."""
    if not (len(area_code) == 3 and area_code.isascii() and area_code.isdigit()):
        raise BadAreaCode
    number = phonenumbers.parse(f"+1{area_code}5550100")
    region = phonenumbers.region_code_for_number(number)
    if region != "US" or phonenumbers.number_type(number) not in LOCAL:
        raise BadAreaCode(f"{area_code} is not a US area code. Give three digits, such as 202.")
