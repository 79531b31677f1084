"""Types of JSON fields that clients send: checked, and email addresses normalized."""

import re
import zoneinfo
from functools import cache
from typing import Annotated

import email_validator
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from koinonia.auth import strength
from koinonia.auth.churches import Language
from koinonia.common import visible_text

# Zones of the machine: they mean something else on each.
LINE_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
NOT_A_PLACE = {"localtime", "Factory", "posixrules"}


def normal_email(value: str) -> str:
    """The address in its one form; raises ``ValueError`` for what is none."""
    try:
        found = email_validator.validate_email(value.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        raise ValueError(f"This is not an email address: {error}") from None
    return found.normalized.lower()


def _on_one_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    if LINE_BREAK.search(value.strip()):
        raise ValueError("A name must not contain line breaks or control characters")
    return visible_text.line(value)


def _iana(value: str) -> str:
    if value not in _zones():
        raise ValueError("This is not an IANA time zone; write it like America/New_York")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - NOT_A_PLACE)


Email = Annotated[
    str, Field(max_length=254, json_schema_extra={"format": "email"}), AfterValidator(normal_email)
]
Zone = Annotated[
    str,
    AfterValidator(_iana),
    Field(
        description="an IANA name",
        examples=["America/Chicago"],
        json_schema_extra={"pattern": "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"},
    ),
]
SearchLanguage = Annotated[
    Language, Field(description="how words are searched: a text search configuration of PostgreSQL")
]
Name = Annotated[
    str,
    BeforeValidator(_on_one_line),
    StringConstraints(min_length=1, max_length=100),
    Field(description="on one line"),
]
NewPassword = Annotated[
    str, Field(min_length=strength.SHORTEST, max_length=strength.LONGEST, repr=False)
]
# As long as one could be chosen before 200 was the most.
Password = Annotated[str, Field(min_length=1, max_length=256, repr=False)]
Token = Annotated[str, Field(min_length=1, max_length=100)]
AsTokens = Annotated[bool, Field(description="Answer with tokens in the body, not with cookies.")]
