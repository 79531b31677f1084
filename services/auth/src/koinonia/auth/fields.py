"""Types of JSON fields that clients send: checked, and email addresses normalized."""

import unicodedata
import zoneinfo
from functools import cache
from typing import Annotated

import email_validator
from pydantic import AfterValidator, Field, StringConstraints

from koinonia.auth import passwords
from koinonia.auth.churches import Language

# Zones of the machine: they mean something else on each.
NOT_A_PLACE = {"localtime", "Factory", "posixrules"}


def _normal_email(value: str) -> str:
    try:
        found = email_validator.validate_email(value.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        raise ValueError(f"This is not an email address: {error}") from None
    return found.normalized.lower()


def _printable(value: str) -> str:
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in value):
        raise ValueError("A name must not contain line breaks or control characters")
    return value


def _iana(value: str) -> str:
    if value not in _zones():
        raise ValueError("This is not an IANA time zone; write it like America/New_York")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - NOT_A_PLACE)


Email = Annotated[str, Field(max_length=254), AfterValidator(_normal_email)]
Zone = Annotated[
    str, AfterValidator(_iana), Field(description="an IANA name", examples=["America/Chicago"])
]
SearchLanguage = Annotated[
    Language, Field(description="how words are searched: a text search configuration of PostgreSQL")
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_printable),
]
NewPassword = Annotated[
    str, Field(min_length=passwords.SHORTEST, max_length=passwords.LONGEST, repr=False)
]
Password = Annotated[str, Field(min_length=1, max_length=passwords.LONGEST, repr=False)]
Token = Annotated[str, Field(min_length=1, max_length=100)]
AsTokens = Annotated[bool, Field(description="Answer with tokens in the body, not with cookies.")]
