"""Requests and responses about colleagues and invitations."""

from datetime import datetime
from typing import cast
from uuid import UUID

from pydantic import Field

from koinonia.auth.fields import AsTokens, Email, Name, NewPassword, Token
from koinonia.auth.mailing.marked_addresses import EmailTrouble
from koinonia.auth.team.colleagues import AdminFields
from koinonia.auth.team.invitations import Acceptance, InvitationRequest
from koinonia.common.identity import Role
from koinonia.common.schema import Change, Clearable, Input, Omittable, Schema


class ColleagueOut(Schema):
    id: UUID
    email: str = Field(examples=["ruth@grace.example.org"])
    first_name: str | None = Field(examples=["Ruth"])
    last_name: str | None = Field(examples=["Meyer"])
    role: Role
    is_active: bool = Field(description="false for somebody who was removed", examples=[True])
    last_seen_at: datetime | None = Field(
        description="when a session of theirs was last begun or renewed; "
        "null when that is more than two months ago"
    )
    email_trouble: EmailTrouble | None = Field(
        description="why no mail goes to their address: bounced, it takes none; dropped, the "
        "provider of mail sends none there; complained, they called ours spam"
    )
    email_trouble_since: datetime | None


class NameChange(Change):
    """Only what is sent changes; null takes a name away."""

    first_name: Clearable[Name] = Field(default=None, examples=["Ruth"])
    last_name: Clearable[Name] = Field(default=None, examples=["Meyer"])

    def given(self) -> AdminFields:
        return cast("AdminFields", self.sent())


class ColleagueChange(NameChange):
    """Only what is sent changes; null takes a name away."""

    role: Omittable[Role] = Field(
        default=None,
        description="none above your own; a lower one counts at once, a higher one when their "
        "access token is renewed, within 15 minutes",
        examples=["staff"],
    )


class InvitationIn(Input):
    email: Email = Field(examples=["naomi@grace.example.org"])
    role: Role = Field(description="none above your own", examples=["staff"])
    first_name: Name | None = Field(default=None, examples=["Naomi"])
    last_name: Name | None = Field(default=None, examples=["Meyer"])

    def request(self) -> InvitationRequest:
        return InvitationRequest(self.email, self.role, self.first_name, self.last_name)


class InvitationOut(Schema):
    id: UUID
    email: str = Field(examples=["naomi@grace.example.org"])
    role: Role
    first_name: str | None = Field(examples=["Naomi"])
    last_name: str | None = Field(examples=["Meyer"])
    invited_by: UUID = Field(description="an admin")
    created_at: datetime
    expires_at: datetime
    email_trouble: EmailTrouble | None = Field(
        description="why the link was not mailed; pass on the one that is shown"
    )


class InvitationMade(InvitationOut):
    """What can be read at this moment only."""

    token: str = Field(examples=["Zk3oP0pXb8mJ5vWqT1yRr6nCuE9aLd2sHgQf7iKxV4M"])
    link: str = Field(
        description="the page where it is accepted; pass it on to whom you invited. The token is "
        "in its fragment, which no server is told",
        examples=["https://koinonia.example.org/join#Zk3oP0pXb8mJ5vWqT1yRr6nCuE9aLd2"],
    )


class AcceptIn(Input):
    token: Token = Field(repr=False, examples=["Zk3oP0pXb8mJ5vWqT1yRr6nCuE9aLd2sHgQf7iKxV4M"])
    password: NewPassword
    first_name: Name | None = Field(default=None, description="else as invited", examples=["Naomi"])
    last_name: Name | None = Field(default=None, description="else as invited", examples=["Meyer"])
    tokens: AsTokens = False

    def acceptance(self) -> Acceptance:
        return Acceptance(self.token, self.first_name, self.last_name)
