"""Requests and responses about churches, accounts and sessions."""

from datetime import datetime
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import Field

from koinonia.auth import permission_list
from koinonia.auth.accounts import Account, Registration
from koinonia.auth.authentication import SignedIn
from koinonia.auth.churches import ChurchFields, Language
from koinonia.auth.fields import (
    AsTokens,
    Email,
    Name,
    NewPassword,
    Password,
    SearchLanguage,
    Token,
    Zone,
)
from koinonia.auth.mailing.marked_addresses import EmailTrouble
from koinonia.auth.permission_list import Permission
from koinonia.auth.places import devices
from koinonia.auth.places.own_sessions import OwnSession
from koinonia.auth.strength import Fault
from koinonia.common.identity import ACCESS_LIFETIME, Role
from koinonia.common.schema import Change, Input, LeftOut, Omittable, Schema


class RegisterIn(Input):
    church_name: Name
    email: Email
    password: NewPassword
    first_name: Name | None = None
    last_name: Name | None = None
    timezone: Zone = "America/New_York"
    language: SearchLanguage = Language.ENGLISH
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


class LoginIn(Input):
    email: Email
    password: Password
    tokens: AsTokens = False


class PasswordChangeIn(Input):
    password: Password = Field(description="the present one")
    new_password: NewPassword


class PasswordForgottenIn(Input):
    email: Email


class PasswordResetIn(Input):
    token: Token = Field(repr=False)
    password: NewPassword


class PasswordCheckIn(Input):
    password: Password
    known: list[Annotated[str, Field(max_length=254)]] = Field(
        default=[],
        max_length=5,
        description="what others know of the person: address, name, church",
        examples=[["ruth@grace.example.org", "Grace Chapel"]],
    )


class PasswordCheckOut(Schema):
    fault: Fault | None = Field(
        description="`common`: among those that are guessed first; `personal`: made of what is "
        "known; null: it may be chosen"
    )


class AddressChangeIn(Input):
    email: Email
    password: Password = Field(description="the present one")


class AddressConfirmIn(Input):
    token: Token = Field(repr=False)


class RefreshTokenIn(Input):
    """How a client without cookies shows its refresh token; a browser sends none, or ``{}``."""

    refresh_token: Token | None = Field(default=None, repr=False)


class AdminOut(Schema):
    id: UUID
    email: str
    first_name: str | None
    last_name: str | None
    role: Role


class ChurchOut(Schema):
    id: UUID
    name: str = Field(examples=["Grace Chapel"])
    timezone: str = Field(examples=["America/Chicago"])
    language: Language
    is_verified: bool = Field(
        description="A mail address of an owner is known to be theirs. Before, the church gets no "
        "number and sends no broadcast."
    )


class ChurchChange(Change):
    """Only what is sent changes."""

    name: Omittable[Name] = Field(default=None, examples=["Grace Chapel"])
    timezone: Omittable[Zone] = None
    language: Omittable[SearchLanguage] = None

    def given(self) -> ChurchFields:
        return cast("ChurchFields", self.sent())


class TokensOut(Schema):
    access_token: str
    refresh_token: str
    expires_in: int = Field(description="Seconds until the access token expires.")


class AccountOut(Schema):
    admin: AdminOut
    church: ChurchOut

    @classmethod
    def from_account(cls, account: Account) -> Self:
        return cls(
            admin=AdminOut(
                id=account.admin_id,
                email=account.email,
                first_name=account.first_name,
                last_name=account.last_name,
                role=Role(account.role),
            ),
            church=ChurchOut(
                id=account.church_id,
                name=account.church_name,
                timezone=account.timezone,
                language=Language(account.language),
                is_verified=account.is_verified,
            ),
        )


class OwnAccountOut(AccountOut):
    """Who is signed in, and what they may do."""

    email_trouble: EmailTrouble | None = Field(
        description="why no mail goes to the own address, but what keeps the account safe; it ends "
        "when the address is confirmed anew or changed"
    )
    email_trouble_since: datetime | None

    permissions: list[Permission] = Field(
        description="Each operation says in `x-permission` which it takes. They are those of the "
        "access token: of a higher role they are there once it is renewed.",
        examples=[[Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WORK]],
    )

    @classmethod
    def signed_in(cls, account: Account, role: Role) -> Self:
        """``role`` is that of the access token, by which every service decides."""
        known = AccountOut.from_account(account)
        return cls(
            admin=known.admin,
            church=known.church,
            email_trouble=account.email_trouble and EmailTrouble(account.email_trouble),
            email_trouble_since=account.email_trouble_since,
            permissions=permission_list.granted(role),
        )


class DeviceOut(Schema):
    """As the client names itself, which is a claim."""

    name: str | None = Field(description="a browser or a program", examples=["Firefox"])
    system: str | None = Field(examples=["Windows"])


class SessionOut(Schema):
    id: UUID
    device: DeviceOut
    network: str | None = Field(
        description="from where: the first 24 bits of the address, of IPv6 the first 48",
        examples=["198.51.100.0/24"],
    )
    created_at: datetime
    last_used_at: datetime = Field(description="within a quarter of an hour")
    expires_at: datetime = Field(description="unless it is used before; 90 days at most")
    is_current: bool = Field(description="the one that asks")

    @classmethod
    def from_row(cls, row: OwnSession) -> Self:
        device = devices.named(row.user_agent)
        return cls(
            id=row.id,
            device=DeviceOut(name=device.name, system=device.system),
            network=row.network,
            created_at=row.created_at,
            last_used_at=row.renewed_at,
            expires_at=row.expires_at,
            is_current=row.is_current,
        )


class SignedInOut(AccountOut):
    """``tokens`` are there only when they were asked for."""

    tokens: LeftOut[TokensOut] = None
    recovery_codes: LeftOut[list[str]] = Field(
        default=None, description="of a second factor that was set up just now"
    )

    def with_tokens(self, signed_in: SignedIn) -> Self:
        self.tokens = TokensOut(
            access_token=signed_in.access_token,
            refresh_token=signed_in.refresh_token,
            expires_in=int(ACCESS_LIFETIME.total_seconds()),
        )
        return self
