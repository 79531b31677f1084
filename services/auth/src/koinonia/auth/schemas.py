"""What comes in and goes out as JSON."""

import unicodedata
import zoneinfo
from functools import cache
from typing import Annotated, Any, Self
from uuid import UUID

import email_validator
from pydantic import AfterValidator, Field, StringConstraints

from koinonia.auth import passwords
from koinonia.auth.accounts import Account, Registration
from koinonia.auth.churches import Language
from koinonia.auth.signing_in import SignedIn
from koinonia.common.identity import ACCESS_LIFETIME, Role
from koinonia.common.schema import Schema

# Of the machine, not of the world: what they mean differs from one to the next.
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
Words = Annotated[
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


class RegisterIn(Schema):
    church_name: Name
    email: Email
    password: NewPassword
    first_name: Name | None = None
    last_name: Name | None = None
    timezone: Zone = "America/New_York"
    language: Words = Language.ENGLISH
    tokens: AsTokens = False

    def registration(self) -> Registration:
        return Registration(
            self.church_name,
            self.timezone,
            self.language,
            self.email,
            self.first_name,
            self.last_name,
        )


class LoginIn(Schema):
    email: Email
    password: Password
    tokens: AsTokens = False


class RefreshTokenIn(Schema):
    """How a client without cookies shows its refresh token; a browser sends none, or ``{}``."""

    refresh_token: Token | None = Field(default=None, repr=False)


class AdminOut(Schema):
    id: UUID
    email: str
    first_name: str | None
    last_name: str | None
    role: Role


class NameChange(Schema):
    """Only what is sent changes; null takes a name away."""

    first_name: Name | None = Field(default=None, examples=["Ruth"])
    last_name: Name | None = Field(default=None, examples=["Meyer"])

    def given(self) -> dict[str, Any]:
        return self.model_dump(include=self.model_fields_set)


class ChurchOut(Schema):
    id: UUID
    name: str = Field(examples=["Grace Chapel"])
    timezone: str = Field(examples=["America/Chicago"])
    language: Language


class ChurchChange(Schema):
    """Only what is sent changes."""

    name: Name | None = Field(default=None, examples=["Grace Chapel"])
    timezone: Zone | None = None
    language: Words | None = None

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class TokensOut(Schema):
    access_token: str
    refresh_token: str
    expires_in: int = Field(description="Seconds until the access token expires.")


class AccountOut(Schema):
    admin: AdminOut
    church: ChurchOut

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls(
            admin=AdminOut(
                id=account.admin_id,
                email=account.email,
                first_name=account.first_name,
                last_name=account.last_name,
                role=account.role,
            ),
            church=ChurchOut(
                id=account.church_id,
                name=account.church_name,
                timezone=account.timezone,
                language=account.language,
            ),
        )


class SignedInOut(AccountOut):
    """``tokens`` is there only when it was asked for."""

    tokens: TokensOut | None = None

    def with_tokens(self, signed_in: SignedIn) -> Self:
        self.tokens = TokensOut(
            access_token=signed_in.access_token,
            refresh_token=signed_in.refresh_token,
            expires_in=int(ACCESS_LIFETIME.total_seconds()),
        )
        return self
