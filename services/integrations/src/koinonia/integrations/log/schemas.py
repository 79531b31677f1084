"""The log as clients see it."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from koinonia.common.schema import Input, Schema
from koinonia.integrations.calls import KEPT_CHARACTERS
from koinonia.integrations.log.deliveries import Told
from koinonia.integrations.vocabulary import DeliveryFailure, DeliveryState, WebhookKind


class DeliveryOut(Schema):
    id: UUID
    webhook_id: UUID = Field(description="`webhook-id` of the request, at every attempt.")
    kind: WebhookKind | Literal["test"] = Field(examples=["text.received"])
    occurred_at: datetime
    state: DeliveryState
    attempts: int
    status: int | None = Field(description="Of the last answer.", examples=[200])
    failure: DeliveryFailure | None = Field(
        description="Of the last attempt: `status` (none of 200 to 299), `timeout`, "
        "`unreachable`, `not_public`, `broken`; `disabled` if it was switched off while it waited."
    )
    created_at: datetime
    attempted_at: datetime | None
    next_attempt_at: datetime | None = Field(description="Null when none is to come.")


class AttemptOut(Schema):
    number: int
    attempted_at: datetime
    milliseconds: int
    status: int | None
    failure: DeliveryFailure | None
    answer: str = Field(description=f"The first {KEPT_CHARACTERS:,} characters of the answer.")


class ToldDeliveryOut(DeliveryOut):
    body: str = Field(description="Of the request, as it was signed.")
    tries: list[AttemptOut] = Field(description="The newest first, at most 100.")

    @classmethod
    def from_told(cls, told: Told) -> Self:
        return cls(
            **DeliveryOut.model_validate(told.logged).model_dump(),
            body=told.body,
            tries=[AttemptOut.model_validate(each) for each in told.attempts],
        )


class ReplayIn(Input):
    since: datetime = Field(description="Of what failed, that which was made then or later.")


class Replayed(Schema):
    deliveries: int
