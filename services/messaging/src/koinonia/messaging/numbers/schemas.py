"""Sending numbers as clients see and ask for them."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from koinonia.common.schema import Schema
from koinonia.messaging.numbers.numbers import Status


class NumberIn(Schema):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    area_code: str


class NumberOut(Schema):
    """``failure`` says why an order came to nothing."""

    id: UUID
    phone_number: str
    status: Status
    area_code: str
    failure: str | None
    ordered_at: datetime
    active_at: datetime | None
