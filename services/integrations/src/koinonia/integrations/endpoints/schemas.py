"""Endpoints as clients see and send them."""

from datetime import datetime
from typing import Annotated, TypeVar, cast
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from koinonia.common.schema import Change, Input, Omittable, Schema
from koinonia.integrations.endpoints.addresses import MOST_CHARACTERS
from koinonia.integrations.endpoints.endpoints import Changes
from koinonia.integrations.vocabulary import (
    DisabledReason,
    EndpointState,
    WebhookKind,
    WebhookScope,
)

LONGEST_NAME = 80
Word = TypeVar("Word")


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _each_once(given: list[Word]) -> list[Word]:
    """A list in which something is twice says it once."""
    return list(dict.fromkeys(given))


Url = Annotated[
    str,
    BeforeValidator(_stripped),
    Field(
        min_length=1,
        max_length=MOST_CHARACTERS,
        description="Where webhooks are sent by POST: https, and reachable from the Internet.",
        examples=["https://example.org/koinonia"],
    ),
]
Name = Annotated[
    str,
    BeforeValidator(_stripped),
    Field(min_length=1, max_length=LONGEST_NAME, examples=["Planning Center"]),
]
Kinds = Annotated[
    list[WebhookKind],
    Field(
        min_length=1,
        max_length=len(WebhookKind),
        description="What it is told of.",
        examples=[["text.received", "consent.changed"]],
    ),
    AfterValidator(_each_once),
]
Scopes = Annotated[
    list[WebhookScope],
    Field(
        max_length=len(WebhookScope),
        description="What of people its webhooks hold besides ids: their phone, their words.",
        examples=[["phone"]],
    ),
    AfterValidator(_each_once),
]


class EndpointIn(Input):
    name: Name
    url: Url
    kinds: Kinds
    scopes: Scopes = Field(default_factory=list)


class EndpointChange(Change):
    """Only what is sent changes. An endpoint that is disabled is told of nothing."""

    name: Omittable[Name] = None
    url: Omittable[Url] = None
    kinds: Omittable[Kinds] = None
    scopes: Omittable[Scopes] = None
    state: Omittable[EndpointState] = None

    def given(self) -> Changes:
        return cast(Changes, self.sent())


class EndpointOut(Schema):
    id: UUID
    name: str
    url: str
    kinds: list[WebhookKind]
    scopes: list[WebhookScope]
    state: EndpointState
    disabled_reason: DisabledReason | None = Field(
        description="`staff`, `gone` (it answered 410) or `failing` (nothing taken for five days)."
    )
    failing_since: datetime | None = Field(
        description="When it began to take nothing; null while it takes what it is sent."
    )
    previous_secret_until: datetime | None = Field(
        description="Until then webhooks are signed with the secret before as well."
    )
    created_at: datetime
    updated_at: datetime


class NewEndpointOut(EndpointOut):
    secret: str = Field(
        description="What its webhooks are signed with, as the standardwebhooks libraries take it. "
        "It is shown this once.",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="],
    )
