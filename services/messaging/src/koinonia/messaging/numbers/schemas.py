"""Sending numbers as clients see and ask for them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from koinonia.common.schema import CLEARS, Change, Input, Schema
from koinonia.messaging.names import tidied_or_none
from koinonia.messaging.numbers.numbers import NumberStatus

Label = Annotated[Annotated[str, Field(max_length=40)] | None, BeforeValidator(tidied_or_none)]


class NumberIn(Input):
    area_code: str


class NumberChange(Change):
    """``label``: what the number is for; null takes it away."""

    label: Annotated[Label, CLEARS] = Field(examples=["Youth"])


class NumberOut(Schema):
    """``failure`` says why an order came to nothing."""

    id: UUID
    phone_number: str
    label: str | None
    status: NumberStatus
    area_code: str
    failure: str | None
    ordered_at: datetime
    active_at: datetime | None
